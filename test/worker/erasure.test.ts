import { runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { MERGED } from "../../src/contacts/merge-events";
import type { LedgerEvent } from "../../src/events/event";
import { settleSends } from "../../src/sends/store";
import { eraseDue } from "../../src/services/erase";
import { beginErasure, emptyContacts, erasureId } from "../../src/services/erase-begin";
import type { NotedErasure } from "../../src/services/erase-steps";
import { ERASURE_STEPS } from "../../src/services/erase-steps";
import { keepPrivacy } from "../../src/services/keep";
import {
  bindings,
  columnsWithout,
  countOf,
  everything,
  give,
  person,
  placesOf,
  rowOf,
  services,
} from "../support/marked";

const { DB } = bindings;

/** Asks for an erasure as the API does. */
const ask = (contact: number): Promise<string> => beginErasure(services, contact, Date.now());

async function isDone(request: string): Promise<boolean> {
  const sql = "SELECT done_at FROM privacy_requests WHERE id = ?1";
  return (await DB.prepare(sql).bind(request).first("done_at")) !== null;
}

/**
 * Columns of text that are not seeded: numbers, states and hashes of ours, and what is filled only once an erasure has
 * begun. Any other fails the test.
 */
const UNMARKED = [
  "contacts.browsers",
  "contacts.consents",
  "contacts.phone",
  "contacts.ring",
  "contacts.star",
  "contacts.status",
  "erased_contacts.names",
  "erased_contacts.request",
  "erasures.names",
  "erasures.place",
  "erasures.request",
  "erasures.step",
  "idempotency.fingerprint",
  "journal.wakes",
  "local_inbox.channel",
  "merges.step",
  "privacy_requests.asked_by",
  "privacy_requests.id",
  "privacy_requests.kind",
  "rejected_events.code",
  "rejected_events.source",
  "rejected_events.stage",
  "send_batches.channel",
  "send_batches.id",
  "send_batches.members",
  "sends.channel",
  "sends.provider_id",
  "side_journal.body",
  "suppressions.channel",
  "suppressions.hash",
  "suppressions.kind",
  "suppressions.send",
  "suppressions.source",
  "tombstones.hash",
];

describe("an erasure (J02)", () => {
  test("leaves nothing of a person anywhere, and everything of everybody else (Appendix B 36)", async () => {
    const [gone, stays] = ["zqgone", "zqstays"];
    const contact = await person(gone);
    await person(stays);
    const before = await countOf(stays);
    // The mark is really everywhere: a table or column that is not seeded would prove nothing.
    expect(await columnsWithout(gone)).toEqual(UNMARKED);
    expect(await placesOf(gone)).toContain("D1 x_pets");
    const request = await ask(contact);
    await eraseDue(services);
    expect(await placesOf(gone)).toEqual([]);
    expect(await countOf(stays)).toBe(before);
    expect(await isDone(request)).toBe(true);
    const row = await DB.prepare("SELECT * FROM contacts WHERE id = ?1").bind(contact).first<Record<string, unknown>>();
    const { id: _id, status, attributes, consents, created_at: _at, ring: _ring, seq: _seq, ...rest } = row ?? {};
    expect({ status, attributes, consents }).toEqual({ status: "erased", attributes: "{}", consents: "{}" });
    expect(Object.values(rest).filter((value) => value !== null && value !== 0)).toEqual([]);
  });

  test("that breaks off between any two of its pieces, and again and again, goes on to the same end", async () => {
    const [gone, stays] = ["zqcrash", "zqkeeper"];
    await person(stays);
    const before = await countOf(stays);
    const request = await ask(await person(gone));
    const died: string[] = [];
    for (let round = 0; !(await isDone(request)); round++) {
      expect(round).toBeLessThan(100);
      // In turn after a piece of work, and after it was noted how far that was: the next round does the piece once more.
      let left = round % 2 === 0 ? 1 : 2;
      const dying = eraseDue(services, async (step) => {
        if (--left > 0) return;
        died.push(`${step} ${round % 2 === 0 ? "done" : "noted"}`);
        throw new Error("the process died");
      });
      await dying.catch(() => undefined);
    }
    const steps = Object.keys(ERASURE_STEPS);
    const points = steps.flatMap((step) => [`${step} done`, `${step} noted`]);
    // The last step notes that it is done by what it does.
    expect([...new Set(died)]).toEqual(points.slice(0, -1));
    expect(await placesOf(gone)).toEqual([]);
    expect(await countOf(stays)).toBe(before);
  });

  test("of many at once looks for all of them in the same way", async () => {
    const marks = Array.from({ length: 20 }, (_, index) => `zqmany${index}z`);
    for (const mark of marks) {
      const event = { ...viewed(mark), user: `user-${mark}`, anon: `anon-${mark}`, properties: { mark } };
      await give(event, { ...event, id: `${mark}-2`, type: "identify", traits: { email: `${mark}@x.test` } });
    }
    const [kept = "", ...gone] = marks;
    const contacts = await Promise.all(gone.map((mark) => rowOf(`u:user-${mark}`)));
    const before = await countOf(kept);
    await emptyContacts(
      services,
      "prv_many",
      contacts.filter((id) => id !== null),
      true,
    );
    await eraseDue(services);
    for (const mark of gone) expect(await rowOf(`u:user-${mark}`)).toBeNull();
    const left = [...(await everything())].filter(([, text]) => gone.some((mark) => text.includes(mark)));
    expect(left.map(([place]) => place)).toEqual([]);
    expect(await countOf(kept)).toBe(before);
  });
});

async function contactRow(id: number): Promise<{ status: string; merged_into: number | null } | null> {
  return DB.prepare("SELECT status, merged_into FROM contacts WHERE id = ?1").bind(id).first();
}

describe("a family of merged contacts", () => {
  test("is erased whole, whichever of them is asked for", async () => {
    const visitor = "zqvisitor";
    await give({ ...viewed(visitor), anon: visitor, trust: "write" });
    const absorbed = await rowOf(`a:${visitor}`);
    await person("zqowner");
    await give({ ...viewed("zqother"), user: "zqother" });
    const stays = (await rowOf("u:zqother")) ?? 0;
    const sign = { id: "zq-sign", type: "identify" as const, name: "", at: Date.now(), trust: "secret" as const };
    await give({ ...sign, user: "user-zqowner", anon: visitor, traits: {} });
    const owner = await rowOf("u:user-zqowner");
    expect(await contactRow(absorbed ?? 0)).toMatchObject({ status: "merged", merged_into: owner });
    await ask(absorbed ?? 0);
    await eraseDue(services);
    const back = { ...viewed("zqback"), type: "internal", trust: "internal", name: MERGED } as const;
    await give({ ...back, id: "zqback-1", contact: absorbed ?? 0, properties: { loser: stays } });
    await give({ ...back, id: "zqback-2", contact: stays, properties: { loser: owner } });
    expect(await placesOf("zqback")).toEqual([]);
    expect(await contactRow(stays)).toMatchObject({ status: "verified", merged_into: null });
    for (const id of [absorbed, owner]) expect(await contactRow(id ?? 0)).toMatchObject({ status: "erased" });
    expect([...(await placesOf("zqowner")), ...(await placesOf(visitor))]).toEqual([]);
  });
});

function viewed(mark: string): LedgerEvent {
  return { id: `${mark}-view`, type: "track", name: "Viewed", at: Date.now(), trust: "secret" };
}

/** A message of a contact in a state of the outbox. */
async function send(contact: number, id: string, state: "queued" | "claimed", lease: number): Promise<void> {
  const columns = "contact, id, run, scenario, block, channel, class, content, content_version, address, data, state";
  await DB.prepare(
    `INSERT INTO sends (${columns}, open, attempts, next_at, lease_until, created_at, updated_at) ` +
      "VALUES (?1, ?2, 'run', 's', 'b', 'email', 'transactional', 'c', 1, ?3, '{}', ?4, 1, 0, 0, ?5, 0, 0)",
  )
    .bind(contact, id, `${id}@x.test`, state, lease)
    .run();
}

describe("what a person asks for on our pages", () => {
  test("is noted; an erasure is carried out by the sweep once it is known to be their own wish", async () => {
    const contacts = [await person("zqpage1"), await person("zqpage2")];
    const ask = (contact: number, kind: string): LedgerEvent => ({
      ...viewed(`zqpage-${kind}`),
      type: "internal",
      trust: "internal",
      name: "privacy.requested",
      contact,
      properties: { kind },
    });
    await give(ask(contacts[0] ?? 0, "erasure"), ask(contacts[1] ?? 0, "access"));
    await keepPrivacy(services);
    // A link can be forwarded: by itself it erases nobody.
    expect((await placesOf("zqpage1")).length).toBeGreaterThan(10);
    await DB.prepare("UPDATE privacy_requests SET confirmed_at = 1 WHERE contact = ?1").bind(contacts[0]).run();
    await keepPrivacy(services);
    expect([await placesOf("zqpage1"), (await placesOf("zqpage2")).length > 10]).toEqual([[], true]);
    const sql =
      "SELECT kind, asked_by, done_at IS NULL AS open FROM privacy_requests WHERE contact IN (?1, ?2) ORDER BY 1";
    expect(
      (
        await DB.prepare(sql)
          .bind(...contacts)
          .all()
      ).results,
    ).toEqual([
      { kind: "access", asked_by: "person", open: 1 },
      { kind: "erasure", asked_by: "person", open: 0 },
    ]);
  });
});

describe("a message in flight (J04)", () => {
  test("is the last: no other leaves, and the provider is asked to delete what it took", async () => {
    await give({ ...viewed("zqflight"), user: "zqflight", type: "identify", traits: { email: "zqflight@x.test" } });
    const contact = (await rowOf("u:zqflight")) ?? 0;
    await send(contact, "zqflight-1", "claimed", Date.now() + 60_000);
    await send(contact, "zqflight-2", "queued", 0);
    const request = await ask(contact);
    const permitted = await services.ledger.permit([{ contact, id: "zqflight-2" }]);
    expect(permitted).toMatchObject([{ state: "suppressed", reason: "erased" }]);
    // It is with the provider: its row stays until it is known what became of it.
    await eraseDue(services);
    expect(await isDone(request)).toBe(false);
    const settled = { contact, id: "zqflight-1", state: "sent", reason: null, providerId: "re_1", nextAt: 0 } as const;
    await settleSends(DB, [settled], Date.now());
    await eraseDue(services);
    expect(await isDone(request)).toBe(true);
    expect(await placesOf("zqflight")).toEqual([]);
    const asked = await DB.prepare("SELECT channel, messages FROM provider_deletions WHERE request = ?1")
      .bind(request)
      .all();
    expect(asked.results).toEqual([{ channel: "email", messages: '["re_1"]' }]);
  });
});

describe("a database that is restored to a time before an erasure", () => {
  test("has it repeated from what lies outside of it, and nobody who came anew is touched", async () => {
    const mark = "zqrestored";
    const contact = await person(mark);
    const [row, identities] = await DB.batch([
      DB.prepare("SELECT * FROM contacts WHERE id = ?1").bind(contact),
      DB.prepare("SELECT identity FROM identities WHERE contact = ?1").bind(contact),
    ]);
    await ask(contact);
    await eraseDue(services);
    expect(await placesOf(mark)).toEqual([]);

    // The restore brings the person back under another number, and forgets the tombstones.
    const old = row?.results[0] as Record<string, string | number | null>;
    const restored = { ...old, id: contact + 100_000, status: "verified" };
    const columns = Object.keys(restored);
    await DB.batch([
      DB.prepare(`INSERT INTO contacts (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`).bind(
        ...Object.values(restored),
      ),
      ...((identities?.results ?? []) as { identity: string }[]).map(({ identity }) =>
        DB.prepare("INSERT INTO identities VALUES (?1, ?2)").bind(identity, restored.id),
      ),
      DB.prepare("DELETE FROM tombstones"),
      DB.prepare("DELETE FROM privacy_requests WHERE contact = ?1").bind(contact),
      DB.prepare("UPDATE cursor SET epoch = epoch + 1"),
    ]);
    await give({ ...viewed("zqanew"), user: "zqanew", at: Date.now() + 1 });
    await runInDurableObject(ledgerStub(), (_, state) => state.abort("restored")).catch(() => undefined);

    await keepPrivacy(services);
    expect(await placesOf(mark)).toEqual([]);
    expect(await contactRow(restored.id)).toMatchObject({ status: "erased" });
    expect(await contactRow((await rowOf("u:zqanew")) ?? 0)).toMatchObject({ status: "verified" });
    expect(await DB.prepare("SELECT count(*) AS n FROM tombstones").first("n")).toBeGreaterThan(3);
    // Repeated once more, it knows nobody, and forgets nobody either.
    await emptyContacts(services, erasureId(contact), [contact], true);
    await eraseDue(services);
    const noted = await (await bindings.ARCHIVE.get(`erasures/${erasureId(contact)}.json`))?.json<NotedErasure>();
    expect(noted?.hashes.length).toBeGreaterThan(3);
    await give({ ...viewed(mark), id: `${mark}-back`, user: `user-${mark}`, type: "identify", trust: "import" });
    expect(await rowOf(`u:user-${mark}`)).toBeNull();
  });

  test("has the last of several of one person repeated, whatever it is called", async () => {
    await give({ ...viewed("zqtwice"), user: "zqtwice" });
    const contact = (await rowOf("u:zqtwice")) ?? -1;
    const note = (request: string, at: number, who: string): Promise<unknown> => {
      const noted: NotedErasure = { request, at, bars: true, hashes: [services.seal(who)] };
      return bindings.ARCHIVE.put(`erasures/${request}.json`, JSON.stringify(noted));
    };
    // They were erased, came anew, and were erased again: the restore is to a time between.
    await note("prv_twice_1", Date.now() + 1_000, "u:zqtwice");
    await note("prv_twice_2", 1, "u:zqtwice");
    await DB.prepare("UPDATE cursor SET epoch = epoch + 1").run();
    await runInDurableObject(ledgerStub(), (_, state) => state.abort("restored")).catch(() => undefined);
    await keepPrivacy(services);
    expect(await contactRow(contact)).toMatchObject({ status: "erased" });
    expect(await rowOf("u:zqtwice")).toBeNull();
  });
});

function ledgerStub(): DurableObjectStub {
  return bindings.LEDGER.get(bindings.LEDGER.idFromName("ledger-0")) as unknown as DurableObjectStub;
}
