import { describe, expect, it } from "vitest";
import type { Consents } from "../../../src/contacts/consent";
import { mergeConsents } from "../../../src/contacts/merge";
import { mergeRefusal } from "../../../src/contacts/merge-events";
import type { Profile } from "../../../src/contacts/profile";
import { emptyProfile, profileOf } from "../../../src/contacts/profile";
import { LedgerFile, NOW } from "./ledger-file";

const profile = (change: Partial<Profile>): Profile => ({ ...emptyProfile(), status: "verified", ...change });
const granted = (at: number) => ({ state: "granted", at }) as const;
const withdrawn = (at: number) => ({ state: "withdrawn", at }) as const;

/** What a merge makes of the winner's consents. */
function mergedOf(winner: Partial<Profile>, loser: Partial<Profile>): Consents {
  return { ...winner.consents, ...mergeConsents(profile(winner), profile(loser)) };
}

describe("the consents of a merge", () => {
  it("take a withdrawal over that is later than the winner's word, and no older one", () => {
    const winner = { consents: { email: granted(5), sms: granted(5) } };
    expect(mergedOf(winner, { consents: { email: withdrawn(6), sms: withdrawn(4), push: withdrawn(1) } })).toEqual({
      email: withdrawn(6),
      sms: granted(5),
      push: withdrawn(1),
    });
  });

  it("take a grant over for the same address, or for one that becomes the winner's", () => {
    const loser = { email: "ann@shop.test", phone: "+33612345678", consents: { email: granted(1), sms: granted(1) } };
    expect(mergedOf({ email: "ann@shop.test" }, loser)).toEqual({ email: granted(1), sms: granted(1) });
    expect(mergedOf({ email: "else@shop.test", phone: "+33699999999" }, loser)).toEqual({});
  });

  it("are never widened against a withdrawal, by a claim, or where no address says whom it is for", () => {
    const loser = {
      email: "ann@shop.test",
      consents: { email: granted(9), tracking: granted(9), profiling: granted(9) },
    };
    expect(mergedOf({ email: "ann@shop.test", consents: { email: withdrawn(1) } }, loser)).toEqual({
      email: withdrawn(1),
    });
    expect(mergedOf({}, { email: "a@b.test", consents: { email: { state: "claimed", at: 1 } } })).toEqual({});
  });
});

describe("a contact", () => {
  const anybody = profile({});
  it("is merged into a verified one only, and once", () => {
    expect(mergeRefusal(anybody, anybody)).toBeNull();
    expect(mergeRefusal(profile({ status: "anonymous" }), anybody)).toBe("winner_unverified");
    expect(mergeRefusal(anybody, profile({ mergedInto: 7 }))).toBe("merged_already");
    expect(mergeRefusal(profile({ mergedInto: 7 }), anybody)).toBe("merged_already");
  });

  it("that is neither known nor a visitor, as an erased one, is part of no merge (B15)", () => {
    expect(mergeRefusal(anybody, profile({ status: "erased" as Profile["status"] }))).not.toBeNull();
    expect(mergeRefusal(profile({ status: "erased" as Profile["status"] }), anybody)).not.toBeNull();
  });
});

