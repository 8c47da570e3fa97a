import { withOrders } from "../../../src/commerce/guest-order";
import type { Loyalty } from "../../../src/commerce/loyalty-booking";
import type { LoyaltyTerms } from "../../../src/commerce/loyalty-projection";
import type { Commerce } from "../../../src/commerce/slice";
import { resolver } from "../../../src/contacts/identity";
import type { Profile } from "../../../src/contacts/profile";
import { starTable } from "../../../src/contacts/star";
import type { StarSlice } from "../../../src/contacts/star/slice";
import { putContact, putIdentity } from "../../../src/contacts/store";
import { Book, BookCache } from "../../../src/events/book";
import type { LedgerEvent } from "../../../src/events/event";
import type { Folded } from "../../../src/events/fold";
import { fold } from "../../../src/events/fold";
import type { Happening } from "../../../src/events/projection";
import { NO_TERMS, projections } from "../../../src/services/records";

export const NOW = Date.UTC(2026, 0, 5, 10);

/** Everybody whom the ledger knows, as the real resolver and projections make them of events. */
export class People {
  readonly cache = new BookCache();
  private readonly counters = new Map<string, number>();
  private seq = 0;
  private last: Folded | null = null;

  constructor(private readonly loyalty?: LoyaltyTerms) {}

  /** Takes one request in. Each event gets an id of its own and the present time, unless it says otherwise. */
  take(...events: Partial<LedgerEvent>[]): this {
    this.seq++;
    const whole = events.map((event, index) => ({
      id: `e-${this.seq}-${index}`,
      type: "track",
      name: "Viewed",
      at: NOW + this.seq * 1_000,
      trust: "secret",
      ...event,
    })) as LedgerEvent[];
    const parts = {
      resolver: withOrders(resolver),
      projections: projections("EUR", {
        tables: { find: starTable, strict: true },
        loyalty: this.loyalty ?? NO_TERMS.loyalty,
      }),
      finish: putContact,
      linked: putIdentity,
      relevant: (_: unknown, happenings: readonly Happening[]) => happenings,
    };
    const book = new Book(this.cache, parts.projections);
    const deliveries = [{ seq: this.seq, receivedAt: NOW + this.seq * 1_000, events: whole }];
    this.last = fold(deliveries, book, parts, (counter) => {
      const next = (this.counters.get(counter) ?? 0) + 1;
      this.counters.set(counter, next);
      return next;
    });
    book.commit();
    return this;
  }

  /** What an identity names by now: `u:` user, `e:` verified address, `a:` browser. */
  contact(identity: string): number {
    const id = this.cache.identities.get(identity);
    if (id === undefined) throw new Error(`${identity} names nobody`);
    return id;
  }

  profile(identity: string): Profile {
    return this.slice(identity, "contacts") as Profile;
  }

  commerce(identity: string): Commerce {
    return this.slice(identity, "commerce") as Commerce;
  }

  account(identity: string): Loyalty {
    return this.slice(identity, "loyalty") as Loyalty;
  }

  star(identity: string): StarSlice {
    return this.slice(identity, "star") as StarSlice;
  }

  /** What the last request told the scenarios of this contact. */
  heard(identity: string): readonly Happening[] {
    const contact = this.contact(identity);
    return this.last?.deliveries.flatMap(({ wakes }) => wakes.filter(([id]) => id === contact))[0]?.[1] ?? [];
  }

  /** Kinds of what the last request told the scenarios, without the event itself. */
  types(identity: string): string[] {
    return this.heard(identity).flatMap(({ type }) => (type === "event" ? [] : [type]));
  }

  /** Rows that the last request wrote to a table. */
  rows(table: string): (readonly unknown[])[] {
    return [...(this.last?.rows.tables.get(table)?.values() ?? [])];
  }

  /** Names of the tables that the last request wrote to. */
  tables(): Iterable<string> {
    return this.last?.rows.tables.keys() ?? [];
  }

  private slice(identity: string, key: string): unknown {
    return this.cache.records.get(this.contact(identity))?.slices[key];
  }
}

/** An identify call. */
export function identify(
  user: string | undefined,
  traits: object,
  rest: Partial<LedgerEvent> = {},
): Partial<LedgerEvent> {
  const who = user === undefined ? {} : { user };
  return { type: "identify", name: "", traits: traits as Record<string, unknown>, ...who, ...rest };
}
