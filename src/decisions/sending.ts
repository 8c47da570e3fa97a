import * as z from "zod";
import { BEHAVIOUR_FAMILIES } from "../segments/behaviour/families";
import { parseDuration } from "../shared/duration";
import { openingInput } from "../shared/opening";
import type { CapRules } from "./caps";
import { LONGEST_CAP } from "./caps";
import { CHANNEL_KEYS } from "./channel";
import type { SmsBudget } from "./sms-budget";
import { isBudgeted } from "./sms-budget";
import type { WindowRules } from "./window";

const MOST_CAPS = 40;
const levels = BEHAVIOUR_FAMILIES.flatMap(({ key, levels: of }) => of.map((level) => `${key}.${level.key}`));

/** `family.segment` of what contacts do, such as `email_activity.slowing`. */
const levelInput = z.string().refine((text) => levels.includes(text), "is no level such as email_activity.slowing");

const within = z
  .string()
  .refine((text) => parseDuration(text) !== null, "is not an ISO 8601 duration such as PT16H or P7D")
  .refine((text) => {
    const ms = parseDuration(text);
    return ms === null || (ms > 0 && ms <= LONGEST_CAP);
  }, "must be more than nothing and at most 31 days");

const capInput = z.strictObject({
  channel: z.enum([...CHANNEL_KEYS, "all"]),
  count: z.number().int().min(0).max(1_000),
  within,
  level: levelInput.optional(),
});

const factorInput = z.strictObject({ level: levelInput, factor: z.number().min(0.1).max(10) });

const hoursInput = openingInput.extend({ holidays: z.enum(["skip", "include"]).default("skip") });

const windowsInput = z.strictObject({
  on: z.boolean(),
  channels: z.array(z.enum(CHANNEL_KEYS)).max(10),
  countries: z
    .record(z.string().regex(/^[A-Z]{2}$/, "is not a country such as FR"), hoursInput)
    .refine((all) => Object.keys(all).length <= 100, "names more than 100 countries"),
  rest: hoursInput,
  transactional: openingInput.nullable(),
});

/** When and how often messages may leave, as a shop states it. */
const budgetInput = z.strictObject({
  hour: z.number().int().min(0).max(10_000_000).nullable(),
  country: z.number().int().min(0).max(10_000_000).nullable(),
  countries: z
    .record(z.string().regex(/^[A-Z]{2}$/, "is not a country such as FR"), z.number().int().min(0).max(10_000_000))
    .refine((all) => Object.keys(all).length <= 100, "names more than 100 countries"),
});

/** Above what a shop texts on a busy day, and a bill that can be borne (case K06). */
const SMS_BUDGET: z.output<typeof budgetInput> = { hour: 20_000, country: 5_000, countries: {} };
const NO_BUDGET: z.output<typeof budgetInput> = { hour: null, country: null, countries: {} };

export const sendingInput = z.strictObject({
  caps: z.array(capInput).max(MOST_CAPS),
  factors: z.array(factorInput).max(10),
  /** After a marketing message none leaves on any channel for so long: one occasion is one message. Null for no such time. */
  moment: within.nullable(),
  windows: windowsInput,
  /** Countries whose numbers are written to; null for all. */
  sms_countries: z
    .array(z.string().regex(/^[A-Z]{2}$/, "is not a country such as FR"))
    .max(250)
    .nullable(),
  /** Text messages within an hour: in all, to any one country, and to those that are named. Above it they wait. */
  sms_budget: budgetInput.default(SMS_BUDGET),
  /** Under this age in years, marketing needs somebody else's consent. */
  minimum_age: z.number().int().min(0).max(21),
  brake: z.strictObject({
    /** Shares of a mailbox provider's messages of the last 7 days above which marketing to it waits. */
    complaints: z.number().min(0).max(1),
    bounces: z.number().min(0).max(1),
    /** Below so many messages, shares say nothing. */
    least: z.number().int().min(1).max(1_000_000),
  }),
});

export type SendingSettings = z.output<typeof sendingInput>;
export type StatedSending = z.input<typeof sendingInput>;

