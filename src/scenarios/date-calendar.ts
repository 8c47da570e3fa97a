import type { Facts } from "../segments/facts";
import { nextOccasion, statedBy, zoneFor } from "./date-expression";
import type { StartDate } from "./start-date";
import { countsAt, dateKey } from "./start-date";
import { Timers } from "./timers";

/** Somebody whose date has fallen, with the key of their entry. */
export interface Fallen {
  readonly contact: number;
  readonly key: string;
  /** Epoch ms. */
  readonly at: number;
}

/** When dates of contacts fall under a virtual clock, in their order: what crons look for in the live product. */
export class DateCalendar {
  private readonly timers = new Timers();
  /** By contact, what its date was when it was looked at last. */
  private readonly known = new Map<number, string>();

  constructor(
    private readonly date: StartDate,
    private readonly factsOf: (contact: number) => Facts | undefined,
  ) {}

  /** Looks at a contact who may have changed at `at`. */
  note(contact: number, at: number): void {
    const facts = this.factsOf(contact);
    if (!facts) return;
    const now = [zoneFor(this.date, facts), ...statedBy(this.date, facts)].join();
    if (this.known.get(contact) === now) return;
    this.known.set(contact, now);
    this.await(contact, facts, at);
  }

  /** When a date may fall next, epoch ms; null for never. One that was put off is found out by `take`. */
  get next(): number | null {
    return this.timers.earliest;
  }

  /** The next date that falls by `until`, taken out; null where none does. */
  take(until: number): Fallen | null {
    for (let next = this.timers.pop(until); next; next = this.timers.pop(until)) {
      const { contact, due } = next;
      const facts = this.factsOf(contact);
      // It has fallen by then, unless the date or the clock is another one since.
      const occasion = facts && nextOccasion(this.date, facts, due);
      if (!facts || occasion?.at !== due) continue;
      this.await(contact, facts, due + 1);
      const { profile } = facts;
      if (profile.status !== "verified" || !countsAt(this.date, profile, due)) continue;
      return { contact, key: dateKey(this.date, occasion.key), at: due };
    }
    return null;
  }

  private await(contact: number, facts: Facts, from: number): void {
    const next = nextOccasion(this.date, facts, from);
    if (next) this.timers.push(contact, next.at);
  }
}
