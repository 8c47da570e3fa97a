import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiAnswer, Server } from "../support/server";
import { keys, startServer, until } from "../support/server";

let server: Server;
let now = 0;

beforeAll(async () => {
  server = await startServer({ tick: 0, at: "2026-01-05T10:00:00Z" });
  now = Date.parse("2026-01-05T10:00:00Z");
});

afterAll(async () => {
  await server.stop();
});

/** What a browser sends: a public key, and the shop's token where it has one. */
async function browse(
  type: string,
  body: object,
  token?: string,
): Promise<{ status: number; text: string; wait: string | null }> {
  const context = token === undefined ? {} : { context: { token } };
  const response = await fetch(`${server.url}/v1/${type}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${keys.write}` },
    body: JSON.stringify({ ...body, ...context }),
  });
  return { status: response.status, text: await response.text(), wait: response.headers.get("Retry-After") };
}

function token(user: string, email: string): Promise<string> {
  const secret = new TextEncoder().encode("local-token-secret-for-this-machine-only");
  return new SignJWT({ email })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(user)
    .setExpirationTime(Math.floor(now / 1_000) + 300)
    .sign(secret);
}

async function contact(query: string): Promise<ApiAnswer["json"]> {
  return (await server.api(`/api/contacts?${query}`)).json.data[0];
}

describe("whoever identifies as somebody else from their own browser", () => {
  test("(B01) is a claim: events stay with the browser's own contact, and nothing of the victim comes back", async () => {
    await server.send("identify", { userId: "victim", traits: { email: "victim@example.com", firstName: "Vic" } });
    const claim = { anonymousId: "attacker", userId: "victim", traits: { email: "victim@example.com" } };
    const answer = await browse("identify", claim);
    expect(answer).toMatchObject({ status: 200, text: JSON.stringify({ accepted: 1, rejected: [] }) });
    await browse("track", { anonymousId: "attacker", userId: "victim", event: "Product Viewed", properties: {} });
    const own = await contact("anonymous_id=attacker");
    expect(own).toMatchObject({
      status: "anonymous",
      email: null,
      first_name: null,
      claimed_email: "victim@example.com",
    });
    expect((await contact("external_id=victim")).id).not.toBe(own.id);
    const victim = (await server.api("/api/contacts?email=victim@example.com")).json.data.find(
      ({ status }: { status: string }) => status === "verified",
    );
    const { data } = (await server.api(`/api/contacts/${victim.id}/timeline`)).json;
    expect(JSON.stringify(data)).not.toContain("attacker");
  });

  test("(B11) is answered alike whether the address is known or not", async () => {
    const known = await browse("identify", { anonymousId: "prober-1", traits: { email: "victim@example.com" } });
    const unknown = await browse("identify", { anonymousId: "prober-2", traits: { email: "nobody@example.com" } });
    expect(known).toEqual(unknown);
  });

  test("(B04) on a shared device takes nothing of the one before along", async () => {
    await browse("identify", { anonymousId: "family", userId: "ann" }, await token("ann", "ann@example.com"));
    await browse("track", {
      anonymousId: "family",
      userId: "ann",
      event: "Product Added",
      properties: { product_id: "lamp", price: 10 },
    });
    await browse("identify", { anonymousId: "family", userId: "bob" }, await token("bob", "bob@example.com"));
    const [ann, bob] = [await contact("external_id=ann"), await contact("external_id=bob")];
    expect(bob.id).not.toBe(ann.id);
    expect(ann).toMatchObject({ status: "verified", email: "ann@example.com", merged_into: null });
    expect(bob).toMatchObject({ status: "verified", email: "bob@example.com", merged_into: null });
    expect((await server.api(`/api/merges?contact_id=${ann.id}`)).json.data).toEqual([]);
  });
});

