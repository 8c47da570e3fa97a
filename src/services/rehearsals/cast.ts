import { withOrders } from "../../commerce/guest-order";
import { resolver } from "../../contacts/identity";
import type { LedgerEvent } from "../../events/event";
import { jsonParts } from "../../platform/d1";
import type { PastEvent } from "../../scenarios/rehearsal";
import { textNumber } from "../../shared/ids";

/** Finds whom an event is about, in a rehearsal as in the ledger. */
export const castResolver = withOrders(resolver);

/** Numbers of contacts who have no row today lie above those of all that have one. */
const ABOVE = 2 ** 40;
const SPAN = 2 ** 48;

/** Who plays in a part: contacts under the numbers that they have today, so that what hangs on a number comes out alike. */
export class Cast {
  /** Contacts of today by the number that stands for them here, where that is another. */
  private readonly standsFor = new Map<number, number>();
  private readonly taken = new Set<number>();

  constructor(private readonly today: ReadonlyMap<string, number>) {}

  static async of(db: D1Database, past: readonly PastEvent[]): Promise<Cast> {
    const keys = new Set(past.flatMap(({ event }) => castResolver.keys(event)));
    const sql = "SELECT i.identity, i.contact FROM json_each(?1) v JOIN identities i ON i.identity = v.value";
    const found = new Map<string, number>();
    for (const part of jsonParts([...keys])) {
      const { results } = await db.prepare(sql).bind(part).all<{ identity: string; contact: number }>();
      for (const { identity, contact } of results) found.set(identity, contact);
    }
    return new Cast(found);
  }

  /** A number for what an event creates: it follows from the event, whoever else plays. */
  readonly numberFor = (counter: string, event: LedgerEvent): number => {
    const key = castResolver.keys(event).find((identity) => this.today.has(identity));
    const known = key === undefined ? undefined : this.today.get(key);
    if (counter === "contacts" && known !== undefined && !this.taken.has(known)) {
      this.taken.add(known);
      return known;
    }
    let number = ABOVE + (textNumber(`${counter}|${event.id}`) % SPAN);
    while (this.taken.has(number)) number++;
    this.taken.add(number);
    if (counter === "contacts" && known !== undefined) this.standsFor.set(number, known);
    return number;
  };

  /** The contact of today behind a number; 0 where there is none. */
  contactOf(number: number): number {
    return this.standsFor.get(number) ?? (number < ABOVE ? number : 0);
  }
}