describe("two verified contacts", () => {
  const merge = (file: LedgerFile, from: string, into: string) =>
    file.take({
      type: "internal",
      name: "contact.merged",
      trust: "internal",
      contact: file.contact(into) ?? 0,
      properties: { loser: file.contact(from) },
    });
  const undo = (file: LedgerFile) => {
    const sql = "SELECT id, winner, loser, seq, taken FROM merges WHERE undone_at IS NULL";
    const [row] = file.rows<{ id: string; winner: number; loser: number; seq: number; taken: string }>(sql);
    const properties = { merge: row?.id, loser: row?.loser, seq: row?.seq, taken: JSON.parse(row?.taken ?? "{}") };
    return file.take({
      type: "internal",
      name: "contact.unmerged",
      trust: "internal",
      contact: row?.winner ?? 0,
      properties,
    });
  };
  const of = (file: LedgerFile, identity: string): Profile => {
    const record = file.core.cache.records.get(file.contact(identity) ?? 0);
    if (!record) throw new Error(`${identity} is not there`);
    return profileOf(record);
  };
  const identify = (user: string, traits: object) => ({
    type: "identify" as const,
    name: "",
    user,
    traits: traits as Record<string, unknown>,
  });

  it("that are two users of the shop never merge by themselves", async () => {
    const file = new LedgerFile();
    await file.take(identify("ann", { email: "one@shop.test" }), identify("bob", { email: "two@shop.test" }));
    await file.take(identify("ann", { email: "two@shop.test" }));
    expect(file.rows("SELECT 1 FROM merges")).toEqual([]);
    expect(of(file, "u:bob").status).toBe("verified");
  });

  it("are one where a user proves the address of somebody who has no user id", async () => {
    const file = new LedgerFile();
    await file.take({ type: "identify", name: "", traits: { email: "ann@shop.test", firstName: "Ann" } });
    await file.take(identify("ann", {}));
    await file.take(identify("ann", { email: "ann@shop.test" }));
    expect(of(file, "u:ann")).toMatchObject({ externalId: "ann", email: "ann@shop.test", firstName: "Ann" });
    expect(of(file, "e:ann@shop.test")).toMatchObject({ status: "merged", mergedInto: file.contact("u:ann") });
    expect(file.rows("SELECT cause, by FROM merges")).toEqual([{ cause: "verified_address", by: "secret" }]);
  });

  it("keep a withdrawal that came while they were one, both of them, after they are two again", async () => {
    const file = new LedgerFile();
    await file.take(identify("ann", { email: "ann@shop.test", consent: { email: true } }));
    await file.take(identify("bob", { email: "bob@shop.test", consent: { email: true } }));
    await merge(file, "u:bob", "u:ann");
    await file.take(identify("bob", { consent: { email: false } }));
    expect(of(file, "u:ann").consents.email?.state).toBe("withdrawn");
    await undo(file);
    expect(of(file, "u:ann").consents.email).toEqual(withdrawn(NOW + 4_000));
    expect(of(file, "u:bob").consents.email).toEqual(withdrawn(NOW + 4_000));
    const ways = file.rows("SELECT way, action FROM consent_events WHERE contact = ?", file.contact("u:bob"));
    expect(ways).toContainEqual({ way: "merge", action: "withdraw" });
  });

  it("share a birth date with the time that it was set, and part with it again", async () => {
    const file = new LedgerFile();
    await file.take(identify("ann", {}));
    await file.take(identify("bob", { birth_date: "1990-05-01" }));
    await merge(file, "u:bob", "u:ann");
    expect(of(file, "u:ann")).toMatchObject({ birthDate: "1990-05-01", birthDateSetAt: NOW + 2_000 });
    await undo(file);
    expect(of(file, "u:ann")).toMatchObject({ birthDate: null, birthDateSetAt: null });
    expect(of(file, "u:bob")).toMatchObject({ birthDate: "1990-05-01", birthDateSetAt: NOW + 2_000 });
  });

  it("keep every proof: what a merge changes is a line of the winner's own, and so is its undo", async () => {
    const file = new LedgerFile();
    await file.take(identify("ann", {}));
    await file.take(identify("bob", { email: "bob@shop.test", consent: { email: true } }));
    await merge(file, "u:bob", "u:ann");
    expect(of(file, "u:ann")).toMatchObject({ email: "bob@shop.test", consents: { email: granted(NOW + 2_000) } });
    await undo(file);
    expect(of(file, "u:ann")).toMatchObject({ email: null, consents: {} });
    const lines = file.rows("SELECT action, way FROM consent_events WHERE contact = ?", file.contact("u:ann"));
    expect(lines).toEqual([
      { action: "grant", way: "merge" },
      { action: "revert", way: "merge" },
    ]);
  });

  it("know a repeat of what came before, during and after the merge", async () => {
    const file = new LedgerFile();
    await file.take(identify("ann", {}), identify("bob", {}));
    const order = { user: "bob", name: "Order Completed", properties: { order_id: "o-1", total: 50 } };
    const refund = { user: "bob", name: "Order Refunded", properties: { order_id: "o-1", total: 3 } };
    await file.take({ ...order, id: "order" });
    await file.take({ ...refund, id: "before" });
    await merge(file, "u:bob", "u:ann");
    await file.take({ ...refund, id: "during" });
    await file.take({ ...refund, id: "before" }, { ...refund, id: "during" });
    await undo(file);
    await file.take({ ...refund, id: "before" }, { ...refund, id: "during" });
    expect(file.rows("SELECT refunded FROM orders")).toEqual([{ refunded: 600 }]);
  });

  it("are not parted by an undo that comes twice, or that is of an earlier merge", async () => {
    const file = new LedgerFile();
    await file.take(identify("ann", {}), identify("bob", {}));
    await merge(file, "u:bob", "u:ann");
    const [first] = await undo(file);
    await merge(file, "u:bob", "u:ann");
    await file.take({ ...first, id: "again" });
    expect(of(file, "u:bob").status).toBe("merged");
    expect(file.rows("SELECT undone_at IS NULL AS holds FROM merges ORDER BY seq")).toEqual([
      { holds: 0 },
      { holds: 1 },
    ]);
  });

  it("are not made one by a repeat of a merge that was refused in its time", async () => {
    const file = new LedgerFile();
    await file.take(identify("ann", {}), identify("bob", {}));
    await merge(file, "u:bob", "u:ann");
    const [refused] = await merge(file, "u:bob", "u:ann");
    await undo(file);
    await file.take({ ...refused });
    expect(of(file, "u:bob").status).toBe("verified");
    expect(file.rows("SELECT undone_at IS NULL AS holds FROM merges")).toEqual([{ holds: 0 }]);
  });

  it("give the cart that was touched last to the winner, and each their own back", async () => {
    const file = new LedgerFile();
    const add = (user: string) => ({
      user,
      name: "Product Added",
      properties: { product_id: user, price: 1, cart_id: user },
    });
    await file.take(add("ann"));
    await file.take(add("bob"));
    await merge(file, "u:bob", "u:ann");
    const carts = () => file.rows("SELECT cart_id, state FROM carts ORDER BY cart_id");
    expect(carts()).toEqual([
      { cart_id: "ann", state: "replaced" },
      { cart_id: "bob", state: "active" },
    ]);
    file.restart();
    await file.take({ user: "bob", name: "Product Added", properties: { product_id: "lamp", price: 1 } });
    expect(file.rows("SELECT contact, value FROM carts WHERE cart_id = 'bob'")).toEqual([
      { contact: file.contact("u:bob"), value: 200 },
    ]);
    await undo(file);
    expect(carts().map((cart) => (cart as { state: string }).state)).toEqual(["active", "active"]);
  });
});

describe("whoever claims another's address in a browser", () => {
  it("is told only what that very browser did: cart and facts hold nothing of the other (B02)", async () => {
    const file = new LedgerFile();
    await file.take({
      type: "identify",
      name: "",
      user: "victim",
      traits: { email: "victim@shop.test", firstName: "Vic" },
    });
    await file.take({ user: "victim", name: "Product Added", properties: { product_id: "secret-gift", price: 10 } });
    await file.take({
      trust: "write",
      anon: "b-1",
      type: "identify",
      name: "",
      user: "victim",
      traits: { email: "victim@shop.test" },
    });
    const record = file.core.cache.records.get(file.contact("a:b-1") ?? 0);
    expect(JSON.stringify(record?.slices)).not.toContain("secret-gift");
    expect(JSON.stringify(record?.slices)).not.toContain("Vic");
    expect(record?.slices).toMatchObject({ commerce: { cart: null, orders: [] } });
  });
});
