import * as z from "zod";
import { metricsOf } from "../commerce/order";
import { attributeName } from "../segments/conditions/contact";
import type { Facts } from "../segments/facts";
import { dayAfter } from "../segments/local-day";
import type { Rule } from "../segments/rule";
import { zoneOf } from "../segments/zone";
import { DAY } from "../shared/clock";
import { sinceMidnight, timeOfDay } from "../shared/opening";
import { localDate, momentAt } from "../shared/wall-time";
import type { Run } from "./state";

const MOST_DAYS = 3_650;

/** When on a date, or on how many days before (negative) or after it. */
const timing = {
  offset_days: z.number().int().min(-MOST_DAYS).max(MOST_DAYS).default(0),
  at: timeOfDay.default("09:00"),
  /** Whose clocks: the contact's, or the shop's for everybody. */
  tz: z.enum(["contact", "shop"]).default("contact"),
};
/** Where a 29 February comes round in a year that has none. */
const feb29 = z.enum(["feb28", "mar1"]).default("feb28");
const round = { yearly: z.boolean().default(false), feb29, ...timing };

/** The dates that are known of a contact. A birth date comes round every year. */
export const birthDate = z.strictObject({ field: z.literal("birth_date"), feb29, ...timing });
export const attributeDate = z.strictObject({ field: z.literal("attribute"), name: attributeName, ...round });
export const momentDate = z.strictObject({ field: z.enum(["first_order", "last_order", "created"]), ...round });
/** When points run out that are not spent. */
export const pointsDate = z.strictObject({ field: z.literal("points_expire"), ...timing });
/** A day that somebody chose. */
const fixedDate = z.strictObject({
  field: z.literal("fixed"),
  on: z.iso.date("is not a date such as 2026-02-28"),
  at: timing.at,
  tz: timing.tz,
});
/** A property of the event that began the run. */
const eventDate = z.strictObject({ field: z.literal("event"), property: z.string().min(1).max(80), ...round });

/** The last moment of the coupon that the run was given. */
const couponDate = z.strictObject({ field: z.literal("coupon_end"), ...timing });

export const dateExpression = z.discriminatedUnion("field", [
  birthDate,
  attributeDate,
  momentDate,
  pointsDate,
  fixedDate,
  eventDate,
  couponDate,
]);

export type DateExpression = z.output<typeof dateExpression>;
export type DateField = DateExpression["field"];
type About = Run["about"];

/** A time at which something falls: `key` is its year where it comes round, else its date. */
export interface Occasion {
  readonly key: string;
  /** Epoch ms. */
  readonly at: number;
}

export type Stated = string | number | null;
type Source<Field extends DateField> = (
  expression: Extract<DateExpression, { field: Field }>,
  facts: Facts,
  about: About,
) => Stated | readonly Stated[];

const placed =
  (which: "firstOrderAt" | "lastOrderAt") =>
  (_expression: unknown, { commerce, shop }: Facts): Stated =>
    metricsOf(commerce.orders, shop.currency)[which];

/** What is known of each field: a date, a moment in ISO 8601, or epoch ms. */
const SOURCES: { readonly [Field in DateField]: Source<Field> } = {
  birth_date: (_expression, { profile }) => profile.birthDate,
  attribute: ({ name }, { profile }) =>
    Object.hasOwn(profile.attributes, name) ? textOf(profile.attributes[name]) : null,
  first_order: placed("firstOrderAt"),
  last_order: placed("lastOrderAt"),
  created: (_expression, { profile }) => profile.createdAt,
  points_expire: (_expression, { rows }) =>
    (rows?.["loyalty_lots"] ?? []).flatMap(({ points, expires }) => (Number(points) > 0 ? (expires ?? null) : [])),
  fixed: ({ on }) => on,
  coupon_end: (_expression, _facts, about = {}) => lastDayOf(about["coupon_until"]),
  event: ({ property }, _facts, about = {}) => (Object.hasOwn(about, property) ? textOf(about[property]) : null),
};

/** What ends at midnight was over on the day before. */
function lastDayOf(until: unknown): string | null {
  const at = typeof until === "string" ? Date.parse(until) : Number.NaN;
  return Number.isNaN(at) ? null : new Date(at - 1).toISOString();
}

