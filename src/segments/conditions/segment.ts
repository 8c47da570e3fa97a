import * as z from "zod";
import type { Language } from "../../shared/language";
import { AT } from "../collection";
import { members, transitions } from "../collections/membership";
import type { Compilation, Moment } from "../compile";
import { number } from "../compile";
import { condition } from "../condition";
import { atLeast } from "../counted";
import type { Facts } from "../facts";
import { hinted } from "../hint";
import { dayAfter, momentOf } from "../local-day";
import { shown } from "../operators";
import { readOf } from "../read";
import { chosenRows, overRows } from "../rows";
import { timeText } from "../time-operators";
import { describeWindow, windowShape } from "../window";

const segmentKey = () => z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$/, "is not the key of a segment");

const params = z
  .strictObject({
    segment: hinted(segmentKey(), { words: { en: "Segment", fr: "Segment" }, source: "segment" }),
    /** The partition that it is one part of; a simple segment is a family by itself. */
    family: hinted(segmentKey().optional(), {
      words: { en: "of the family", fr: "de la famille" },
      source: "family",
    }),
    ...windowShape,
    /** In it at a moment, or at the end of a day of the shop. */
    at: hinted(timeText.optional(), { words: { en: "at a moment", fr: "à un moment" } }),
  })
  .refine(({ at, within, before, between }) => at === undefined || !(within ?? before ?? between), {
    path: ["at"],
    message: "goes with no span of time",
  });

type Params = z.output<typeof params>;

function chosen({ segment, family = segment, within, before, between }: Params) {
  const is = (field: string, value: string) => ({ field, op: "is", value });
  return { within, before, between, where: [is("family", family), is("segment", segment)] };
}

/** The last moment of what is asked for, epoch ms. */
function momentAsked(at: string, { shop }: Moment): number {
  return at.length === 10 ? momentOf(dayAfter(at, 1), shop.zone) - 1 : Date.parse(at);
}

function wasIn({ rows }: Facts, { segment, family = segment }: Params, at: number): boolean {
  const before = (rows?.[transitions.key] ?? []).filter((row) => row["family"] === family && Number(row[AT]) <= at);
  const last = before.toSorted((left, right) => Number(right[AT]) - Number(left[AT]))[0];
  return last?.["to"] === segment;
}

function wasInSql({ segment, family = segment }: Params, at: number, c: Compilation): string {
  const own = `g.family = ${c.bind(family)} AND g.contact = c.id AND g.at <= ${number(at)}`;
  return `(SELECT g.to_segment FROM segment_transitions g WHERE ${own} ORDER BY g.at DESC LIMIT 1) = ${c.bind(segment)}`;
}

function words({ segment, at, ...rest }: Params, language: Language): string {
  if (at !== undefined)
    return language === "fr" ? `était dans « ${segment} » le ${at}` : `was in “${segment}” at ${at}`;
  const entered = describeWindow(rest, language);
  if (entered === "") return language === "fr" ? `est dans « ${segment} »` : `is in “${segment}”`;
  return language === "fr" ? `est entré dans « ${segment} »${entered}` : `came into “${segment}”${entered}`;
}

/** Whether somebody is in a segment, since when, or was at some time. */
export const segment = condition({
  title: { en: "Is in a segment", fr: "Est dans un segment" },
  params,
  describe: words,
  test: (facts, asked, moment) =>
    asked.at === undefined
      ? chosenRows(members, chosen(asked), facts, moment).length > 0
      : wasIn(facts, asked, momentAsked(asked.at, moment)),
  sql: (asked, c) =>
    asked.at === undefined
      ? overRows(members, chosen(asked), atLeast(1), c)
      : wasInSql(asked, momentAsked(asked.at, c), c),
  found(facts, { segment: asked, family = asked }, _moment, language) {
    const row = facts.rows?.[members.key]?.find((one) => one["family"] === family);
    if (!row) return language === "fr" ? "dans aucun" : "in none";
    return `${row["segment"]} (${shown("time", row[AT] ?? null, language)})`;
  },
  reads: ({ at }) => [readOf(members), ...(at === undefined ? [] : [readOf(transitions)])],
  weight: 6,
  example: { family: "rfm", segment: "champions", before: "P30D" },
});