const day = { days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const, from: "08:00", to: "20:00" };
const everyDay = { ...day, days: [...day.days], holidays: "include" as const };

/** What a shop begins with (mission §9.1 and §9.3). */
export const DEFAULT_SENDING: SendingSettings = {
  caps: [
    { channel: "email", count: 1, within: "PT16H" },
    { channel: "email", count: 4, within: "P7D" },
    { channel: "email", count: 12, within: "P30D" },
    { channel: "sms", count: 1, within: "PT24H" },
    { channel: "sms", count: 2, within: "P7D" },
    { channel: "sms", count: 4, within: "P30D" },
    { channel: "push", count: 1, within: "PT24H" },
    { channel: "push", count: 4, within: "P7D" },
    { channel: "all", count: 2, within: "PT24H" },
    { channel: "all", count: 5, within: "P7D" },
    { channel: "email", count: 1, within: "P7D", level: "email_activity.slowing" },
    { channel: "email", count: 1, within: "P30D", level: "email_activity.inactive" },
    { channel: "email", count: 1, within: "P30D", level: "email_activity.dormant" },
  ],
  factors: [{ level: "engagement.very_engaged", factor: 1.5 }],
  moment: "PT1H",
  windows: {
    on: true,
    channels: ["sms", "push", "wallet"],
    countries: {
      FR: { ...day, days: ["mon", "tue", "wed", "thu", "fri", "sat"], holidays: "skip" },
      BR: { ...everyDay, to: "21:00" },
      KZ: { ...everyDay, from: "09:00", to: "22:00" },
    },
    rest: everyDay,
    transactional: null,
  },
  sms_countries: null,
  sms_budget: SMS_BUDGET,
  minimum_age: 15,
  brake: { complaints: 0.003, bounces: 0.05, least: 200 },
};

/** Nothing held back: what the local demo shop begins with. */
export const OPEN_SENDING: SendingSettings = {
  ...DEFAULT_SENDING,
  caps: [],
  factors: [],
  moment: null,
  sms_budget: NO_BUDGET,
  windows: { ...DEFAULT_SENDING.windows, on: false },
};

/** Hours beyond which no marketing message may ring in France (mission §9.3), whatever a shop states. */
const FRENCH = { from: "08:00", to: "22:00" } as const;

/** What is wrong with settings whose form is right, by the place in them. */
export function sendingFaults({
  windows: { on, countries, rest },
}: SendingSettings): { pointer: string; detail: string }[] {
  const { from, to } = countries["FR"] ?? rest;
  const isWithin = from >= FRENCH.from && to <= FRENCH.to && from < to;
  if (!on || isWithin) return [];
  const pointer = countries["FR"] ? "/windows/countries/FR" : "/windows/rest";
  return [{ pointer, detail: "France allows no marketing message that rings before 08:00 or after 22:00" }];
}

/** The same in the form in which gate and permit go by it: times in ms, the moment as one more cap. */
export interface SendingRules extends CapRules {
  readonly windows: WindowRules | null;
  readonly minimumAge: number;
  readonly smsCountries: readonly string[] | null;
  /** Null where nothing is counted. */
  readonly smsBudget: SmsBudget | null;
}

/** What settings come to. */
export function rulesOf(settings: SendingSettings): SendingRules {
  const { caps, factors, moment, windows, minimum_age, sms_countries, sms_budget } = settings;
  const { on, ...hours } = windows;
  const stated = caps.map(({ within: span, ...cap }) => ({ ...cap, withinMs: parseDuration(span) ?? 0 }));
  const span = moment === null ? null : parseDuration(moment);
  const one = span === null ? [] : [{ channel: "all", count: 1, withinMs: span, isMoment: true }];
  const others = {
    minimumAge: minimum_age,
    smsCountries: sms_countries,
    smsBudget: isBudgeted(sms_budget) ? sms_budget : null,
  };
  return { caps: [...one, ...stated], factors, windows: on ? hours : null, ...others };
}
