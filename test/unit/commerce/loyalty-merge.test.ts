import { describe, expect, it } from "vitest";
import { pointsOf } from "../../../src/commerce/loyalty";
import type { Loyalty } from "../../../src/commerce/loyalty-booking";
import { Booking } from "../../../src/commerce/loyalty-booking";
import { mergeLoyalty, unmergeLoyalty } from "../../../src/commerce/loyalty-merge";
import { programmeInput } from "../../../src/commerce/loyalty-programme";
import { emptyLoyalty } from "../../../src/commerce/loyalty-projection";
import type { ApplyContext } from "../../../src/events/projection";
import { RowBuffer } from "../../../src/events/projection";
import { NOW } from "../contacts/people";

const tiers = [{ key: "silver", name: "Silver", points: 100, window: "P3M" }];
const programme = programmeInput.parse({ tiers });

let count = 0;
const context = (id: number): ApplyContext => ({
  event: { id: `m-${++count}`, type: "internal", name: "x", at: NOW, trust: "internal" },
  receivedAt: NOW,
  record: { id, ring: "", seq: 0, seenAt: 0, slices: {} },
  rows: new RowBuffer(),
  happen: () => undefined,
  nextId: () => 0,
  position: 0,
  links: [],
  ownerOf: () => null,
  claim: () => undefined,
});
const earn = (slice: Loyalty, at: ApplyContext, id: string, points: number, order: string | null = null) => {
  const booking = new Booking(slice, at, programme);
  booking.isNew(id);
  const lot = { id, points, rule: null, reason: null, kind: "earn" as const };
  booking.earn({ ...lot, order: order === null ? null : { id: order, net: points * 100 } });
  booking.close(false);
};
const rows = ({ rows: put }: ApplyContext, table: string) => [...(put.tables.get(table)?.values() ?? [])];

function two(): { winner: Loyalty; loser: Loyalty } {
  const [winner, loser] = [emptyLoyalty(), emptyLoyalty()];
  earn(winner, context(1), "w-1", 60);
  earn(loser, context(2), "l-1", 50, "o-1");
  return { winner, loser };
}

describe("two accounts that become one", () => {
  it("have the points and the tier of both, and each row keeps its contact", () => {
    const { winner, loser } = two();
    const pair = { winner: context(1), loser: context(2) };
    mergeLoyalty(winner, loser, pair, programme);
    expect([pointsOf(winner.lots, NOW), winner.tier]).toEqual([110, "silver"]);
    expect(loser).toEqual(emptyLoyalty());
    expect(rows(pair.winner, "loyalty_accounts")).toHaveLength(1);
    const after = context(1);
    const booking = new Booking(winner, after, programme);
    booking.spend("s-1", 110, "spend", null, null);
    expect(rows(after, "loyalty_lots").map((row) => [row[0], row[1], row[3]])).toEqual([
      [1, "w-1", 0],
      [2, "l-1", 0],
    ]);
  });

  it("are two again with what each had, what was spent or returned since, and what the winner earned", () => {
    const { winner, loser } = two();
    const before = structuredClone({ winner, loser });
    const taken = mergeLoyalty(winner, loser, { winner: context(1), loser: context(2) }, programme);
    const plain = structuredClone({ winner, taken });
    unmergeLoyalty(plain.winner, loser, plain.taken, { winner: context(1), loser: context(2) }, programme);
    expect(loser).toEqual({ ...before.loser, seen: loser.seen });
    expect(plain.winner).toEqual({ ...before.winner, seen: plain.winner.seen, counts: {} });

    earn(winner, context(1), "w-2", 30);
    const [lot] = winner.lots.filter(({ id }) => id === "l-1");
    if (lot) new Booking(winner, context(1), programme).takeBack(lot, 20);
    const pair = { winner: context(1), loser: context(2) };
    unmergeLoyalty(winner, loser, taken, pair, programme);
    expect([pointsOf(winner.lots, NOW), winner.tier]).toEqual([90, null]);
    expect(winner.earned.map(([, points]) => points)).toEqual([90]);
    expect(loser.lots).toMatchObject([{ id: "l-1", left: 30, returned: 20 }]);
    expect(loser.lots[0]).not.toHaveProperty("origin");
    expect(loser.earned.map(([, points]) => points)).toEqual([30]);
    expect(rows(pair.loser, "loyalty_accounts")).toHaveLength(1);
  });

  it("both know what was earned while they were one, but an order's points only with the order", () => {
    const { winner, loser } = two();
    const taken = mergeLoyalty(winner, loser, { winner: context(1), loser: context(2) }, programme);
    earn(winner, context(1), "w-2", 30);
    earn(winner, context(1), "w-3", 40, "o-2");
    unmergeLoyalty(winner, loser, taken, { winner: context(1), loser: context(2) }, programme);
    const isNew = (slice: Loyalty, id: string) => new Booking({ ...slice }, context(1), programme).isNew(id);
    expect(["w-1", "w-2", "w-3", "l-1"].map((id) => isNew(winner, id))).toEqual([false, false, false, true]);
    expect(["w-1", "w-2", "w-3", "l-1"].map((id) => isNew(loser, id))).toEqual([false, false, true, false]);
  });

  it("have lots of one id, of which each is spent and taken back by itself", () => {
    const [winner, loser] = [emptyLoyalty(), emptyLoyalty()];
    earn(winner, context(1), "welcome", 100);
    earn(loser, context(2), "welcome", 50, "o-1");
    const taken = mergeLoyalty(winner, loser, { winner: context(1), loser: context(2) }, programme);
    new Booking(winner, context(1), programme).spend("s-1", 120, "spend", null, null);
    expect(pointsOf(winner.lots, NOW)).toBe(30);
    const lot = winner.lots.find(({ order }) => order === "o-1");
    if (lot) new Booking(winner, context(1), programme).takeBack(lot, 10);
    expect(pointsOf(winner.lots, NOW)).toBe(20);
    unmergeLoyalty(winner, loser, taken, { winner: context(1), loser: context(2) }, programme);
    expect([pointsOf(winner.lots, NOW), pointsOf(loser.lots, NOW)]).toEqual([0, 20]);
    expect(loser.earned.map(([, points]) => points)).toEqual([40]);
  });

  it("leave no row where neither has points", () => {
    const pair = { winner: context(1), loser: context(2) };
    const [winner, loser] = [emptyLoyalty(), emptyLoyalty()];
    const taken = mergeLoyalty(winner, loser, pair, programme);
    unmergeLoyalty(winner, loser, taken, pair, programme);
    expect([...pair.winner.rows.tables.keys(), ...pair.loser.rows.tables.keys()]).toEqual([]);
  });
});
