import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { leaksOf } from "../support/canary";
import { type Server, startServer, until } from "../support/server";

const CANARY = { email: "zz-canary-7f3@x.test", phone: "+33698700731" };

let server: Server;
const said: string[] = [];

beforeAll(async () => {
  server = await startServer({ tick: 0, said: (line) => said.push(line) });
});

afterAll(async () => {
  await server.stop();
});

async function known(user: string) {
  const { json } = await server.api(`/api/contacts?external_id=${user}`);
  return json.data[0];
}

/** Somebody who signed in on a browser, agreed and bought. */
async function customer(user: string, email = `${user}@x.test`) {
  const traits = { email, first_name: user, consent: { email: true }, consent_wording: "w", consent_source: "s" };
  const who = { userId: user, anonymousId: `browser-of-${user}` };
  await server.send("identify", { ...who, traits });
  await server.send("track", { ...who, event: "Order Completed", properties: { order_id: `o-${user}`, total: 12 } });
  return known(user);
}

const erase = (id: string) => server.api(`/api/contacts/${id}`, { method: "DELETE" });

async function done(request: string) {
  return until(
    async () => {
      const { json } = await server.api(`/api/privacy/requests/${request}`);
      return json.done_at ? json : null;
    },
    { what: "the erasure to be done" },
  );
}

describe("DELETE /api/contacts/{id}", () => {
  test("empties the contact at once, is carried out, and is one request however often it is sent", async () => {
    const { id } = await customer("leaver");
    const first = await erase(id);
    expect(first.status).toBe(202);
    expect(first.headers.get("location")).toBe(`/api/privacy/requests/${first.json.id}`);
    expect((await server.api(`/api/contacts/${id}`)).json).toMatchObject({
      status: "erased",
      email: null,
      first_name: null,
      external_id: null,
      consents: {},
      metrics: { orders: 0 },
    });
    expect(await done(first.json.id)).toMatchObject({ contact_id: id, kind: "erasure", asked_by: "admin" });
    expect((await erase(id)).json).toEqual(first.json);
    expect(await known("leaver")).toBeUndefined();
    const events = (await server.api(`/api/contacts/${id}/timeline`)).json;
    expect(JSON.stringify(events)).not.toContain("leaver");
  });

  test("of somebody unknown is 404", async () => {
    expect((await erase("ct_00000zzzzz")).status).toBe(404);
    expect((await erase("nobody")).status).toBe(404);
  });
});

