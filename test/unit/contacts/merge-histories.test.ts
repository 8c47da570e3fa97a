import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { metricsOf } from "../../../src/commerce/order";
import { commerceOf } from "../../../src/commerce/slice";
import type { ConsentKey, ConsentLine } from "../../../src/contacts/consent";
import { consentKeyOf, foldConsents } from "../../../src/contacts/consent";
import { profileOf } from "../../../src/contacts/profile";
import type { LedgerEvent } from "../../../src/events/event";
import type { ContactRecord } from "../../../src/events/projection";
import { lookUp } from "../../../src/services/records";
import { ORDERS_SQL, type OrderRow } from "../../support/figures-rows";
import { LedgerFile } from "./ledger-file";

const one = (...names: string[]) => fc.constantFrom(...names);
const user = one("ann", "bob", "cem");
const email = one("one@shop.test", "two@shop.test", "three@shop.test");
const browser = one("b-1", "b-2", "b-3");
const order = one("o-1", "o-2", "o-3", "o-4");
const consent = one("email", "sms", "tracking");
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** One thing that happens. What names somebody who is not there yet does nothing. */
const step = fc.oneof(
  fc.record({ do: fc.constant("identify" as const), user: maybe(user), email, browser: maybe(browser) }),
  fc.record({ do: fc.constant("claim" as const), browser, email, consent }),
  fc.record({ do: fc.constant("consent" as const), user, consent, given: fc.boolean() }),
  fc.record({ do: fc.constant("cart" as const), user, product: one("lamp", "chair") }),
  fc.record({ do: fc.constant("order" as const), user, order, total: fc.integer({ min: 1, max: 50 }) }),
  fc.record({ do: fc.constant("refund" as const), user, order, total: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ do: fc.constant("cancel" as const), user, order }),
  fc.record({ do: fc.constant("merge" as const), user, into: user }),
  fc.record({ do: fc.constant("alias" as const), user, into: user }),
  fc.record({ do: fc.constant("undo" as const), nth: fc.nat(3) }),
  fc.record({ do: fc.constant("repeat" as const), nth: fc.nat(40) }),
  fc.record({ do: fc.constant("restart" as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** An order as a plain list of events would have it. */
interface PlainOrder {
  total: number;
  refunded: number;
  cancelled: boolean;
}

/** A history as it is lived through, with what a plain model makes of its orders. */
class History extends LedgerFile {
  readonly past: LedgerEvent[] = [];
  readonly orders = new Map<string, PlainOrder>();
  /** Refunds that came before their order. */
  private readonly early = new Map<string, number>();

  async live(one: Step): Promise<void> {
    const events = this.eventsOf(one);
    if (one.do === "restart") this.restart();
    if (one.do === "repeat") {
      const again = this.past[one.nth];
      if (again) await this.take(again);
      return;
    }
    if (events.length > 0) this.past.push(...(await this.take(...events)));
  }

  private eventsOf(one: Step): Partial<LedgerEvent>[] {
    if (one.do === "identify") {
      const { user: who, email: address, browser: anon } = one;
      const identity = { ...(who && { user: who }), ...(anon && { anon }) };
      return [{ type: "identify", name: "", ...identity, traits: { email: address, firstName: who ?? "Zoe" } }];
    }
    if (one.do === "claim") {
      const traits = { email: one.email, consent: { [one.consent]: true } };
      return [{ type: "identify", name: "", trust: "write", anon: one.browser, traits }];
    }
    if (one.do === "consent") {
      return [{ type: "identify", name: "", user: one.user, traits: { consent: { [one.consent]: one.given } } }];
    }
    if (one.do === "cart") {
      return [{ user: one.user, name: "Product Added", properties: { product_id: one.product, price: 10 } }];
    }
    if (one.do === "merge") return this.mergeOf(one.user, one.into);
    if (one.do === "alias") return [{ type: "alias", name: "", user: one.into, anon: one.user }];
    return one.do === "undo" ? this.undoOf(one.nth) : this.orderEvent(one);
  }

  private orderEvent(one: Step): Partial<LedgerEvent>[] {
    if (one.do !== "order" && one.do !== "refund" && one.do !== "cancel") return [];
    const known = this.orders.get(one.order);
    if (one.do === "order" && !known) {
      const total = one.total * 100;
      this.orders.set(one.order, {
        total,
        refunded: Math.min(total, this.early.get(one.order) ?? 0),
        cancelled: false,
      });
    }
    // What comes before its order waits for it; a cancellation that is older than the order says nothing of it.
    if (one.do === "refund" && !known) this.early.set(one.order, (this.early.get(one.order) ?? 0) + one.total * 100);
    if (one.do === "refund" && known) {
      known.refunded = Math.min(known.total, known.refunded + one.total * 100);
      known.cancelled = false;
    }
    if (one.do === "cancel" && known) known.cancelled = true;
    const name = { order: "Order Completed", refund: "Order Refunded", cancel: "Order Cancelled" }[one.do];
    return [{ user: one.user, name, properties: { order_id: one.order, ...("total" in one && { total: one.total }) } }];
  }

  private mergeOf(from: string, into: string): Partial<LedgerEvent>[] {
    const [loser, contact] = [this.contact(`u:${from}`), this.contact(`u:${into}`)];
    if (loser === null || contact === null) return [];
    return [{ type: "internal", name: "contact.merged", trust: "internal", contact, properties: { loser } }];
  }

  private undoOf(nth: number): Partial<LedgerEvent>[] {
    const sql = "SELECT id, winner, loser, seq, taken FROM merges WHERE undone_at IS NULL ORDER BY seq";
    const rows = this.rows<{ id: string; winner: number; loser: number; seq: number; taken: string }>(sql);
    const merge = rows[nth % Math.max(1, rows.length)];
    if (!merge) return [];
    const { id, winner: contact, loser, seq } = merge;
    const properties = { merge: id, loser, seq, taken: JSON.parse(merge.taken) as unknown };
    return [{ type: "internal", name: "contact.unmerged", trust: "internal", contact, properties }];
  }

  /** Everybody as they are on disk. */
  async everybody(): Promise<ContactRecord[]> {
    const ids = this.rows<{ id: number }>("SELECT id FROM contacts").map(({ id }) => id);
    return [...(await lookUp(this.db, [], ids)).records];
  }

  head(contact: number): number {
    const into = this.rows<{ into: number | null }>(
      'SELECT merged_into AS "into" FROM contacts WHERE id = ?',
      contact,
    )[0]?.into;
    return into === null || into === undefined ? contact : this.head(into);
  }
}

async function lived(steps: readonly Step[]): Promise<History> {
  const history = new History();
  for (const each of steps) await history.live(each);
  return history;
}

function expectFigures(history: History): void {
  const rows = history.rows<OrderRow>(ORDERS_SQL);
  const figures = new Map(
    history
      .rows<{ contact: number; orders: number; net: number; first: number | null; last: number | null }>(
        "SELECT contact, orders, net_total AS net, first_order_at AS first, last_order_at AS last FROM contact_metrics",
      )
      .map(({ contact, ...rest }) => [contact, rest]),
  );
  for (const { id } of history.rows<{ id: number }>("SELECT id FROM contacts")) {
    const own = rows
      .filter(({ contact }) => history.head(contact) === id)
      .map((row) => ({ ...row, shown: [], refunds: [], changedAt: 0 }));
    const { orders, netTotal, firstOrderAt, lastOrderAt } = metricsOf(own, "EUR");
    const known = figures.get(id) ?? { orders: 0, net: 0, first: null, last: null };
    expect({ id, ...known }).toEqual({ id, orders, net: netTotal, first: firstOrderAt, last: lastOrderAt });
  }
  const plain = rows.map(({ id, total, refunded, status }) => [
    id,
    { total, refunded, cancelled: status === "cancelled" },
  ]);
  expect(new Map(plain as [string, PlainOrder][])).toEqual(history.orders);
}

interface ConsentRow extends ConsentLine {
  readonly contact: number;
  readonly channel: string;
  readonly purpose: string;
}

function expectConsents(history: History, everybody: readonly ContactRecord[]): void {
  const lines = history
    .rows<ConsentRow>("SELECT contact, seq, position, channel, purpose, action, at FROM consent_events")
    .map((line) => ({ ...line, key: consentKeyOf(line.channel, line.purpose) as ConsentKey }));
  for (const record of everybody) {
    const own = lines.filter(({ contact }) => contact === record.id);
    expect({ id: record.id, ...profileOf(record).consents }).toEqual({ id: record.id, ...foldConsents(own) });
  }
}

/** What counts of a contact, whether it was read from disk or lived in memory. */
function seen(record: ContactRecord): object {
  const { changed: _changed, ...profile } = profileOf(record);
  const { cart, orders } = commerceOf(record);
  const sorted = [...orders].sort((left, right) => left.id.localeCompare(right.id));
  return { id: record.id, profile, cart: cart && { ...cart, state: cart.state ?? "active" }, orders: sorted };
}

const histories = fc.array(step, { minLength: 5, maxLength: 40 });
const some = { numRuns: 120 };

describe("random histories of identify, claim, verify, merge, undo, order, refund, repeat and restart", () => {
  it("leave figures that a count of the rows gives, and orders that a plain list gives", async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (steps) => expectFigures(await lived(steps))),
      some,
    );
  });

  it("leave consents that are the last word of each contact's own lines", async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (steps) => {
        const history = await lived(steps);
        expectConsents(history, await history.everybody());
      }),
      some,
    );
  });

  it("are in memory what they are on disk", async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (steps) => {
        const history = await lived(steps);
        const cache = history.core.cache.records;
        for (const record of await history.everybody()) {
          const known = cache.get(record.id);
          if (known) expect(seen(known)).toEqual(seen(record));
        }
      }),
      some,
    );
  });

  it("come to the same after a merge is undone and done again, and after that is undone too", async () => {
    let tried = 0;
    await fc.assert(
      fc.asyncProperty(histories, user, user, async (steps, from, into) => {
        const history = await lived(steps);
        const state = async () => (await history.everybody()).map((record) => withoutMarks(seen(record)));
        const apart = await state();
        const merges = () => history.rows("SELECT 1 FROM merges WHERE undone_at IS NULL").length;
        const before = merges();
        await history.live({ do: "merge", user: from, into });
        if (merges() === before) return;
        tried++;
        const together = await state();
        const latest = { do: "undo", nth: before } as const;
        await history.live(latest);
        expect(await state()).toEqual(apart);
        await history.live({ do: "merge", user: from, into });
        expect(await state()).toEqual(together);
        expectFigures(history);
        await history.live(latest);
        expect(await state()).toEqual(apart);
        expectFigures(history);
        expectConsents(history, await history.everybody());
      }),
      some,
    );
    expect(tried).toBeGreaterThan(10);
  });

  it("bring what is said of a merged contact to whoever stands for it", async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (steps) => {
        const history = await lived(steps);
        for (const who of ["ann", "bob", "cem"]) {
          const contact = history.contact(`u:${who}`);
          if (contact === null) continue;
          const head = history.head(contact);
          await history.take({ user: who, name: "Order Completed", properties: { order_id: `of-${who}`, total: 1 } });
          expect(history.rows("SELECT contact FROM orders WHERE order_id = ?", `of-${who}`)).toEqual([
            { contact: head },
          ]);
        }
      }),
      { numRuns: 40 },
    );
  });
});

/** Without what only says that something once happened. */
function withoutMarks(state: object): object {
  const { profile, ...rest } = state as { profile: Record<string, unknown> };
  const { tracked: _tracked, browsers: _browsers, ...kept } = profile;
  return { ...rest, profile: kept };
}
