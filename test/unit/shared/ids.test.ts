import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contactId, contactRow, derivedId, idTail, idWithin, shardOf, stableFraction } from "../../../src/shared/ids";

const row = fc.integer({ min: 0, max: 2 ** 50 - 1 });

describe("an id within another", () => {
  const within = (...parts: (string | number)[]) => idWithin("msg", "run_4q0v7e2m9k1d8f3h5a6c", ...parts);

  it("follows from the parts, and shows whose it is", () => {
    expect(within("cart_1", 1, "email")).toMatch(/^msg_4q0v7e2m9k1d8f3h5a6c[0-9a-z]{11}$/);
    expect(within("cart_1", 1, "email")).toBe(within("cart_1", 1, "email"));
    expect(idWithin("act", "run_1", "a")).not.toBe(idWithin("act", "run_2", "a"));
  });

  it("is another for each block, visit and channel", () => {
    const ids = new Set<string>();
    for (let block = 0; block < 100; block++)
      for (let visit = 0; visit < 100; visit++)
        for (const channel of ["email", "sms", "push"]) ids.add(within(`block_${block}`, visit, channel));
    expect(ids.size).toBe(30_000);
  });
});

describe("a contact's public id", () => {
  it("leads back to its row", () => {
    fc.assert(fc.property(row, (id) => contactRow(contactId(id)) === id));
  });

  it("sorts as the rows do", () => {
    fc.assert(fc.property(row, row, (left, right) => contactId(left) < contactId(right) === left < right));
  });

  it.each(["", "ct_", "ct_1", "ct_000000000u", "ct_0000000001x", "CT_0000000001", "ct_000000000!", "run_0000000001"])(
    "is not %j",
    (text) => expect(contactRow(text)).toBeNull(),
  );
});

describe("a derived id", () => {
  it("is the same for the same parts, for ever", () => {
    expect(derivedId("msg", "run_1", "send", 1, "email")).toBe(derivedId("msg", "run_1", "send", 1, "email"));
    expect(derivedId("run", "cart", 7, "cart-1")).toBe("run_pzva3reer9qqwskkh3hb");
  });

  it("differs wherever a part differs, however the parts are cut", () => {
    const parts = fc.array(fc.oneof(fc.string({ maxLength: 6 }), fc.integer()), { minLength: 1, maxLength: 4 });
    const text = (list: readonly (string | number)[]) => JSON.stringify(list.map(String));
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        fc.pre(text(one) !== text(other));
        return derivedId("x", ...one) !== derivedId("x", ...other);
      }),
    );
    expect(derivedId("x", "a|1:b")).not.toBe(derivedId("x", "a", "b"));
  });

  it("is its prefix and twenty letters", () => {
    expect(derivedId("msg", "a")).toMatch(/^msg_[0-9a-z]{20}$/);
  });
});

describe("the tail of a message id", () => {
  it("is seven characters, whatever the id is", () => {
    fc.assert(fc.property(fc.string(), (id) => /^[0-9a-zA-Z_-]{7}$/.test(idTail(id))));
  });

  it("tells apart ids that are counted up", () => {
    const tails = new Set(Array.from({ length: 20_000 }, (_, number) => idTail(`node-next-1795294135776-${number}`)));
    expect(tails.size).toBe(20_000);
  });
});

describe("a contact's shard", () => {
  it("is one of the shards", () => {
    fc.assert(
      fc.property(row, fc.integer({ min: 1, max: 1_024 }), (contact, count) => {
        const shard = shardOf(contact, count);
        return Number.isInteger(shard) && shard >= 0 && shard < count;
      }),
    );
  });

  it("is spread evenly over neighbours", () => {
    const counts = new Map<number, number>();
    for (let contact = 1; contact <= 16_000; contact++) {
      const shard = shardOf(contact, 16);
      counts.set(shard, (counts.get(shard) ?? 0) + 1);
    }
    expect(counts.size).toBe(16);
    expect(Math.min(...counts.values())).toBeGreaterThan(850);
    expect(Math.max(...counts.values())).toBeLessThan(1_150);
  });
});

describe("a stable share", () => {
  it("is a number from 0 to 1 that never changes", () => {
    expect(stableFraction("holdout", "cart", 7)).toBe(stableFraction("holdout", "cart", 7));
    fc.assert(
      fc.property(fc.string(), fc.integer(), (name, contact) => {
        const share = stableFraction(name, contact);
        return share >= 0 && share < 1;
      }),
    );
  });

  it("is spread evenly, and differently for each scenario", () => {
    const contacts = Array.from({ length: 5_000 }, (_, contact) => contact);
    const inside = (name: string) => contacts.filter((contact) => stableFraction("holdout", name, contact) < 0.1);
    const [one, other] = [inside("a"), new Set(inside("b"))];
    expect(one.length / 5_000).toBeCloseTo(0.1, 1);
    expect(one.filter((contact) => other.has(contact)).length).toBeLessThan(one.length / 4);
  });
});
