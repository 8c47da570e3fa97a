import type { PermitRow, SendKey } from "../decisions/permit";
import { MINUTE, SECOND } from "../shared/clock";
import { derivedId } from "../shared/ids";
import type { CallResult } from "./brake";
import { holdsAll } from "./brake";
import type { DeliveryPorts, Settled } from "./deliver";
import { deliver, isMessage, mayBeOut, messageOf, settle, settledAs } from "./deliver";
import type { BatchDoor, BatchOutcome, Channel } from "./message";
import { Wire, wireOf } from "./wire";

/** One call to a provider that is to be made: for one message, or for many at once. */
export interface Call {
  readonly rows: readonly PermitRow[];
  /** Makes the messages, and gives back what hands them over: a call is to be made at its moment. */
  readonly ready: () => Promise<() => Promise<Called>>;
  /** Forgets what `ready` kept, where the call is not made after all. */
  readonly undo?: () => Promise<void>;
}

/** What a call came to. */
export interface Called {
  readonly settled: readonly Settled[];
  readonly result: CallResult;
  /** The batch that is over by it, once what it came to is written down: until then its key may be needed. */
  readonly over?: string;
  /** The batch that surely was not taken: it goes before its members are anybody's again, who may go in other company. */
  readonly dropped?: string;
}

/** A batch whose outcome is not known yet. */
export interface OpenBatch {
  readonly id: string;
  readonly members: readonly SendKey[];
}

/** Where frozen batches are kept. */
export interface BatchPorts {
  /** Batches whose outcome is not known; with `lost`, also those of whoever died before that could be said. */
  readonly open: (channel: string, lost: boolean) => Promise<readonly OpenBatch[]>;
  /** Says that the outcome of a batch is not known. */
  readonly note: (channel: string, batch: OpenBatch) => Promise<void>;
  /** Keeps a batch with its bytes, before it is handed over. */
  readonly keep: (channel: string, batch: OpenBatch, wire: Uint8Array) => Promise<void>;
  /** The bodies of a batch; none where they were not kept. */
  readonly bodies: (id: string) => Promise<readonly string[]>;
  /** Says of messages that were refused meanwhile that they may have gone out before. */
  readonly doubt: (keys: readonly SendKey[]) => Promise<void>;
  /** Says of messages that were refused meanwhile that they had gone out before, and under which ids. */
  readonly proven: (sent: readonly (SendKey & { readonly providerId: string })[]) => Promise<void>;
  readonly finish: (ids: readonly string[]) => Promise<void>;
  /** How messages stand, by their ids. */
  readonly standing: (
    keys: readonly SendKey[],
  ) => Promise<ReadonlyMap<string, { readonly state: string; readonly open: number }>>;
}

export interface CallPorts extends DeliveryPorts {
  readonly permit: (keys: readonly SendKey[]) => Promise<readonly PermitRow[]>;
  /** Which of claimed rows go to addresses that must not be written to, with why. */
  readonly barred?: (rows: readonly PermitRow[]) => Promise<ReadonlyMap<string, string>>;
  readonly batches?: BatchPorts;
}

/** The reason of messages whose batch was refused for what one of them is: each goes by itself from then on. */
const REFUSED_TOGETHER = "batch_refused";
const BUSY = MINUTE;

/** True for messages that may go out with others in one call: nobody waits for them, and nobody has seen them before. */
export function goesInBatch(row: Pick<PermitRow, "class" | "attempts" | "reason">): boolean {
  return row.class !== "transactional" && row.reason !== REFUSED_TOGETHER && !mayBeOut(row);
}

/** Claimed rows without those that go to addresses that must not be written to, which end with that. */
export async function unbarred(
  claimed: readonly PermitRow[],
  { barred }: Pick<CallPorts, "barred">,
): Promise<{ readonly free: readonly PermitRow[]; readonly ended: readonly Settled[] }> {
  const reasons = claimed.length === 0 ? undefined : await barred?.(claimed);
  if (!reasons || reasons.size === 0) return { free: claimed, ended: [] };
  const ended = claimed.flatMap((row) => {
    const reason = reasons.get(row.id);
    return reason === undefined ? [] : [settledAs(row, { state: "suppressed", reason })];
  });
  return { free: claimed.filter(({ id }) => !reasons.has(id)), ended };
}

