import { HOUR, MINUTE } from "../../src/shared/clock";
import { isTimezone, wallTime } from "../../src/shared/wall-time";
import type { Books } from "./audit";

/** What really happened, beside what the timeline counts itself. */
export function note({ timeline, runs, sends, decisions, system }: Books): void {
  const count = (what: string, times: number): void => {
    for (; times > 0; times--) timeline.count(what);
  };
  count(
    "a run ended in a circle",
    runs.filter(({ reason }) => reason === "loop_without_wait" || reason === "too_many_steps").length,
  );
  count("a run was taken over", runs.filter(({ version, reason }) => version > 1 || reason === "block_gone").length);
  count("a message was stopped by its permit", sends.filter(({ state }) => state === "suppressed").length);
  count("a message was too old to repeat", sends.filter(({ state }) => state === "unknown").length);
  count("a timer fired late", decisions.filter(({ inputs }) => lateBy(inputs) > 10 * MINUTE).length);
  const zones = new Map(
    system.database
      .all<{ id: number; timezone: string }>("SELECT id, timezone FROM contacts")
      .map(({ id, timezone }) => [id, timezone]),
  );
  for (const { contact, path } of runs) {
    const times = (JSON.parse(path ?? "[]") as (readonly [string, number, string])[]).map(([, at]) => at);
    for (const [index, at] of times.entries())
      noteCalendar(times[index - 1] ?? at, at, zones.get(contact) ?? "", count);
  }
}

const FEB_29 = Date.parse("2028-02-29T12:00:00Z");

function noteCalendar(from: number, to: number, zone: string, count: (what: string, times: number) => void): void {
  if (to - from < HOUR) return;
  const turn = isTimezone(zone) ? wallTime(to, zone) - to - (wallTime(from, zone) - from) : 0;
  if (turn > 0) count("a run waits over the hour that is left out", 1);
  if (turn < 0) count("a run waits over the hour that comes twice", 1);
  if (from < FEB_29 && to > FEB_29) count("a run waits over 29 February", 1);
}

/** How late a decision was, as it says itself (ms). */
export function lateBy(inputs: string): number {
  return (JSON.parse(inputs) as { late_ms?: number }).late_ms ?? 0;
}
