import { describe, expect, test } from "vitest";
import { MERGED, UNMERGED } from "../../src/contacts/merge-events";
import type { LedgerEvent } from "../../src/events/event";
import { Services } from "../../src/services";
import { readStored } from "../../src/services/access";
import { archiveKey, writeArchive } from "../../src/services/archive";
import { eraseDue } from "../../src/services/erase";
import { beginErasure } from "../../src/services/erase-begin";
import { runScheduled } from "../../src/services/scheduled";
import { faultyD1 } from "../support/chaos-d1";
import { bindings, give, person, placesOf, rowOf, services, subscriber } from "../support/marked";

const { DB } = bindings;

/** Erases a contact, to the end. */
async function erase(contact: number): Promise<void> {
  const id = await beginErasure(services, contact, Date.now());
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

/** A message to a contact; those made `before` a merge hold nothing of the other person. */
async function send(contact: number, name: string, address: string, state: string): Promise<string> {
  const isOld = name === "before";
  const at = Date.now() - (isOld ? 3_600_000 : 0);
  const cells = {
    contact,
    id: `${contact}-${name}`,
    run: "r",
    scenario: "s",
    block: "b",
    channel: "email",
    class: "marketing",
  };
  const row = {
    ...cells,
    content: "c",
    content_version: 1,
    address,
    data: JSON.stringify(isOld ? name : "zqmixed"),
    state,
  };
  const rest = {
    open: Number(state === "queued"),
    attempts: 0,
    next_at: at,
    lease_until: 0,
    created_at: at,
    updated_at: at,
  };
  const all = Object.entries({ ...row, ...rest });
  const sql = `INSERT INTO sends (${all.map(([column]) => column).join(", ")}) VALUES (${all.map(() => "?").join(", ")})`;
  await DB.prepare(sql)
    .bind(...all.map(([, value]) => value))
    .run();
  return row.id;
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

  test("leave no word of theirs in what the other was told meanwhile", async () => {
    const loser = await person("zqmixed");
    await give({ ...viewed("zqtaken"), type: "identify", user: "zqtaken", traits: { email: "zqtaken@x.test" } });
    const winner = (await rowOf("u:zqtaken")) ?? 0;
    const before = await send(winner, "before", "zqtaken@x.test", "sent");
    await mergedAndParted(loser, winner);
    await DB.prepare("UPDATE merges SET at = at - 1000, undone_at = undone_at + 1000 WHERE winner = ?1")
      .bind(winner)
      .run();
    const sent = await send(winner, "sent", "zqmixed@x.test", "sent");
    const queued = await send(winner, "queued", "zqtaken@x.test", "queued");
    const archived = { contact: winner, id: "old", created_at: Date.now(), address: "zqmixed@x.test", data: "zqmixed" };
    await writeArchive(bindings.ARCHIVE, archiveKey("sends", [1]), [JSON.stringify(archived)]);

    await erase(loser);
    expect(await placesOf("zqmixed")).toEqual([]);
    const sql = "SELECT id, address, data, state, open FROM sends WHERE contact = ?1 ORDER BY id";
    expect((await DB.prepare(sql).bind(winner).all()).results).toEqual([
      { id: before, address: "zqtaken@x.test", data: '"before"', state: "sent", open: 0 },
      { id: queued, address: "zqtaken@x.test", data: "{}", state: "suppressed", open: 0 },
      { id: sent, address: "", data: "{}", state: "sent", open: 0 },
    ]);
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

  test("is gone from journal and archive too, thirty days after its last word, though the first try fails", async () => {
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
    const broken = faultyD1(DB, (sql) => (sql.includes("'a:sub_'") ? "overloaded" : "well"));
    const failing = runScheduled(new Services({ ...bindings, DB: broken }), "*/5 * * * *");
    await expect(failing).rejects.toThrow();
    expect(await rowOf(known)).toBe(contact);
    await runScheduled(services, "*/5 * * * *");
    expect([await placesOf("zqunproven"), await rowOf(known)]).toEqual([[], null]);
  });
});