const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** The dates that an expression speaks of, as they are known of a contact. */
export function statedBy(expression: DateExpression, facts: Facts, about?: About): readonly Stated[] {
  const source = SOURCES[expression.field] as Source<DateField>;
  return [source(expression as never, facts, about)].flat();
}

/** What has to be read of a contact for its dates to be known. */
export function datesAsk({ field }: Pick<DateExpression, "field">): readonly Rule[] {
  return field === "points_expire" ? [{ type: "loyalty.points", op: "gte", value: 1 }] : [];
}

/** By whose calendar an expression is read. */
export function zoneFor({ tz }: DateExpression, contact: Parameters<typeof zoneOf>[0]): string {
  return tz === "shop" ? contact.shop.zone : zoneOf(contact);
}

export function isYearly(expression: DateExpression): boolean {
  return expression.field === "birth_date" || ("yearly" in expression && expression.yearly);
}

/** The first time from `from` on (epoch ms) that a date falls, as it is known of a contact; null where it never does. */
export function nextOccasion(expression: DateExpression, facts: Facts, from: number, about?: About): Occasion | null {
  const stated = statedBy(expression, facts, about);
  return occasions(expression, stated, zoneFor(expression, facts), from).find(({ at }) => at >= from) ?? null;
}

/** The times within (after, until] that dates fall, of what is known as `stated`. */
export function occasionsWithin(
  expression: DateExpression,
  stated: readonly Stated[],
  zone: string,
  { after, until }: { readonly after: number; readonly until: number },
): readonly Occasion[] {
  return occasions(expression, stated, zone, after).filter(({ at }) => at > after && at <= until);
}

/** When dates fall around a moment, in their order: each date once, or each year where it comes round. */
function occasions(
  expression: DateExpression,
  stated: readonly Stated[],
  zone: string,
  around: number,
): readonly Occasion[] {
  const days = new Set(stated.flatMap((one) => dayOf(one, zone) ?? []));
  return [...days].flatMap((day) => timesOf(expression, day, zone, around)).sort((one, other) => one.at - other.at);
}

function timesOf(expression: DateExpression, day: string, zone: string, around: number): readonly Occasion[] {
  const offset = "offset_days" in expression ? expression.offset_days : 0;
  const momentOn = (date: string): number =>
    momentAt(Date.parse(`${dayAfter(date, offset)}T00:00:00Z`) + sinceMidnight(expression.at), zone);
  if (!("feb29" in expression) || !isYearly(expression)) return [{ key: day, at: momentOn(day) }];
  const year = Number(localDate(around - offset * DAY, zone).slice(0, 4));
  const begins = Number(day.slice(0, 4)) + (STARTS_LATER.includes(expression.field) ? 1 : 0);
  const first = Math.max(begins, year - 1);
  return [first, first + 1, first + 2].map((one) => ({
    key: String(one),
    at: momentOn(anniversaryIn(one, day, expression.feb29)),
  }));
}

/** What has happened is celebrated from the year after it on; a date to come, when it comes. */
const STARTS_LATER: readonly DateField[] = ["birth_date", "first_order", "last_order", "created"];

/** The day on which a date comes round in a year. */
function anniversaryIn(year: number, day: string, leapDay: "feb28" | "mar1"): string {
  const same = `${year}-${day.slice(5)}`;
  if (!same.endsWith("-02-29") || isDay(same)) return same;
  return leapDay === "feb28" ? `${year}-02-28` : `${year}-03-01`;
}

/** The calendar day that something states: a moment is one of the zone's days, what names no zone is read as it stands. */
function dayOf(stated: Stated, zone: string): string | null {
  if (typeof stated === "number") return localDate(stated, zone);
  if (stated === null) return null;
  const [, day = "", time = "", offset = ""] = ISO.exec(stated) ?? [];
  if (!isDay(day)) return null;
  if (offset === "") return day;
  const at = Date.parse(`${day}T${time}${offset}`);
  return Number.isNaN(at) ? null : localDate(at, zone);
}

const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/i;

function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text;
}
