import { DAY } from "../../src/shared/clock";

/** A single point, with the contact that it came to. */
interface Point {
  readonly owner: number;
  readonly lot: string;
  readonly earnedAt: number;
  spent: boolean;
}

/** An order in whole units of money, each of which earns a point. `gone`: points that it had to give back. */
interface PlainOrder {
  readonly total: number;
  readonly owner: number;
  /** What it was worth when its points were earned; 0 before that. */
  base: number;
  refunded: number;
  gone: number;
  cancelled: boolean;
  changedAt: number;
}

/** What was given back of an order before it came. `holder`: the contact that it came to. */
interface Waiting {
  readonly holder: number;
  readonly order: string;
  /** Null where the order was cancelled. */
  readonly money: number | null;
  readonly at: number;
}

const VALID = 30 * DAY;

/** The plainest ledger of points: a row of single ones, each good for 30 days. A unit of money earns one. */
export class PlainAccounts {
  readonly orders = new Map<string, PlainOrder>();
  private points: Point[] = [];
  private waiting: Waiting[] = [];

  /** @param head whoever stands for a contact by now */
  constructor(private readonly head: (contact: number) => number) {}

  earn(owner: number, lot: string, count: number, earnedAt: number): void {
    for (let number = 0; number < count; number++) this.points.push({ owner, lot, earnedAt, spent: false });
  }

  spend(owner: number, count: number, at: number): void {
    this.remove(this.spendable(this.head(owner), at), count);
  }

  order(owner: number, id: string, total: number, at: number): void {
    if (this.orders.has(id)) return;
    const known = { total, owner, base: 0, refunded: 0, gone: 0, cancelled: false, changedAt: at };
    this.orders.set(id, known);
    const early = this.waiting.filter((one) => one.order === id).sort((one, other) => one.at - other.at);
    this.waiting = this.waiting.filter((one) => one.order !== id);
    for (const { money, at: then } of early) this.settle(known, money, then);
    this.earnFor(id, known, at);
  }

  /** The order has not come yet: it is given back when it does. */
  await(holder: number, order: string, money: number | null, at: number): void {
    this.waiting.push({ holder, order, money, at });
  }

  /** What waited for its order longer than it is kept counts as long as its row is there. */
  lapse(before: number, isKept: (order: string, at: number) => boolean): void {
    this.waiting = this.waiting.filter(({ order, at }) => at >= before || isKept(order, at));
  }

  private earnFor(id: string, known: PlainOrder, at: number): void {
    known.base = known.cancelled ? 0 : known.total - known.refunded;
    this.earn(known.owner, `order.${id}.purchase`, known.base, at);
  }

  private settle(known: PlainOrder, money: number | null, at: number): void {
    known.refunded = Math.min(known.total, known.refunded + (money ?? 0));
    const all = known.refunded >= known.total;
    // What is older than the order's last word changes nothing of its state, unless all of it came back.
    if (at >= known.changedAt || (money !== null && all)) {
      known.cancelled = money === null;
      known.changedAt = Math.max(known.changedAt, at);
    }
  }

  /** `money`: what is refunded; null where the order is cancelled. */
  giveBack(id: string, money: number | null, at: number): void {
    const known = this.orders.get(id);
    if (!known) return;
    this.settle(known, money, at);
    if (known.base === 0) {
      this.earnFor(id, known, at);
      return;
    }
    const worth = known.cancelled ? 0 : known.total - known.refunded;
    const owed = Math.max(0, known.base - worth - known.gone);
    known.gone += owed;
    const whole = this.points.filter(({ lot }) => lot === `order.${id}.purchase`);
    const left = this.remove(
      whole.filter(({ spent }) => !spent),
      owed,
    );
    this.remove(this.spendable(this.head(whole[0]?.owner ?? 0), at), left);
  }

  /** Nothing of some contacts is left. */
  forget(contacts: ReadonlySet<number>): void {
    this.points = this.points.filter(({ owner }) => !contacts.has(owner));
    this.waiting = this.waiting.filter(({ holder }) => !contacts.has(holder));
    for (const [id, { owner }] of this.orders) if (contacts.has(owner)) this.orders.delete(id);
  }

  /** Points that a contact can spend, with those of whoever was merged into it, in the order of spending. */
  spendable(head: number, at: number): Point[] {
    const open = this.points.filter(({ owner, earnedAt, spent }) => {
      return !spent && earnedAt + VALID > at && this.head(owner) === head;
    });
    return open.sort((left, right) => left.earnedAt - right.earnedAt || (left.lot < right.lot ? -1 : 1));
  }

  private remove(from: readonly Point[], count: number): number {
    for (const point of from.slice(0, count)) point.spent = true;
    return Math.max(0, count - from.length);
  }
}
