import * as z from "zod";
import { durationInWords, durationMs } from "../shared/duration";
import type { Language } from "../shared/language";
import type { Moment } from "./compile";
import { number } from "./compile";
import { hinted } from "./hint";
import { dayAfter, momentOf } from "./local-day";
import { dayText, durationText } from "./time-operators";

/** A span of past time: `within` the last so long, `before` so long ago, or `between` two days of the shop, both in it. */
export const windowShape = {
  within: hinted(durationText.optional(), { words: { en: "in the last", fr: "depuis" } }),
  before: hinted(durationText.optional(), { words: { en: "at least so long ago", fr: "il y a au moins" } }),
  between: hinted(
    z
      .tuple([dayText, dayText])
      .refine(([from, to]) => from <= to, "ends before it begins")
      .optional(),
    { words: { en: "between two days", fr: "entre deux jours" } },
  ),
};

export interface Window {
  readonly within?: string | undefined;
  readonly before?: string | undefined;
  readonly between?: readonly [string, string] | undefined;
}

/** First and last moment, epoch ms: later than `after`, no later than `until`. Nothing of the future counts. */
function bounds({ within, before, between }: Window, { now, shop }: Moment): { after: number; until: number } {
  const after = [
    ...(within === undefined ? [] : [now - durationMs(within)]),
    ...(between === undefined ? [] : [momentOf(between[0], shop.zone) - 1]),
  ];
  const until = [
    now,
    ...(before === undefined ? [] : [now - durationMs(before)]),
    ...(between === undefined ? [] : [momentOf(dayAfter(between[1], 1), shop.zone) - 1]),
  ];
  return { after: Math.max(Number.NEGATIVE_INFINITY, ...after), until: Math.min(...until) };
}

export function isInWindow(window: Window, at: number, moment: Moment): boolean {
  const { after, until } = bounds(window, moment);
  return at > after && at <= until;
}

export function windowSql(window: Window, at: string, moment: Moment): string {
  const { after, until } = bounds(window, moment);
  const begins = Number.isFinite(after) ? `${at} > ${number(after)} AND ` : "";
  return `${begins}${at} <= ${number(until)}`;
}

export function describeWindow({ within, before, between }: Window, language: Language): string {
  const time = (duration: string): string => durationInWords(durationMs(duration), language);
  const fr = language === "fr";
  return [
    ...(within === undefined ? [] : [fr ? ` depuis ${time(within)}` : ` in the last ${time(within)}`]),
    ...(before === undefined ? [] : [fr ? ` il y a ${time(before)} ou plus` : ` ${time(before)} ago or longer`]),
    ...(between === undefined
      ? []
      : [fr ? ` du ${between[0]} au ${between[1]}` : ` from ${between[0]} to ${between[1]}`]),
  ].join("");
}