describe("a browser's token", () => {
  test("(B06) of another person refuses the statement with 401", async () => {
    const answer = await browse(
      "identify",
      { anonymousId: "b-6", userId: "ann" },
      await token("bob", "bob@example.com"),
    );
    expect(answer.status).toBe(401);
    expect(await contact("anonymous_id=b-6")).toBeUndefined();
  });

  test("(B05) brings fifty browsers to one contact, and then no more for thirty days", async () => {
    const signed = await token("collector", "collector@example.com");
    const identify = (number: number) =>
      browse("identify", { anonymousId: `chain-${number}`, userId: "collector" }, signed);
    for (let number = 0; number < 60; number++) await browse("page", { anonymousId: `chain-${number}` });
    const answers = await Promise.all(Array.from({ length: 50 }, (_, number) => identify(number)));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    const refused = await identify(50);
    expect(refused.status).toBe(429);
    expect(Number(refused.wait)).toBeGreaterThan(29 * 86_400);
    // A browser that is the contact's already goes on, and so does everybody else.
    expect((await identify(7)).status).toBe(200);
    const { id } = await contact("external_id=collector");
    expect((await contact("anonymous_id=chain-7")).id).toBe(id);
    expect((await contact("anonymous_id=chain-50")).id).not.toBe(id);
  });

  test("(B05) cannot get round the limit inside one batch", async () => {
    const signed = await token("hoarder", "hoarder@example.com");
    const batch = Array.from({ length: 80 }, (_, number) => ({
      type: "identify",
      anonymousId: `hoard-${number}`,
      userId: "hoarder",
      context: { token: signed },
    }));
    expect((await browse("batch", { batch })).status).toBe(200);
    const { id } = await contact("external_id=hoarder");
    expect((await contact("anonymous_id=hoard-49")).id).toBe(id);
    expect(await contact("anonymous_id=hoard-50")).toBeUndefined();
  });
});

describe("an address that is none", () => {
  test.each([
    [{ email: "a@b.test,c@d.test" }, "invalid-email", "/traits/email"],
    [{ phone: "+881 612 345 678" }, "invalid-phone", "/traits/phone"],
  ])("(B09, B10) %j is refused with 400 and its place, and listed inside a batch", async (traits, type, pointer) => {
    const alone = await browse("identify", { anonymousId: "b-9", traits });
    expect(alone.status).toBe(400);
    expect(JSON.parse(alone.text)).toMatchObject({
      type: `https://relance.dev/problems/${type}`,
      errors: [{ pointer }],
    });
    const batch = [
      { type: "identify", anonymousId: "b-9", messageId: `m-${type}`, traits },
      { type: "page", anonymousId: "b-9" },
    ];
    const answer = JSON.parse((await browse("batch", { batch })).text);
    expect(answer).toMatchObject({ accepted: 1, rejected: [{ messageId: `m-${type}` }] });
  });
});

describe("a contact's profile", () => {
  const change = (id: string, json: object, etag?: string) =>
    server.api(`/api/contacts/${id}`, { method: "PATCH", json, ...(etag && { headers: { "If-Match": etag } }) });

  test("is changed where it still is as it was read, and through the ledger", async () => {
    await server.send("identify", { userId: "pat", traits: { email: "pat@example.com", size: "S", colour: "red" } });
    const { id } = await contact("external_id=pat");
    const read = await server.api(`/api/contacts/${id}`);
    const etag = read.headers.get("ETag") ?? "";
    const changed = await change(
      id,
      { first_name: "Pat", phone: "+33 6 12 34 56 78", attributes: { size: "M", colour: null } },
      etag,
    );
    expect(changed.status).toBe(200);
    expect(changed.json).toMatchObject({ first_name: "Pat", phone: "+33612345678", attributes: { size: "M" } });
    expect(changed.json.attributes).not.toHaveProperty("colour");
    expect((await change(id, { first_name: "Pete" }, etag)).status).toBe(412);
    expect((await change(id, { first_name: "Pete" }, changed.headers.get("ETag") ?? "")).status).toBe(200);
    const journal = await (await server.mf.getD1Database("DB"))
      .prepare("SELECT count(*) AS n FROM journal WHERE body LIKE '%contact.changed%'")
      .first("n");
    expect(journal).toBe(2);
  });

  test.each([
    [{ consent: { email: true } }, "/consent"],
    [{ workspace_id: 2 }, "/workspace_id"],
    [{ erased_at: null }, "/erased_at"],
    [{ id: "ct_0000000001" }, "/id"],
    [{ email: "else@example.com" }, "/email"],
    [{ status: "verified" }, "/status"],
    [{ phone: "+1-900-555-0123" }, "/phone"],
    [{ timezone: "Mars/Olympus" }, "/timezone"],
  ])("(B14) takes no %j: 400 with the field", async (json, pointer) => {
    const { id } = await contact("external_id=pat");
    const before = (await server.api(`/api/contacts/${id}`)).json;
    const refused = await change(id, json);
    expect(refused.status).toBe(400);
    expect(refused.json.errors).toMatchObject([{ pointer }]);
    expect((await server.api(`/api/contacts/${id}`)).json).toEqual(before);
  });
});

