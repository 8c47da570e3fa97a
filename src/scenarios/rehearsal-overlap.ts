import { DAY } from "../shared/clock";
import type { OverlapTotals } from "./rehearsal-totals";

interface Sent {
  readonly at: number;
  /** Null for the scenario that is rehearsed. */
  readonly by: string | null;
}

/** Gathers what goes to each contact, to tell afterwards where scenarios meet. */
export class Overlap {
  private readonly sent = new Map<number, Sent[]>();

  /** A message leaves at `at`, epoch ms; `by` is another scenario's id, or null. */
  note(contact: number, at: number, by: string | null): void {
    const known = this.sent.get(contact);
    if (known) known.push({ at, by });
    else this.sent.set(contact, [{ at, by }]);
  }

  /** Two contacts turn out to be one. */
  unite(winner: number, loser: number): void {
    for (const { at, by } of this.sent.get(loser) ?? []) this.note(winner, at, by);
    this.sent.delete(loser);
  }

  /** Adds what has met to totals. */
  addTo(totals: OverlapTotals): void {
    for (const sent of this.sent.values()) addContact(sent, totals);
  }
}

function addContact(sent: readonly Sent[], totals: OverlapTotals): void {
  const others = sent.filter(({ by }) => by !== null);
  if (others.length === 0) return;
  const met = new Set<string>();
  for (const { at, by } of sent) {
    if (by !== null) continue;
    const near = new Set(others.flatMap((other) => (Math.abs(other.at - at) <= DAY && other.by ? [other.by] : [])));
    if (near.size > 0) totals.messages++;
    for (const id of near) {
      totals.by[id] ??= { messages: 0, contacts: 0 };
      totals.by[id].messages++;
      met.add(id);
    }
  }
  if (met.size > 0) totals.contacts++;
  for (const id of met) {
    const other = totals.by[id];
    if (other) other.contacts++;
  }
}
