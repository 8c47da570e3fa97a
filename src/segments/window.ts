import * as z from "zod";
import { durationMs } from "../shared/duration";
import type { Moment } from "./compile";
import { number } from "./compile";
import { hinted } from "./hint";
import { dayAfter, momentOf } from "./local-day";
import type { Reader } from "./reader";
import { dayInWords } from "./shown";
import { agoInWords, lastInWords } from "./span";
import { dayText, durationText } from "./time-operators";

/** A span of past time: `within` the last so long, `before` so long ago, or `between` two days of the shop, both in it. */
export const windowShape = {
  within: hinted(durationText.optional(), { words: { en: "in the last", fr: "au cours des derniers" } }),
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

/** The span in words that follow what happened in it; empty where any time will do. */
export function describeWindow({ within, before, between }: Window, { language }: Reader): string {
  const [from, to] = (between ?? []).map((day) => dayInWords(day, language));
  const days = language === "fr" ? `du ${from} au ${to}` : `from ${from} to ${to}`;
  const parts = [
    ...(within === undefined ? [] : [lastInWords(within, language)]),
    ...(before === undefined ? [] : [agoInWords(before, language)]),
    ...(between === undefined ? [] : [days]),
  ];
  return parts.length === 0 ? "" : ` ${parts.join(language === "fr" ? " et " : " and ")}`;
}