const later = {
  name: "Later",
  stop_on: ["order"],
  start: "start",
  blocks: {
    start: { type: "start.event", params: { event: "Signed Up" }, next: { next: "wait" } },
    wait: { type: "wait.for", params: { duration: "PT1H" }, next: { next: "hello" } },
    hello: { type: "send.email", params: { content: "second_purchase_thanks" }, next: { next: "done" } },
    done: { type: "exit" },
  },
};

describe("two contacts who are one person", () => {
  const buy = (userId: string, order: string, total: number) =>
    server.send("track", { userId, event: "Order Completed", properties: { order_id: order, total } });
  const merges = async (id: string) => (await server.api(`/api/merges?contact_id=${id}`)).json.data;

  test("become one by a verified address, in the log, with everything counted once", async () => {
    await server.send("identify", { userId: "eve", traits: { consent: { email: true } } });
    await buy("eve", "eve-1", 10);
    await server.send("identify", { anonymousId: "eve-guest", traits: { email: "eve@example.com" } });
    await server.send("track", {
      anonymousId: "eve-guest",
      event: "Order Completed",
      properties: { order_id: "eve-2", total: 5 },
    });
    const guest = await contact("anonymous_id=eve-guest");
    await server.send("identify", { userId: "eve", traits: { email: "eve@example.com" } });
    const eve = await contact("external_id=eve");
    expect(eve).toMatchObject({ email: "eve@example.com", metrics: { orders: 2, net_total: { amount: 1_500 } } });
    expect((await server.api(`/api/contacts/${guest.id}`)).json).toMatchObject({
      status: "merged",
      merged_into: eve.id,
    });
    expect(await merges(eve.id)).toMatchObject([
      { contact_id: guest.id, into: eve.id, cause: "verified_address", undone_at: null },
    ]);
    expect((await contact("anonymous_id=eve-guest")).id).toBe(eve.id);
    const { data } = (await server.api(`/api/contacts/${eve.id}/timeline`)).json;
    expect(JSON.stringify(data)).toContain("eve-2");
  });

  test("go on with what each of them waited for, without a sweep, and stop it by what either does", async () => {
    const { id } = (await server.post("/api/scenarios", { definition: later })).json;
    await server.post(`/api/scenarios/${id}/activate`);
    for (const user of ["fay", "gil"]) {
      await server.send("identify", { userId: user, traits: {} });
      const guest = { anonymousId: `${user}-guest` };
      const traits = { email: `${user}@example.com`, consent: { email: true } };
      await server.send("identify", { ...guest, traits });
      const bought = { products: [{ product_id: "lamp", name: "Lamp", price: 5 }], order_id: `${user}-1`, total: 5 };
      await server.send("track", { ...guest, event: "Order Completed", properties: bought });
      await server.send("track", { ...guest, event: "Signed Up" });
      await server.send("identify", { userId: user, traits: { email: `${user}@example.com` } });
      const into = await contact(`external_id=${user}`);
      await until(async () => (await merges(into.id))[0]?.state === "done", { what: "the merge to be done" });
    }
    await buy("gil", "gil-2", 5);
    await server.moveClock({ advance: "PT2H" });
    const inbox = async (user: string) => (await server.api(`/dev/inbox.json?to=${user}@example.com`)).json.data;
    expect(await inbox("fay")).toHaveLength(1);
    expect(await inbox("gil")).toEqual([]);
    const { data } = (await server.api(`/api/scenarios/${id}/runs`)).json;
    expect(data.map(({ outcome }: { outcome: string }) => outcome).sort()).toEqual(["completed", "goal"]);
  });

  test("become one by the shop's alias call, which a browser cannot make", async () => {
    await buy("old-name", "old-1", 7);
    await server.send("identify", { userId: "new-name", traits: {} });
    await browse("alias", { previousId: "old-name", userId: "new-name" });
    expect((await contact("external_id=old-name")).external_id).toBe("old-name");
    await server.send("alias", { previousId: "old-name", userId: "new-name" });
    expect(await contact("external_id=old-name")).toMatchObject({ external_id: "new-name", metrics: { orders: 1 } });
  });

  test("are listed as possible duplicates where the shop knows them as two users, and merged by an admin only", async () => {
    for (const [user, name] of [
      ["dup-1", "Dee"],
      ["dup-2", "Dora"],
    ]) {
      await server.send("identify", {
        userId: user,
        traits: { email: "dup@example.com", firstName: name, consent: { email: true } },
      });
      await buy(user as string, `order-${user}`, 10);
    }
    const [one, two] = [await contact("external_id=dup-1"), await contact("external_id=dup-2")];
    expect(one.id).not.toBe(two.id);
    expect((await server.api("/api/contacts/duplicates")).json.data).toContainEqual({
      email: "dup@example.com",
      contact_ids: [one.id, two.id],
    });
    const done = await server.post(`/api/contacts/${two.id}/merge`, { into: one.id });
    expect(done).toMatchObject({
      status: 201,
      json: { into: one.id, contact_id: two.id, cause: "admin", undone_at: null },
    });
    expect(await contact("external_id=dup-2")).toMatchObject({ id: one.id, first_name: "Dee", metrics: { orders: 2 } });
    expect((await server.post(`/api/contacts/${two.id}/merge`, { into: one.id })).status).toBe(409);
    expect((await server.api("/api/contacts/duplicates")).json.data).toEqual([]);

    const undone = await server.post(`/api/merges/${done.json.id}/undo`);
    expect(undone).toMatchObject({ status: 200, json: { state: "done", undone_at: expect.any(String) } });
    const [first, second] = [await contact("external_id=dup-1"), await contact("external_id=dup-2")];
    expect([first, second]).toMatchObject([
      { id: one.id, metrics: { orders: 1 } },
      { id: two.id, first_name: "Dora", status: "verified", metrics: { orders: 1 } },
    ]);
    // A second time is no other undo.
    expect((await server.post(`/api/merges/${done.json.id}/undo`)).json).toEqual(undone.json);
    expect(await merges(two.id)).toHaveLength(1);
  });

  test("cannot become one with themselves, with nobody, or with somebody whom nobody has verified", async () => {
    const one = await contact("external_id=dup-1");
    const visitor = await contact("anonymous_id=attacker");
    expect((await server.post(`/api/contacts/${one.id}/merge`, { into: one.id })).status).toBe(422);
    expect((await server.post(`/api/contacts/${one.id}/merge`, { into: visitor.id })).status).toBe(409);
    expect((await server.post(`/api/contacts/${one.id}/merge`, { into: "ct_000000zzzz" })).status).toBe(400);
    expect((await server.post("/api/merges/mrg_none/undo")).status).toBe(404);
  });
});
