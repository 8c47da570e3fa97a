import type { EntryOf, RehearsalEntry } from "./rehearsal-report";
import type { Counts } from "./rehearsal-totals";
import { count } from "./rehearsal-totals";

/** What became of one contact's entry under two versions. */
export interface Changed {
  readonly contact: number;
  readonly entry_key: string;
  readonly before: Brief | null;
  readonly after: Brief | null;
}

interface Brief {
  readonly outcome: string | null;
  readonly reason: string | null;
  /** Messages that leave, as block and time. */
  readonly messages: readonly string[];
}

/** What a version gains and loses against the one that it is compared with. */
export interface Difference {
  readonly totals: {
    entries_gained: number;
    entries_lost: number;
    messages_gained: number;
    messages_lost: number;
    same: number;
    changed: number;
  };
  /** Entries by outcome, as `before>after`. */
  readonly outcomes: Counts;
}

/** Examples that a part keeps of what changed. */
const EXAMPLES = 20;

/** Compares entries of the same contacts under a version and under the one before it. */
export function compareEntries(
  after: readonly EntryOf[],
  before: readonly EntryOf[],
): { readonly difference: Difference; readonly examples: readonly Changed[] } {
  const difference: Difference = {
    totals: { entries_gained: 0, entries_lost: 0, messages_gained: 0, messages_lost: 0, same: 0, changed: 0 },
    outcomes: {},
  };
  const examples: Changed[] = [];
  const [now, then] = [byKey(after), byKey(before)];
  for (const key of [...new Set([...now.keys(), ...then.keys()])].sort()) {
    const changed = changeOf(then.get(key), now.get(key), difference);
    if (changed && examples.length < EXAMPLES) examples.push(changed);
  }
  return { difference, examples };
}

function changeOf(
  before: EntryOf | undefined,
  after: EntryOf | undefined,
  { totals, outcomes }: Difference,
): Changed | null {
  const [then, now] = [briefOf(before?.entry), briefOf(after?.entry)];
  const gained = missing(now, then);
  const lost = missing(then, now);
  totals.messages_gained += gained;
  totals.messages_lost += lost;
  const [wasIn, isIn] = [isEntered(before), isEntered(after)];
  if (isIn && !wasIn) totals.entries_gained++;
  if (wasIn && !isIn) totals.entries_lost++;
  const isSame = gained + lost === 0 && then?.outcome === now?.outcome && wasIn === isIn;
  if (isSame) {
    totals.same++;
    return null;
  }
  totals.changed++;
  count(outcomes, `${nameOf(then)}>${nameOf(now)}`);
  const one = after ?? before;
  return one ? { contact: one.contact, entry_key: one.entry.entry_key, before: then, after: now } : null;
}

function nameOf(brief: Brief | null): string {
  return brief === null ? "none" : (brief.outcome ?? "running");
}

function isEntered(one: EntryOf | undefined): boolean {
  return one !== undefined && one.entry.outcome !== "refused";
}

function missing(here: Brief | null, there: Brief | null): number {
  return (here?.messages ?? []).filter((message) => !there?.messages.includes(message)).length;
}

function briefOf(entry: RehearsalEntry | undefined): Brief | null {
  if (!entry) return null;
  const sent = entry.messages.filter(({ decision }) => decision === "send");
  return { outcome: entry.outcome, reason: entry.reason, messages: sent.map(({ block, at }) => `${block} ${at}`) };
}

/** Entries by contact and key; a key that comes again is another entry. */
function byKey(entries: readonly EntryOf[]): Map<string, EntryOf> {
  const seen: Counts = {};
  return new Map(
    entries.map((one) => {
      const key = `${one.contact}|${one.entry.entry_key}`;
      count(seen, key);
      return [`${key}|${seen[key]}`, one];
    }),
  );
}
