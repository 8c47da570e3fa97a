import { slices, TEXT_SIZE } from "../shared/slices";
import type { Effect } from "./effect";
import type { Run } from "./state";

/**
 * What a shard owes to D1 after one commit: row arrays by table. Every table is written by insert-or-ignore or by an
 * upsert that only moves forward, so a bundle may be copied any number of times.
 */
export interface Bundle {
  readonly v: 1;
  readonly runs: unknown[][];
  readonly stops: unknown[][];
  readonly decisions: unknown[][];
  readonly sends: unknown[][];
  readonly acts: unknown[][];
  readonly parked: unknown[][];
  readonly unparked: number[];
}

export function emptyBundle(): Bundle {
  return { v: 1, runs: [], stops: [], decisions: [], sends: [], acts: [], parked: [], unparked: [] };
}

/** The tables in the order in which a bundle is cut: what stops a message is never behind the message. */
const CUT_ORDER = ["parked", "unparked", "stops", "runs", "decisions", "sends", "acts"] as const;

/** A bundle as an outbox holds it; one of an earlier release knows fewer tables, and of acts only those to be done. */
export function readBundle(text: string): Bundle {
  const bundle = { ...emptyBundle(), ...(JSON.parse(text) as Bundle) };
  return { ...bundle, acts: bundle.acts.map((row) => (row.length > 9 ? row : [...row, "pending", null, null])) };
}

/** Puts what another bundle holds behind what one holds. */
export function joinBundles(bundle: Bundle, more: Bundle): void {
  for (const key of CUT_ORDER) for (const row of more[key]) (bundle[key] as unknown[]).push(row);
}

export function isEmptyBundle(bundle: Bundle): boolean {
  return sizeOf(bundle) === 0;
}

function sizeOf(bundle: Bundle): number {
  return CUT_ORDER.reduce((sum, key) => sum + bundle[key].length, 0);
}

/** A bundle as JSON, in several bundles where it is more than one value may hold. */
export function bundleTexts(bundle: Bundle): string[] {
  const whole = JSON.stringify(bundle);
  if (whole.length <= TEXT_SIZE) return [whole];
  const rows = CUT_ORDER.flatMap((key) =>
    bundle[key].map((row) => ({ key, row, size: JSON.stringify(row).length + 1 })),
  );
  return slices(rows, ({ size }) => size).map((some) => {
    const part = emptyBundle();
    for (const { key, row } of some) (part[key] as unknown[]).push(row);
    return JSON.stringify(part);
  });
}

/** The bundle without what it says of some contacts; itself where it says nothing of them. */
export function withoutContacts(bundle: Bundle, contacts: ReadonlySet<unknown>): Bundle {
  const others = (rows: unknown[][]): unknown[][] => rows.filter(([contact]) => !contacts.has(contact));
  const { v, runs, stops, decisions, sends, acts, parked, unparked } = bundle;
  const left: Bundle = {
    v,
    runs: others(runs),
    stops: others(stops),
    decisions: others(decisions),
    sends: others(sends),
    acts: others(acts),
    parked: others(parked),
    unparked: unparked.filter((contact) => !contacts.has(contact)),
  };
  return sizeOf(left) === sizeOf(bundle) ? bundle : left;
}

/** Makes the row of a send; null where its content is gone. */
export type SendRowMaker = (effect: Extract<Effect, { kind: "decided" }>) => unknown[] | null;

/** Adds the rows of one contact's effects. What a merge brought along keeps its rows with whom it began. */
export function addEffects(bundle: Bundle, contact: number, effects: readonly Effect[], makeSend: SendRowMaker): void {
  for (const effect of effects) {
    if (effect.kind === "entered" || effect.kind === "moved")
      bundle.runs.push(runRow(effect.run.origin ?? contact, effect.run, null));
    if (effect.kind === "exited") bundle.runs.push(runRow(effect.run.origin ?? contact, effect.run, effect));
    if (effect.kind === "refused") {
      const { id, scenario, version, entryKey, at, reason } = effect;
      const owner = effect.origin ?? contact;
      bundle.runs.push([owner, id, scenario, version, entryKey, at, null, at, "refused", reason]);
    }
    if (effect.kind === "stopped") bundle.stops.push([effect.origin ?? contact, effect.run, effect.reason, effect.at]);
    if (effect.kind === "acted") bundle.acts.push(actRow(effect.origin ?? contact, effect));
    if (effect.kind === "decided") addDecision(bundle, effect.origin ?? contact, effect, makeSend);
  }
}

function runRow(contact: number, run: Run, exit: { at: number; outcome: string; reason: string } | null): unknown[] {
  const entry = [contact, run.id, run.scenario, run.version, run.entryKey, run.enteredAt, run.block];
  if (!exit) return [...entry, null, null, null, null];
  const path = JSON.stringify((run.path ?? []).map(({ block, at, output }) => [block, at, output]));
  return [...entry, exit.at, exit.outcome, exit.reason, path];
}

function actRow(contact: number, effect: Extract<Effect, { kind: "acted" }>): unknown[] {
  const { id, run, scenario, block, act, at, leftOut } = effect;
  const end = leftOut === undefined ? ["pending", null, null] : ["left_out", leftOut, at];
  return [contact, id, run, scenario, block, act.kind, JSON.stringify(act.details), at, at, ...end];
}

function addDecision(
  bundle: Bundle,
  contact: number,
  effect: Extract<Effect, { kind: "decided" }>,
  makeSend: SendRowMaker,
): void {
  const { intent, send, decision, at } = effect;
  const row = decision.outcome === "send" ? makeSend(effect) : null;
  const gone = decision.outcome === "send" && row === null;
  const outcome = gone ? "suppressed" : decision.outcome;
  const reason = gone ? "content_missing" : decision.reason;
  const about = [intent.run, intent.scenario, intent.block, intent.channel];
  const inputs = JSON.stringify({ ...decision.inputs, planned_at: intent.plannedAt });
  bundle.decisions.push([contact, `${send}.${at}`, send, ...about, outcome, reason, decision.rule, inputs, at]);
  if (row) bundle.sends.push([contact, ...row.slice(1)]);
}
