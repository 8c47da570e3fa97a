import type { Facts } from "../segments/facts";
import type { Rule } from "../segments/rule";
import { testRule } from "../segments/rule";
import { DAY } from "../shared/clock";
import { durationMs } from "../shared/duration";
import type { ScenarioDefinition } from "./definition";
import type { ContactState, Run } from "./state";

/** Somebody at the door of a scenario. */
export interface Entry {
  readonly scenario: string;
  readonly entryKey: string;
  /** Logical time of the entry, epoch ms. */
  readonly at: number;
  readonly cart: string | null;
}

/** What a scenario sets off may begin it again: nobody goes round more often. The shop's own events may come as often as orders do. */
const MOST_A_DAY = { marketing: 20, transactional: 100 } as const;
const MOST_BY_RUNS = 20;

/** Runs of one scenario that a contact has at a time: whoever sends events all day fills no row with them. */
const MOST_AT_ONCE = 50;

/** Why an entry is refused; `repeat` where it has been answered before; null to let it in. */
export function refusalOf(
  entry: Entry,
  definition: ScenarioDefinition,
  state: ContactState,
  facts: Facts,
): string | null {
  if (isRepeat(entry, definition, state)) return "repeat";
  if (facts.profile.status !== "verified") return "identity_unverified";
  const cart = facts.commerce.cart;
  if (entry.cart !== null && cart?.id !== entry.cart) return "cart_gone";
  const { goal, filter } = definition;
  if (goal?.event === undefined && goal?.rule && testRule(goal.rule, facts, entry.at)) return "goal_reached";
  return reentryRefusal(entry, definition, state) ?? filterRefusal(filter, facts, entry.at);
}

/** The runs of other scenarios that an entry competes with, since both scenarios name one group. */
export function rivalsOf(
  { scenario }: Entry,
  { exclusion_group: group }: ScenarioDefinition,
  state: ContactState,
  definitionOf: (run: Run) => ScenarioDefinition | undefined,
): readonly { readonly run: Run; readonly priority: number }[] {
  if (group === undefined) return [];
  return state.runs.flatMap((run) => {
    const other = run.scenario === scenario ? undefined : definitionOf(run);
    return other?.exclusion_group === group ? [{ run, priority: other.priority }] : [];
  });
}

/** Why somebody stays outside while runs of the same group go on; null where their scenarios count for less. */
export function weakerThan(
  rivals: readonly { readonly priority: number }[],
  { priority }: ScenarioDefinition,
): string | null {
  return rivals.some((rival) => rival.priority >= priority) ? "group_busy" : null;
}

function isRepeat({ scenario, entryKey }: Entry, definition: ScenarioDefinition, state: ContactState): boolean {
  const same = (known: { readonly scenario: string; readonly entryKey: string }): boolean =>
    known.scenario === scenario && known.entryKey === entryKey;
  // Whoever may enter once in a life and was refused may come again; a cart that was refused is answered.
  const answered = state.past.filter(({ outcome }) => outcome !== "refused" || definition.reentry.policy === "by_key");
  return state.runs.some(same) || answered.some(same);
}

/**
 * Whether a run let somebody in, told the event that did, or gave the points that did: the key is then the act's, unless the
 * scenario names its own.
 */
function isByRun(entryKey: string): boolean {
  return /^(emitted\.|(points|tier)\.earn\.)?act_/.test(entryKey);
}

function reentryRefusal(entry: Entry, definition: ScenarioDefinition, state: ContactState): string | null {
  const { policy, after_message: afterMessage, after_end: afterEnd, max_runs: maxRuns } = definition.reentry;
  const past = state.past.filter(({ scenario, outcome }) => scenario === entry.scenario && outcome !== "refused");
  const runs = state.runs.filter(({ scenario }) => scenario === entry.scenario);
  const begun = [...past, ...runs].filter(({ enteredAt }) => enteredAt > entry.at - DAY);
  const most = isByRun(entry.entryKey) ? MOST_BY_RUNS : MOST_A_DAY[definition.class];
  if (begun.length >= most) return "too_many_entries";
  const makesRoom = definition.reentry.while_running === "supersede";
  if (!makesRoom && runs.length >= MOST_AT_ONCE) return "too_many_at_once";
  if (policy === "once" && past.length + runs.length > 0) return "already_entered";
  if (definition.reentry.while_running === "refuse" && runs.length > 0) return "still_in";
  const endedAt = Math.max(Number.NEGATIVE_INFINITY, ...past.map((one) => one.endedAt));
  if (afterEnd !== undefined && entry.at - endedAt < durationMs(afterEnd)) return "recent_run";
  const sentAt = Math.max(
    Number.NEGATIVE_INFINITY,
    ...[...past, ...runs].map(({ lastSendAt }) => lastSendAt ?? Number.NEGATIVE_INFINITY),
  );
  if (afterMessage !== undefined && entry.at - sentAt < durationMs(afterMessage)) return "recent_message";
  if (maxRuns === undefined) return null;
  const since = entry.at - durationMs(maxRuns.within);
  const counted = past.filter(({ endedAt, lastSendAt }) => endedAt > since && lastSendAt !== null);
  return counted.length >= maxRuns.count ? "too_many_runs" : null;
}

function filterRefusal(filter: Rule, facts: Facts, at: number): string | null {
  if (testRule(filter, facts, at)) return null;
  const parts = "all" in filter ? (filter.all as readonly Rule[]) : [filter];
  const failed = parts.find((part) => !testRule(part, facts, at));
  return failed && "type" in failed ? `filter:${failed.type}` : "filter";
}