describe("somebody who was erased (B15, I10)", () => {
  test("is brought back neither by an admin, nor by an import, nor by an old browser", async () => {
    const { id } = await customer("erased");
    const { json } = await erase(id);
    await done(json.id);
    const grant = { consent: { email: true }, source: "s", wording: "w", at: "2020-01-01T00:00:00Z" };
    const answers = [
      await server.post(`/api/contacts/${id}/consents`, grant),
      await server.post("/api/privacy/requests", { contact_id: id, kind: "access" }),
      await server.api(`/api/contacts/${id}/export`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([409, 409, 409]);

    const file = "external_id,email,first_name\nerased,,A\nother-id,erased@x.test,B\nfresh,fresh@x.test,C\n";
    const { json: made } = await server.api("/api/imports?kind=contacts", { method: "POST", body: file });
    const state = (await server.api(`/api/imports/${made.id}`)).json;
    expect(state).toMatchObject({ status: "done", rows: 3, accepted: 1, rejected_count: 2 });
    expect(state.rejected).toEqual([2, 3].map((line) => ({ line, reason: "is about somebody who was erased" })));

    const page = { anonymousId: "browser-of-erased", name: "Home", writeKey: "wk_local" };
    const headers = { "content-type": "application/json" };
    const seen = await fetch(`${server.url}/v1/page`, { method: "POST", headers, body: JSON.stringify(page) });
    expect(seen.status).toBe(200);
    await server.send("identify", { userId: "erased", traits: { email: "erased@x.test" } });
    const byBrowser = await server.api("/api/contacts?anonymous_id=browser-of-erased");
    expect(byBrowser.json.data).toEqual([]);
    expect([await known("erased"), await known("other-id")]).toEqual([undefined, undefined]);
    expect(await known("fresh")).toMatchObject({ first_name: "C" });
  });

  test("is no part of a merge, nor of an undo: 409", async () => {
    const [gone, other] = [await customer("merge-gone"), await customer("merge-other")];
    const merge = (one: string, into: string) => server.post(`/api/contacts/${one}/merge`, { into });
    const made = await merge((await customer("merge-loser")).id, gone.id);
    expect(made.status).toBe(201);
    const { json } = await erase(gone.id);
    const undo = await server.api(`/api/merges/${made.json.id}/undo`, { method: "POST" });
    // Refused while the row is there, unknown once it is gone.
    expect([409, 404]).toContain(undo.status);
    expect((await merge(gone.id, other.id)).status).toBe(409);
    expect((await merge(other.id, gone.id)).status).toBe(409);
    await done(json.id);
    expect((await server.api(`/api/merges/${made.json.id}/undo`, { method: "POST" })).status).toBe(404);
    expect((await server.api(`/api/contacts/${made.json.contact_id}`)).json.status).toBe("erased");
    expect(await known("merge-other")).toMatchObject({ id: other.id, status: "verified" });
  });
});

describe("access", () => {
  test("gives one JSON with everything, and its request is marked as answered", async () => {
    const { id } = await customer("asker");
    const asked = await server.api("/api/privacy/requests", {
      method: "POST",
      json: { contact_id: id, kind: "access" },
      headers: { "Idempotency-Key": "access-1" },
    });
    expect(asked.status).toBe(201);
    const { json: all } = await server.api(`/api/contacts/${id}/export`);
    expect(all).toMatchObject({ profile: { id, email: "asker@x.test" }, consents: [{ wording: "w", source: "s" }] });
    expect(all.events.map(({ name, type }: { name: string; type: string }) => name || type)).toContain(
      "Order Completed",
    );
    expect(all.tables.orders).toMatchObject([{ order_id: "o-asker" }]);
    expect(all.tables.privacy_requests).toMatchObject([{ id: asked.json.id }]);
    const path = `/api/privacy/requests/${asked.json.id}`;
    expect((await server.api(`${path}/done`, { method: "POST" })).json.done_at).not.toBeNull();
  });
});

describe("the log of requests", () => {
  test("shows what is overdue first, then what is due next, then what is done", async () => {
    await server.moveClock({ scale: 0 });
    const ask = async (user: string) => {
      const json = { contact_id: (await customer(user)).id, kind: "access" };
      return (await server.post("/api/privacy/requests", json)).json.id;
    };
    const first = await ask("log-1");
    await server.moveClock({ advance: "P40D" });
    const second = await ask("log-2");
    const third = await ask("log-3");
    await server.api(`/api/privacy/requests/${second}/done`, { method: "POST" });
    const { data } = (await server.api("/api/privacy/requests")).json;
    const ids: string[] = data.map(({ id }: { id: string }) => id);
    const among = ids.filter((id) => [first, second, third].includes(id));
    expect(among).toEqual([first, third, second]);
    expect(data.find(({ id }: { id: string }) => id === first).overdue).toBe(true);
    expect(data.find(({ id }: { id: string }) => id === third).overdue).toBe(false);
    const paged = await server.api("/api/privacy/requests?limit=1");
    const next = await server.api(`/api/privacy/requests?limit=1&cursor=${paged.json.next_cursor}`);
    expect([...paged.json.data, ...next.json.data].map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
  });
});

describe("what lies outside of the database", () => {
  test("survives a restart: the list of erasures that a restored database repeats", async () => {
    const keys = async (): Promise<string[]> => {
      const { objects } = await (await server.mf.getR2Bucket("ARCHIVE")).list({ prefix: "erasures/" });
      return objects.map(({ key }) => key);
    };
    const before = await keys();
    expect(before.length).toBeGreaterThan(0);
    server = await server.restart();
    expect(await keys()).toEqual(before);
  });
});

describe("a mark that is followed through the product (J01)", () => {
  test("stands in no log line, no URL and no error", async () => {
    const leaks = leaksOf(server, said, [CANARY.email, CANARY.phone, "zz-canary"]);
    const { json: scenario } = await server.post("/api/scenarios", {
      template: "second-purchase",
      params: { holdout: 0 },
    });
    expect((await server.api(`/api/scenarios/${scenario.id}/activate`, { method: "POST" })).status).toBe(200);
    const { id } = await customer("zz-canary", CANARY.email);
    await server.send("identify", { userId: "zz-canary", traits: { phone: CANARY.phone, country: "FR" } });
    const wrong = {
      event: CANARY.email,
      type: CANARY.email,
      traits: CANARY.email,
      properties: { total: CANARY.phone },
    };
    await leaks.send("track", { userId: "zz-canary", ...wrong });
    await leaks.send("identify", { userId: "zz-canary", traits: { email: `${CANARY.email},${CANARY.email}` } });
    await leaks.send("batch", CANARY.email);
    await leaks.api(`/api/contacts/${encodeURIComponent(CANARY.email)}`);
    await leaks.api(`/api/contacts?email=${encodeURIComponent(`${CANARY.email},`)}`);
    await leaks.api(`/api/contacts/${id}/consents`, { method: "POST", json: { consent: CANARY.email } });
    await leaks.api(`/api/imports?kind=${encodeURIComponent(CANARY.email)}`, { method: "POST", body: "a,b" });
    // An error whose own words quote somebody.
    const db = await server.mf.getD1Database("DB");
    const quoting = `SELECT RAISE(ABORT, 'UNIQUE failed: ${CANARY.email} ${CANARY.phone}')`;
    await db.prepare(`CREATE TRIGGER quoting BEFORE INSERT ON imports BEGIN ${quoting}; END`).run();
    await leaks.api("/api/imports?kind=contacts", { method: "POST", body: "external_id\nx\n" });
    await db.prepare("DROP TRIGGER quoting").run();
    await server.moveClock({ advance: "P30D" });
    // Something was sent, said and refused, or this would prove nothing.
    expect((await server.api(`/dev/inbox.json?to=${CANARY.email}`)).json.data.length).toBeGreaterThan(0);
    expect(said.filter((line) => line.includes("[address] [phone]"))).toHaveLength(1);
    expect(leaks.refusals).toBeGreaterThan(4);
    expect(await leaks.found()).toEqual([]);
    const { json } = await erase(id);
    const request = await done(json.id);
    expect((await server.api(`/dev/inbox.json?to=${CANARY.email}`)).json.data).toEqual([]);
    expect(await leaks.found()).toEqual([]);

    // What the channel's provider took is on the list until somebody says that it is deleted there.
    expect(request.provider_deletions).toMatchObject([{ channel: "email", done_at: null }]);
    const deleted = (channel: string) =>
      server.api(`/api/privacy/requests/${json.id}/provider-deletions/${channel}/done`, { method: "POST" });
    expect((await deleted("email")).json.provider_deletions[0].done_at).not.toBeNull();
    expect((await deleted("pigeon")).status).toBe(404);
  });
});