/** The calls that claimed rows come to, those that somebody waits for first. */
export async function callsFor(
  key: string,
  channel: Channel | null,
  rows: readonly PermitRow[],
  ports: CallPorts,
): Promise<{ readonly calls: readonly Call[]; readonly settled: readonly Settled[] }> {
  const { batches: store } = ports;
  const door = channel?.batches;
  if (!door || !store) return { calls: rows.map((row) => single(row, ports)), settled: [] };
  const { calls: again, settled, rest } = await resumed(key, door, store, rows, ports);
  const [many, alone] = [rest.filter(goesInBatch), rest.filter((row) => !goesInBatch(row))];
  const groups: PermitRow[][] = [];
  for (let from = 0; from < many.length; from += door.most) groups.push(many.slice(from, from + door.most));
  const together = groups.map((group) =>
    group.length === 1 ? single(group[0] as PermitRow, ports) : fresh(key, door, store, group, ports),
  );
  const first = alone.filter((row) => row.class === "transactional");
  const others = alone.filter((row) => row.class !== "transactional");
  return {
    calls: [
      ...first.map((row) => single(row, ports)),
      ...again,
      ...others.map((row) => single(row, ports)),
      ...together,
    ],
    settled,
  };
}

function single(row: PermitRow, ports: CallPorts): Call {
  const run = async (hand: () => Promise<Settled>): Promise<Called> => {
    const settled = await hand();
    const afterMs = settled.state === "queued" ? settled.nextAt - ports.now() : null;
    // What ends without the provider's having been asked says nothing of it.
    const state = settled.state === "queued" ? "retry" : settled.state;
    return { settled: [settled], result: { state, reason: settled.heard ?? settled.reason, afterMs } };
  };
  return {
    rows: [row],
    async ready() {
      const hand = await deliver(row, ports);
      return () => run(hand);
    },
  };
}

/** Many messages at once, frozen before they are handed over. */
function fresh(key: string, door: BatchDoor, store: BatchPorts, rows: readonly PermitRow[], ports: CallPorts): Call {
  let kept: string | null = null;
  const ready = async () => {
    const gone: Settled[] = [];
    const sent: PermitRow[] = [];
    const wire = new Wire(rows.length);
    for (const row of rows) {
      const made = await messageOf(row, ports);
      if (isMessage(made)) {
        wire.add(door.freeze(made));
        sent.push(row);
      } else gone.push(made);
    }
    if (sent.length === 0) return async (): Promise<Called> => ({ settled: gone, result: { state: "accepted" } });
    const members = sent.map(({ contact, id }) => ({ contact, id }));
    const id = derivedId("bat", ...members.map((member) => member.id), sent[0]?.attempts ?? 0);
    const bytes = wire.end();
    kept = id;
    await store.keep(key, { id, members }, bytes);
    return async (): Promise<Called> => {
      const called = came(id, sent, await door.send(bytes, sent.length, id), true, ports);
      if (called.over === undefined && called.dropped === undefined) await store.note(key, { id, members });
      return { ...called, settled: [...gone, ...called.settled] };
    };
  };
  const undo = async () => {
    if (kept !== null) await store.finish([kept]);
  };
  return { rows, ready, undo };
}

/**
 * How a batch's members end. Only of the first call it is certain that nothing went out when the provider refuses it: its
 * members may then go in other company.
 */
function came(id: string, rows: readonly PermitRow[], outcome: BatchOutcome, first: boolean, ports: CallPorts): Called {
  const now = ports.now();
  if (outcome.state === "accepted") {
    const settled = rows.map((row, index) =>
      settle(row, { state: "accepted", providerId: outcome.providerIds[index] ?? "" }, now),
    );
    return { settled, result: { state: "accepted" }, over: id };
  }
  if (outcome.state === "changed") {
    // Some body of before was taken under this key, and whoever is left was in all of them.
    const settled = rows.map((row) => settledAs(row, { state: "sent", reason: "accepted_before" }));
    return { settled, result: { state: "accepted" }, over: id };
  }
  if (outcome.state === "failed") {
    return {
      settled: rows.map((row) => settledAs(row, { state: "queued", reason: REFUSED_TOGETHER, nextAt: now })),
      result: { state: "failed" },
      dropped: id,
    };
  }
  const { reason, afterMs } = outcome;
  const settled = rows.map((row) => settle(row, outcome, now));
  const isSurelyNot = first && (!outcome.unclear || holdsAll({ state: "retry", reason }));
  return { settled, result: { state: "retry", reason, afterMs }, ...(isSurelyNot && { dropped: id }) };
}

