import { Book, BookCache } from "../events/book";
import type { LedgerEvent } from "../events/event";
import type { FoldParts } from "../events/fold";
import { fold } from "../events/fold";
import type { Merge } from "../events/merging";
import type { ContactRecord, Happening } from "../events/projection";
import type { Facts } from "../segments/facts";
import type { Playbook } from "./live";
import type { PastChange } from "./rehearsal-caring";
import { Caring } from "./rehearsal-caring";
import type { People } from "./rehearsal-door";
import type { EntryOf, RehearsalEntry, RehearsalResult } from "./rehearsal-report";
import { RehearsalReport } from "./rehearsal-report";
import type { SmsTariff } from "./rehearsal-sms";
import type { RehearsalTotals } from "./rehearsal-totals";
import type { Answers } from "./rehearsal-track";
import { RehearsalTrack } from "./rehearsal-track";
import type { Surroundings } from "./surroundings";

/** A past event at its place in virtual time: receipt for a live one, its own time for an imported one. */
export interface PastEvent {
  readonly at: number;
  /** Journal number and place within the row, so that equal times keep their order. */
  readonly seq: number;
  readonly index: number;
  readonly event: LedgerEvent;
}

/** What a rehearsal is made of: the very parts of the live path. */
export interface RehearsalParts {
  readonly scenario: string;
  readonly version: number;
  /** Epoch ms, both inclusive. History before `from` sets the scene. */
  readonly from: number;
  readonly to: number;
  readonly fold: Omit<FoldParts, "relevant" | "finish" | "linked" | "merges">;
  readonly factsOf: (record: ContactRecord) => Facts;
  readonly isMerged: (record: ContactRecord) => boolean;
  /** The scenario that is rehearsed, and any other that is to play beside it. */
  readonly playbook: Playbook;
  /** The same with another version, to tell the two apart. */
  readonly compared?: Playbook | undefined;
  readonly policy: Surroundings["policy"];
  /** What scenarios are told of what happened, as in life. */
  readonly told: (happenings: readonly Happening[], event: LedgerEvent) => readonly Happening[];
  /** Whether there is a content of a key: a message without is none. */
  readonly hasContent?: ((key: string) => boolean) | undefined;
  readonly sms?: SmsTariff | undefined;
  readonly answers?: Answers | undefined;
  /** What changed in the catalogue, for scenarios that start on it. */
  readonly changes?: readonly PastChange[] | undefined;
  /** The next number of a counter while an event is taken in; left out, they count from 1. */
  readonly numberFor?: ((counter: string, event: LedgerEvent) => number) | undefined;
}

/** What one version came to. */
export interface Played {
  readonly entries: readonly EntryOf[];
  readonly totals: RehearsalTotals;
}

/** Past events in the order in which they are replayed. */
export function inReplayOrder(events: PastEvent[]): PastEvent[] {
  return events.sort((left, right) => left.at - right.at || left.seq - right.seq || left.index - right.index);
}

/**
 * Runs one scenario over past events under a virtual clock, with the fold and the reactions of the live path, and
 * writes nothing. Unknown visitors take part, so that one sees whom the scenario cannot reach.
 */
export class Rehearsal {
  private readonly cache = new BookCache(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  private readonly folding: FoldParts;
  /** What the event that is being taken in makes happen, and the contacts that it makes one. */
  private readonly heard = new Map<number, readonly Happening[]>();
  private readonly merges: Merge[] = [];
  private readonly tracks: readonly [RehearsalTrack, ...RehearsalTrack[]];
  private readonly counters = new Map<string, number>();
  private readonly caring: Caring | null;
  /** The request whose events are being played. */
  private request = { seq: -1, at: Number.NEGATIVE_INFINITY };

  constructor(private readonly parts: RehearsalParts) {
    this.caring = (parts.changes ?? []).length > 0 ? new Caring() : null;
    this.folding = this.foldingOf();
    const track = (playbook: Playbook): RehearsalTrack => this.trackOf(playbook);
    this.tracks = [track(parts.playbook), ...(parts.compared ? [track(parts.compared)] : [])];
  }

  /**
   * Takes in the next event. Whatever was due up to and at its time fires first. What one request tells is heard once all of
   * it is known, as in life.
   */
  play(past: PastEvent): void {
    if (past.at > this.parts.to) return;
    const { seq, at } = this.request;
    const isNext = past.seq !== seq || past.at !== at;
    for (const track of this.tracks) {
      if (isNext) track.hearRequest(at);
      // What our own events tell of is what came of that moment.
      track.passTime(past.at, past.event.type === "internal");
    }
    const { heard, merges } = this;
    heard.clear();
    merges.length = 0;
    const book = new Book(this.cache, this.folding.projections, false);
    const next = (counter: string): number => this.numberFor(counter, past.event);
    const { rows } = fold([{ seq: past.seq, receivedAt: past.at, events: [past.event] }], book, this.folding, next);
    book.commit();
    this.caring?.take(rows);
    this.request = { seq: past.seq, at: past.at };
    for (const track of this.tracks) {
      if (merges.length > 0) track.hearRequest(at);
      for (const merge of merges) {
        track.unite(merge);
        track.report.unite(merge.winner, merge.loser);
      }
      for (const record of book.touched()) track.touched(record, this.parts.isMerged(record), past.at);
      for (const [contact, happenings] of heard) track.await(contact, happenings);
    }
  }

  /** Lets time run to the end of the period and tells what came of it. */
  finish(): RehearsalResult {
    for (const track of this.tracks) {
      track.hearRequest(this.request.at);
      track.finish(this.parts.to);
    }
    return this.tracks[0].report.result();
  }

  /** After the end: what each version came to, the compared one last. */
  played(): readonly Played[] {
    return this.tracks.map(({ report: { entries, totals } }) => ({ entries, totals }));
  }

  /** Entries that will not change any more, for a caller that shows them as they come. */
  takeFinished(): readonly RehearsalEntry[] {
    return this.tracks[0].report.takeFinished();
  }

  private trackOf(playbook: Playbook): RehearsalTrack {
    const { scenario, from, to, sms, hasContent, policy, answers = {}, factsOf, changes = [] } = this.parts;
    const report = new RehearsalReport({ scenario, from, to, sms, hasContent });
    const people: Omit<People, "hasBeenIn"> = {
      factsOf: (contact) => {
        const record = this.cache.records.get(contact);
        return record && factsOf(record);
      },
      everybody: () => [...this.cache.records.values()].map((record) => [record.id, factsOf(record)] as const),
      ...(this.caring && { shop: { changes, caring: this.caring } }),
    };
    return new RehearsalTrack({ from, playbook, policy, answers, people }, report);
  }

  private foldingOf(): FoldParts {
    const { heard, merges, parts } = this;
    const { told } = parts;
    return {
      ...parts.fold,
      finish: () => undefined,
      linked: () => undefined,
      merges: {
        merged(merge) {
          merges.push(merge);
          return false;
        },
        unmerged: () => false,
      },
      relevant(record, happenings, event) {
        const known = heard.get(record.id);
        heard.set(record.id, known ? [...known, ...told(happenings, event)] : told(happenings, event));
        return [];
      },
    };
  }

  private numberFor(counter: string, event: LedgerEvent): number {
    if (this.parts.numberFor) return this.parts.numberFor(counter, event);
    const next = (this.counters.get(counter) ?? 0) + 1;
    this.counters.set(counter, next);
    return next;
  }
}
