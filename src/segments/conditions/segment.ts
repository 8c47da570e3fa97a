import * as z from "zod";
import { AT } from "../collection";
import { members, transitions } from "../collections/membership";
import type { Compilation, Moment } from "../compile";
import { number } from "../compile";
import { condition } from "../condition";
import { atLeast } from "../counted";
import type { Cell, Facts, Row } from "../facts";
import { hinted } from "../hint";
import { dayAfter, momentOf } from "../local-day";
import { readOf } from "../read";
import type { Reader } from "../reader";
import { chosenRows, overRows } from "../rows";
import { momentInWords, quoted, shown } from "../shown";
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
      begun: true,
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

/** The last moment of what is asked for, epoch ms: nothing of the future counts. */
function momentAsked(at: string, { now, shop }: Moment): number {
  return Math.min(now, at.length === 10 ? momentOf(dayAfter(at, 1), shop.zone) - 1 : Date.parse(at));
}

/** The last transition within a family until a moment. */
function lastUntil({ rows }: Facts, { segment, family = segment }: Params, at: number): Row | undefined {
  const before = (rows?.[transitions.key] ?? []).filter((row) => row["family"] === family && Number(row[AT]) <= at);
  return before.toSorted((left, right) => Number(right[AT]) - Number(left[AT]))[0];
}

function wasInSql({ segment, family = segment }: Params, at: number, c: Compilation): string {
  const own = `g.family = ${c.bind(family)} AND g.contact = c.id AND g.at <= ${number(at)}`;
  return `(SELECT g.to_segment FROM segment_transitions g WHERE ${own} ORDER BY g.at DESC LIMIT 1) = ${c.bind(segment)}`;
}

function named(family: string, segment: string, reader: Reader): string {
  return quoted(reader.segment(family, segment)?.[reader.language] ?? segment, reader.language);
}

function words({ segment, family = segment, at, ...rest }: Params, reader: Reader): string {
  const { language } = reader;
  const name = named(family, segment, reader);
  if (at !== undefined) {
    const when = momentInWords(at, reader);
    return language === "fr" ? `était dans ${name} le ${when}` : `was in ${name} on ${when}`;
  }
  const entered = describeWindow(rest, reader);
  if (entered === "") return language === "fr" ? `est dans ${name}` : `is in ${name}`;
  return language === "fr"
    ? `est entré dans ${name}${entered} et y est toujours`
    : `came into ${name}${entered} and is still in it`;
}

/** Which segment of a family somebody is in, or was in at the moment that is asked about, and since when. */
function foundIn(facts: Facts, asked: Params, moment: Moment): { segment: string; since: Cell } | null {
  const { segment: of, family = of, at } = asked;
  const isNow = at === undefined;
  const row = isNow
    ? facts.rows?.[members.key]?.find((one) => one["family"] === family)
    : lastUntil(facts, asked, momentAsked(at, moment));
  const segment = row?.[isNow ? "segment" : "to"] ?? null;
  return row && typeof segment === "string" ? { segment, since: row[AT] ?? null } : null;
}

/** Whether somebody is in a segment, since when, or was at some time. */
export const segment = condition({
  title: { en: "Is in a segment", fr: "Est dans un segment" },
  params,
  describe: words,
  test: (facts, asked, moment) =>
    asked.at === undefined
      ? chosenRows(members, chosen(asked), facts, moment).length > 0
      : lastUntil(facts, asked, momentAsked(asked.at, moment))?.["to"] === asked.segment,
  sql: (asked, c) =>
    asked.at === undefined
      ? overRows(members, chosen(asked), atLeast(1), c)
      : wasInSql(asked, momentAsked(asked.at, c), c),
  found(facts, asked, moment, reader) {
    const found = foundIn(facts, asked, moment);
    if (!found) return reader.language === "fr" ? "dans aucun" : "in none";
    const { segment: of, family = of } = asked;
    return `${named(family, found.segment, reader)} (${shown("time", found.since, reader)})`;
  },
  reads: ({ at }) => [readOf(members), ...(at === undefined ? [] : [readOf(transitions)])],
  weight: 6,
  example: { family: "rfm", segment: "champions", before: "P30D" },
});
