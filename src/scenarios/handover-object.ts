import type { Facts } from "../segments/facts";
import { addEffects, emptyBundle, isEmptyBundle } from "./bundle";
import type { Handover, HandoverHappening } from "./handover";
import { asHandover, receiveShare, shareOf, withoutShare } from "./handover";
import type { Known } from "./shard";
import { dueOf } from "./shard";
import type { Briefing, ShardPorts } from "./shard-port";
import type { ShardStore } from "./shard-store";
import type { Share } from "./state";
import { EMPTY_STATE } from "./state";

/**
 * What a shard is asked to do of a handover: say what it set aside, take that in, or forget it.
 */
export type HandoverAsk =
  | { readonly v: 1; readonly step: "release"; readonly handover: Handover }
  | { readonly v: 1; readonly step: "forget"; readonly handover: Handover }
  | { readonly v: 1; readonly step: "receive"; readonly handover: Handover; readonly share: Share };

/** `later`: the contact waits for something else, and has not heard of this handover yet. */
export type HandoverAnswer = Share | "later" | null;

/** What the steps need of their shard object. */
interface HandoverShard {
  readonly store: ShardStore;
  readonly outbox: { drain(): Promise<void> };
  readonly ports: ShardPorts;
  brief(revision: number): Promise<Briefing>;
  replayParked(contacts: number[], facts: readonly Facts[], briefing: Briefing): void;
  setAlarm(): Promise<void>;
}

/** Does one step. A second time it does nothing more. */
export async function answerHandover(shard: HandoverShard, ask: HandoverAsk): Promise<HandoverAnswer> {
  const { store, ports } = shard;
  const { from, to, id } = ask.handover;
  if (ask.v !== 1) throw new Error(`a handover of version ${String(ask.v)} is not understood`);
  if (ask.step === "release") return releaseShare(store, from, id);
  const { revision, facts } = await ports.facts([to, from, ...store.origins([to, from])]);
  const briefing = await shard.brief(revision);
  if (ask.step !== "receive") {
    forgetShare(store, from, id, briefing);
    return null;
  }
  // Its wake to wait lies behind others: taken in now, the share would be lost, and then waited for.
  const isAwaited = read(store, to).state.awaiting?.includes(id) === true;
  if (!isAwaited && isStillToHear(store, to, "handover.in", id)) return "later";
  const about = facts.find(({ contact }) => contact === to);
  takeShare(store, ask.handover, ask.share, about, briefing, ports.now());
  // What the contact heard while it waited comes behind what it now has.
  shard.replayParked([to], facts, briefing);
  // The permit waits no longer once the merge is done: what it ended is in D1 by then.
  await shard.outbox.drain();
  await shard.setAlarm();
  return null;
}

function read(store: ShardStore, contact: number): Known {
  return store.read([contact]).get(contact) ?? { seq: -1, state: EMPTY_STATE };
}

/** What a shard set aside for a handover; null where it has been taken in, `later` while it waits for something else. */
function releaseShare(store: ShardStore, contact: number, handover: string): HandoverAnswer {
  const share = shareOf(read(store, contact).state, handover);
  // Its wake to let go lies behind others: what the contact holds is not yet what it shall hand over.
  return share === null && isStillToHear(store, contact, "handover.out", handover) ? "later" : share;
}

function isStillToHear(store: ShardStore, contact: number, type: HandoverHappening["type"], handover: string): boolean {
  const waiting = store.parked().filter((wake) => wake.contact === contact);
  return waiting.some(({ happenings }) =>
    happenings.some((happening) => {
      const heard = asHandover(happening);
      return heard?.type === type && heard.handover === handover;
    }),
  );
}

/** Takes a share in, with what it owes to D1, in one commit. A second time nothing is left to take in. */
function takeShare(
  store: ShardStore,
  handover: Handover,
  share: Share,
  facts: Facts | undefined,
  briefing: Briefing,
  now: number,
): void {
  const contact = handover.to;
  const { seq, state: before } = read(store, contact);
  const { state, effects } = receiveShare(before, share, handover, now);
  if (state === before) return;
  const bundle = emptyBundle();
  addEffects(bundle, contact, effects, (effect) => (facts ? briefing.makeSend(effect, facts) : null));
  store.commit([{ contact, seq, state, due: dueOf(state, briefing) }], isEmptyBundle(bundle) ? null : bundle, []);
  store.noteOrigins(contact, state);
}

/** Forgets a share that the other shard has. */
function forgetShare(store: ShardStore, contact: number, handover: string, briefing: Briefing): void {
  const { seq, state: before } = read(store, contact);
  if (shareOf(before, handover) === null) return;
  const state = withoutShare(before, handover);
  store.commit([{ contact, seq, state, due: dueOf(state, briefing) }], null, []);
}
