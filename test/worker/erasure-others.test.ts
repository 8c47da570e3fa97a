import { describe, expect, test } from "vitest";
import { MERGED, UNMERGED } from "../../src/contacts/merge-events";
import type { LedgerEvent } from "../../src/events/event";
import { readStored } from "../../src/services/access";
import { eraseDue } from "../../src/services/erase";
import { emptyContacts, erasureId, familyOf, requestEvent } from "../../src/services/erase-begin";
import { Subscriptions } from "../../src/services/subscriptions";
import { bindings, give, person, placesOf, rowOf, services, subscriber } from "../support/marked";

const { DB } = bindings;

/** Erases a contact, to the end. */
async function erase(contact: number): Promise<void> {
  const id = erasureId(contact);
  const asked = requestEvent(id, contact, "erasure", Date.now());
  await emptyContacts(services, id, await familyOf(DB, contact), true, [asked]);
  await eraseDue(services);
  const sql = "SELECT done_at FROM privacy_requests WHERE id = ?1";
  expect(await DB.prepare(sql).bind(id).first("done_at")).not.toBeNull();
}

async function contactRow(id: number): Promise<{ status: string; merged_into: number | null } | null> {
  return DB.prepare("SELECT status, merged_into FROM contacts WHERE id = ?1").bind(id).first();
}

function viewed(mark: string): LedgerEvent {
  return { id: `${mark}-view`, type: "track", name: "Viewed", at: Date.now(), trust: "secret" };
}

function mergeEvent(id: string, name: string, contact: number, properties: Record<string, unknown>): LedgerEvent {
  return { id, type: "internal", name, at: Date.now(), trust: "internal", contact, properties };
}

interface MergeRow {
  id: string;
  seq: number;
  taken: string;
}

/** A contact into which another was merged, and from which it was parted again. */
async function mergedAndParted(loser: number, winner: number): Promise<void> {
  await give(mergeEvent(`merge-${loser}`, MERGED, winner, { loser, by: "admin" }));
  const sql = "SELECT id, seq, taken FROM merges WHERE winner = ?1 AND loser = ?2";
  const row = await DB.prepare(sql).bind(winner, loser).first<MergeRow>();
  const properties = { merge: row?.id, loser, seq: row?.seq, taken: JSON.parse(row?.taken ?? "null") as unknown };
  await give(mergeEvent(`undo-of-${loser}`, UNMERGED, winner, properties));
}

describe("people who were merged by mistake and parted again", () => {
  test("are told of themselves only, and erased one without the other", async () => {
    const mark = "zqparted";
    const loser = await person(mark);
    await give({ ...viewed("zqwinner"), type: "identify", user: "zqwinner", traits: { email: "zqwinner@x.test" } });
    const winner = (await rowOf("u:zqwinner")) ?? 0;
    await mergedAndParted(loser, winner);
    expect(await placesOf(`undo-of-${loser}`)).toEqual(["D1 journal"]);
    expect(await contactRow(loser)).toMatchObject({ status: "verified", merged_into: null });
    expect(JSON.stringify(await readStored(services, winner))).not.toContain(mark);
    expect(JSON.stringify((await readStored(services, loser)).tables["merges"])).toContain(mark);

    await erase(loser);
    expect(await placesOf(mark)).toEqual([]);
    expect(await contactRow(winner)).toMatchObject({ status: "verified" });
  });
});

describe("a coupon that somebody else redeemed", () => {
  test("stays redeemed, and names them no more", async () => {
    const contact = await person("zqredeemer");
    const sql = "SELECT redeemed_by, redeemed_order, contact FROM coupons WHERE code = ?1";
    await erase(contact);
    const left = await DB.prepare(sql).bind(`code-${contact}`).first();
    expect(left).toEqual({ redeemed_by: null, redeemed_order: "", contact: 1_000_000 + contact });
  });
});

describe("what a form said of an address", () => {
  test("goes with whoever proved the address, and a form that is filled in again counts", async () => {
    const contact = await person("zqform");
    const known = `a:${subscriber("zqform@x.test")}`;
    const before = await rowOf(known);
    expect(before).not.toBeNull();
    await erase(contact);
    expect([await rowOf(known), await contactRow(before ?? 0)]).toMatchObject([null, { status: "expired" }]);
    const properties = { address: "zqform@x.test", channel: "email", consents: ["email"] };
    const form = {
      ...viewed("zqform-again"),
      type: "internal",
      trust: "write",
      name: "subscription.requested",
    } as const;
    await give({ ...form, anon: known.slice(2), properties });
    expect(await rowOf(known)).not.toBeNull();
  });

  test("is gone from journal and archive too, thirty days after its last word", async () => {
    await person("zqsilent");
    const known = `a:${subscriber("zqunproven@x.test")}`;
    const properties = {
      address: "zqunproven@x.test",
      channel: "email",
      consents: ["email"],
      first_name: "zqunproven",
    };
    const form = { ...viewed("zqform-old"), type: "internal", trust: "write", name: "subscription.requested" } as const;
    await give({ ...form, anon: known.slice(2), properties });
    const contact = await rowOf(known);
    await DB.prepare("UPDATE consent_events SET recorded_at = 1 WHERE contact = ?1").bind(contact).run();
    expect(await new Subscriptions(services).expire()).toBe(1);
    await eraseDue(services);
    expect([await placesOf("zqunproven"), await rowOf(known)]).toEqual([[], null]);
  });
});