/** Batches of before among claimed rows: each is repeated whole, as its key stands for its body. */
async function resumed(
  key: string,
  door: BatchDoor,
  store: BatchPorts,
  rows: readonly PermitRow[],
  ports: CallPorts,
): Promise<{
  readonly calls: readonly Call[];
  readonly settled: readonly Settled[];
  readonly rest: readonly PermitRow[];
}> {
  const old = new Set(rows.flatMap((row) => (row.attempts > 1 ? [row.id] : [])));
  if (old.size === 0) return { calls: [], settled: [], rest: rows };
  const lost = rows.some(({ reason }) => reason === "lease_over");
  const open = (await store.open(key, lost)).filter(({ members }) => members.some(({ id }) => old.has(id)));
  const calls: Call[] = [];
  const settled: Settled[] = [];
  let rest: readonly PermitRow[] = rows;
  for (const batch of open) {
    const ids = new Set(batch.members.map(({ id }) => id));
    const known = new Set(rows.map(({ id }) => id));
    const missing = batch.members.filter(({ id }) => !known.has(id));
    const more = missing.length === 0 ? [] : await ports.permit(missing);
    // Nobody has asked yet of those whether they may be written to. Where one may not, the batch waits until that is written down.
    const { free, ended } = await unbarred(
      more.filter(({ state }) => state === "claimed"),
      ports,
    );
    settled.push(...ended);
    const mine = [...rest.filter((row) => ids.has(row.id)), ...free];
    rest = rest.filter((row) => !ids.has(row.id));
    const again = await repeatOf(batch, mine, door, store, ports);
    if (again === "never") rest = [...rest, ...mine];
    else if (again === "busy") settled.push(...mine.map((row) => giveBack(row, ports.now() + BUSY)));
    else calls.push(again);
  }
  return { calls, settled, rest };
}

/** The repeat of a batch; `never` where it was not handed over at all, `busy` where it has to wait for others. */
async function repeatOf(
  batch: OpenBatch,
  mine: readonly PermitRow[],
  door: BatchDoor,
  store: BatchPorts,
  ports: CallPorts,
): Promise<Call | "never" | "busy"> {
  // Whoever has claimed all members that are left is alone with the batch.
  const bodies = await store.bodies(batch.id);
  if (bodies.length === 0) {
    await store.finish([batch.id]);
    return "never";
  }
  const rows = new Map(mine.map((row) => [row.id, row]));
  const absent = batch.members.filter(({ id }) => !rows.has(id));
  const standing =
    absent.length === 0 ? new Map<string, { state: string; open: number }>() : await store.standing(absent);
  const states = absent.map(({ id }) => standing.get(id));
  if (states.some((state) => (state?.open ?? 0) > 0)) return "busy";
  // Somebody may not have it any more. The rest goes under the old key: if that was taken, the provider says that the body
  // has changed and sends nothing; if not, only they get it. One who is known to have it proves that it was taken.
  const isProven = states.some((state) => state?.state === "sent");
  const leaves = batch.members.map(({ id }) => rows.has(id) || isProven);
  const kept = bodies.filter((_, index) => leaves[index]);
  const run = async (): Promise<Called> => {
    const outcome = await door.send(wireOf(kept), kept.length, batch.id);
    if (outcome.state === "changed") {
      // The key stands for a body that was taken, so that nothing can go out under it any more: asking for the whole one
      // tells whether it was that, and gives everybody's id.
      const whole = kept.length < bodies.length ? await door.send(wireOf(bodies), bodies.length, batch.id) : outcome;
      if (whole.state === "accepted") {
        const idOf = new Map(batch.members.map(({ id }, index) => [id, whole.providerIds[index] ?? ""]));
        await store.proven(absent.map((key) => ({ ...key, providerId: idOf.get(key.id) ?? "" })));
        const providerIds = mine.map(({ id }) => idOf.get(id) ?? "");
        return came(batch.id, mine, { state: "accepted", providerIds }, false, ports);
      }
      await store.doubt(absent);
    }
    if (outcome.state !== "accepted") return came(batch.id, mine, outcome, false, ports);
    const ids = batch.members.filter((_, index) => leaves[index]).map(({ id }) => id);
    const providerIds = mine.map((row) => outcome.providerIds[ids.indexOf(row.id)] ?? "");
    return came(batch.id, mine, { state: "accepted", providerIds }, false, ports);
  };
  return { rows: mine, ready: () => Promise.resolve(run) };
}

/** A claimed row that is not asked for now after all. */
export function giveBack(row: PermitRow, at: number): Settled {
  const reason = mayBeOut(row) ? (row.reason ?? "lease_over") : "channel_paused";
  return settledAs(row, { state: "queued", reason, nextAt: at });
}

/** How long a reserved call may lie ahead: a claim holds for a minute, and a call takes fifteen seconds. */
export const HORIZON = 20 * SECOND;
