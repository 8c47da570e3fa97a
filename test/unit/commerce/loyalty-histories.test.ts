import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pointsOf } from "../../../src/commerce/loyalty";
import type { Loyalty } from "../../../src/commerce/loyalty-booking";
import { programmeInput } from "../../../src/commerce/loyalty-programme";
import type { Earned } from "../../../src/commerce/loyalty-tiers";
import type { LedgerEvent } from "../../../src/events/event";
import { lookUp } from "../../../src/services/records";
import { DAY } from "../../../src/shared/clock";
import { PlainAccounts } from "../../support/plain-accounts";
import { LedgerFile, NOW } from "../contacts/ledger-file";

const programme = programmeInput.parse({
  validity: "P30D",
  rules: [{ key: "purchase", name: "Purchase", on: "order", points: 1 }],
});
const terms = { programme: () => programme, secret: "a-secret-of-this-deployment" };

const one = (...names: string[]) => fc.constantFrom(...names);
const user = one("ann", "bob", "cem");
const order = one("o-1", "o-2", "o-3", "o-4");
const points = fc.integer({ min: 1, max: 30 });
const day = fc.integer({ min: 0, max: 40 });

const step = fc.oneof(
  fc.record({ do: fc.constant("earn" as const), user, points, day }),
  fc.record({ do: fc.constant("spend" as const), user, points, day }),
  fc.record({ do: fc.constant("order" as const), user, order, points, day }),
  fc.record({ do: fc.constant("refund" as const), user, order, points, day }),
  fc.record({ do: fc.constant("cancel" as const), user, order, day }),
  fc.record({ do: fc.constant("merge" as const), user, into: user }),
  fc.record({ do: fc.constant("undo" as const), nth: fc.nat(3) }),
  fc.record({ do: fc.constant("repeat" as const), nth: fc.nat(30) }),
  fc.record({ do: fc.constant("restart" as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A history that is lived through, with the plainest ledger of it: a row of single points. */
class History extends LedgerFile {
  readonly past: LedgerEvent[] = [];
  readonly plain = new PlainAccounts((contact) => this.head(contact));

  protected override get loyalty() {
    return terms;
  }

  async live(each: Step): Promise<void> {
    if (each.do === "restart") return this.restart();
    if (each.do === "repeat") {
      const again = this.past[each.nth];
      if (again) await this.take(again);
      return;
    }
    const event = this.eventOf(each);
    if (!event) return;
    const [taken] = await this.take(event);
    if (!taken) return;
    this.past.push(taken);
    this.book(each, taken);
  }

  private eventOf(each: Step): Partial<LedgerEvent> | null {
    if (each.do === "merge") return this.mergeOf(each.user, each.into);
    if (each.do === "undo") return this.undoOf(each.nth);
    if (each.do === "repeat" || each.do === "restart") return null;
    const { user: who } = each;
    const at = NOW + each.day * DAY;
    if (each.do === "earn") return { user: who, at, name: "Points Earned", properties: { points: each.points } };
    if (each.do === "spend") return { user: who, at, name: "Points Redeemed", properties: { points: each.points } };
    const name = { order: "Order Completed", refund: "Order Refunded", cancel: "Order Cancelled" }[each.do];
    const total = "points" in each ? { total: each.points } : {};
    return { user: who, at, name, properties: { order_id: each.order, ...total } };
  }

  private mergeOf(from: string, into: string): Partial<LedgerEvent> | null {
    const [loser, contact] = [this.contact(`u:${from}`), this.contact(`u:${into}`)];
    if (loser === null || contact === null) return null;
    return { type: "internal", name: "contact.merged", trust: "internal", contact, properties: { loser } };
  }

  private undoOf(nth: number): Partial<LedgerEvent> | null {
    const sql = "SELECT id, winner, loser, seq, taken FROM merges WHERE undone_at IS NULL ORDER BY seq";
    const rows = this.rows<{ id: string; winner: number; loser: number; seq: number; taken: string }>(sql);
    const merge = rows[nth % Math.max(1, rows.length)];
    if (!merge) return null;
    const { id, winner: contact, loser, seq } = merge;
    const properties = { merge: id, loser, seq, taken: JSON.parse(merge.taken) as unknown };
    return { type: "internal", name: "contact.unmerged", trust: "internal", contact, properties };
  }

  private book(each: Step, { id, at }: LedgerEvent): void {
    if (!("day" in each)) return;
    const head = this.head(this.contact(`u:${each.user}`) ?? 0);
    if (each.do === "earn") this.plain.earn(head, `earn.${id}`, each.points, at);
    if (each.do === "spend") this.plain.spend(head, each.points, at);
    if (each.do === "order") this.plain.order(head, each.order, each.points, at);
    if (each.do !== "refund" && each.do !== "cancel") return;
    const money = each.do === "refund" ? each.points : null;
    if (this.plain.orders.has(each.order)) this.plain.giveBack(each.order, money, at);
    else this.plain.await(head, each.order, money, at);
  }

  head(contact: number): number {
    const sql = 'SELECT merged_into AS "into" FROM contacts WHERE id = ?';
    const into = this.rows<{ into: number | null }>(sql, contact)[0]?.into ?? null;
    return into === null ? contact : this.head(into);
  }

  /** Every contact's account as it is on disk, and as it is in memory where it is there. */
  async accounts(): Promise<{ id: number; slices: Loyalty[] }[]> {
    const ids = this.rows<{ id: number }>("SELECT id FROM contacts WHERE merged_into IS NULL").map(({ id }) => id);
    const { records } = await lookUp(this.db, [], ids, { loyalty: true, seal: null });
    return records.map(({ id, slices }) => {
      const inMemory = this.core.cache.records.get(id);
      const all = [slices["loyalty"], ...(inMemory ? [inMemory.slices["loyalty"]] : [])];
      return { id, slices: all as Loyalty[] };
    });
  }

  /** What was earned by day and not returned, out of the lots' rows. */
  earned(head: number): Earned {
    const sums = new Map<number, number>();
    const sql = "SELECT contact, earned_at AS at, points - returned AS points FROM loyalty_lots";
    for (const row of this.rows<{ contact: number; at: number; points: number }>(sql)) {
      const on = Math.floor(row.at / DAY);
      if (this.head(row.contact) === head) sums.set(on, (sums.get(on) ?? 0) + row.points);
    }
    return [...sums].filter(([, sum]) => sum > 0).sort(([left], [right]) => left - right);
  }
}

describe("any history of earning, spending, ordering, merging and undoing, with repeats and restarts", () => {
  it("leaves accounts that a ledger of single points has as well, in memory and on disk", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), day, async (steps, later) => {
        const history = new History();
        for (const each of steps) await history.live(each);
        const at = NOW + later * DAY;
        for (const { id, slices } of await history.accounts()) {
          for (const { lots, earned } of slices) {
            expect([id, pointsOf(lots, at)]).toEqual([id, history.plain.spendable(id, at).length]);
            expect([id, earned]).toEqual([id, history.earned(id)]);
          }
        }
        const sums =
          "SELECT (SELECT sum(points_left) FROM loyalty_lots) AS lots, sum(points) AS moved FROM loyalty_movements";
        const [sum] = history.rows<{ lots: number | null; moved: number | null }>(sums);
        expect(sum?.lots ?? 0).toBe(sum?.moved ?? 0);
        expect(history.rows("SELECT 1 FROM rejected_events")).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });
});
