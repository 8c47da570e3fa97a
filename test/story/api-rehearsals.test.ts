import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { derivedId } from "../../src/shared/ids";
import type { ApiAnswer, Server } from "../support/server";
import { keys, startServer, until } from "../support/server";

// Rehearsals over HTTP, as an operator asks for them: two weeks of a small shop, and a draft that is not live.
const PEOPLE = 12;
const period = { from: "2026-01-06T00:00:00Z", to: "2026-01-25T00:00:00Z" };

let server: Server;
let id: string;

const definition = (wait: string) => ({
  name: "Hello",
  stop_on: ["withdrawal"],
  start: "start",
  blocks: {
    start: { type: "start.event", params: { event: "Signed Up" }, next: { next: "wait" } },
    wait: { type: "wait.for", params: { duration: wait }, next: { next: "hello" } },
    hello: { type: "send.sms", params: { content: "second_purchase_sms" }, next: { next: "done" } },
    done: { type: "exit" },
  },
});

beforeAll(async () => {
  server = await startServer({ tick: 0, at: "2026-01-05T10:00:00Z" });
  id = (await server.post("/api/scenarios", { definition: definition("PT1H") })).json.id;
  await server.put(`/api/scenarios/${id}`, { definition: definition("P2D") });
  for (let person = 0; person < PEOPLE; person++) {
    const userId = `guest-${person}`;
    // One in three can be written to.
    const traits = {
      email: `${userId}@shop.test`,
      phone: `+3361200${1000 + person}`,
      consent: { sms: person % 3 === 0 },
    };
    await server.send("identify", { userId, traits });
  }
  expect((await server.moveClock({ advance: "P3D" })).status).toBe(200);
  for (let person = 0; person < PEOPLE; person++)
    await server.send("track", { userId: `guest-${person}`, event: "Signed Up" });
  expect((await server.moveClock({ advance: "P12D" })).status).toBe(200);
});

afterAll(() => server.stop());

const begin = (body: object = period, headers: Record<string, string> = {}): Promise<ApiAnswer> =>
  server.api(`/api/scenarios/${id}/rehearsals`, { method: "POST", json: body, headers });

const find = async (rehearsal: string) => (await server.api(`/api/rehearsals/${rehearsal}`)).json;

/** Waits until it is over. */
async function over(rehearsal: string) {
  await until(async () => (await find(rehearsal)).status !== "running", { what: "the rehearsal to be over" });
  return find(rehearsal);
}

/** Somebody else is at a rehearsal that is about to begin, and has died: nothing carries it on. Returns its key and id. */
async function stuck(key: string): Promise<{ key: string; rehearsal: string }> {
  const request = derivedId("idem", "POST", `/api/scenarios/${id}/rehearsals`, key);
  const rehearsal = derivedId("reh", request);
  const lease = "INSERT INTO settings (key, value) VALUES (?1, ?2)";
  await server.rows(lease, `lease:rehearsal:${rehearsal}`, String(Date.now() + 60_000));
  return { key, rehearsal };
}

/** The lines of a stream, as they come. */
async function* linesOf(rehearsal: string): AsyncGenerator<Record<string, Record<string, unknown>>> {
  const headers = { authorization: `Bearer ${keys.admin}`, accept: "application/x-ndjson" };
  const answer = await fetch(`${server.url}/api/rehearsals/${rehearsal}`, { headers });
  expect(answer.headers.get("content-type")).toBe("application/x-ndjson");
  let rest = "";
  for await (const text of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line) as Record<string, Record<string, unknown>>;
  }
}

test("goes on by itself and says what the draft comes to, and what it takes for granted", async () => {
  const begun = await begin({ ...period, compare: 1 });
  expect([begun.status, begun.json]).toMatchObject([
    202,
    { scenario: id, version: 2, compare: 1, from: "2026-01-06T00:00:00.000Z" },
  ]);
  const done = await over(begun.json.id);
  const totals = { entered: PEOPLE, outcomes: { completed: PEOPLE }, withheld: { no_consent: 8 } };
  expect(done).toMatchObject({
    status: "done",
    phase: null,
    progress: 1,
    events: 2 * PEOPLE,
    totals,
    compared: totals,
  });
  expect(done.totals.messages).toEqual({ sms: { "2026-01-10": 4 } });
  expect(done.compared.messages).toEqual({ sms: { "2026-01-08": 4 } });
  expect(done.totals.sms).toMatchObject({ messages: 4, by_country: { FR: { messages: 4 } } });
  expect(done.totals.sms.cost).toEqual({ amount: expect.any(Number), currency: "EUR" });
  expect(done.assumptions).toContainEqual({
    code: "state_of_history",
    text: {
      en: "Profiles, consents, carts, orders and points are as they were at each moment.",
      fr: "Profils, consentements, paniers, commandes et points sont ceux de chaque instant.",
    },
  });
  const { data } = (await server.api(`/api/scenarios/${id}/rehearsals`)).json;
  expect(data[0]).toEqual(done);
  for (const table of ["runs", "decisions", "sends"]) expect(await server.rows(`SELECT * FROM ${table}`)).toEqual([]);
});

test("lists who would have come in, page by page, by what became of them and of their messages", async () => {
  const { id: rehearsal } = await over((await begin({ ...period, compare: 1 })).json.id);
  const page = async (query: string) => server.api(`/api/rehearsals/${rehearsal}/entries?${query}`);
  const first = (await page("limit=5")).json;
  const second = (await page(`limit=50&cursor=${first.next_cursor}`)).json;
  expect([first.data.length, second.data.length, second.next_cursor]).toEqual([5, PEOPLE - 5, null]);
  const names = [...first.data, ...second.data].map(({ external_id: who }) => who);
  expect(names.sort()).toEqual(Array.from({ length: PEOPLE }, (_, person) => `guest-${person}`).sort());
  const { contact_id: contact, external_id: who } = first.data[0];
  expect((await server.api(`/api/contacts/${contact}`)).json).toMatchObject({ external_id: who });
  const withheld = (await page("withheld=no_consent")).json.data;
  expect(withheld).toHaveLength(8);
  expect(withheld[0]).toMatchObject({
    outcome: "completed",
    messages: [{ decision: "suppressed", reason: "no_consent" }],
  });
  expect((await page("outcome=goal")).json.data).toEqual([]);
  const [sooner] = (await page("side=compare&limit=1")).json.data;
  expect([sooner.exited_at.slice(0, 10), first.data[0].exited_at.slice(0, 10)]).toEqual(["2026-01-08", "2026-01-10"]);
});

describe("one that is under way", () => {
  test("tells line by line how far it is, and ends when it is cancelled", async () => {
    const { key, rehearsal } = await stuck("watched");
    expect((await begin(period, { "Idempotency-Key": key })).json).toMatchObject({ id: rehearsal, status: "running" });
    const lines = linesOf(rehearsal);
    expect((await lines.next()).value).toEqual({ progress: { phase: "look", done: 0, events: 0 } });
    const cancelled = await server.post(`/api/rehearsals/${rehearsal}/cancel`);
    expect([cancelled.status, cancelled.json]).toMatchObject([200, { status: "cancelled", totals: null }]);
    expect((await lines.next()).value).toMatchObject({ rehearsal: { id: rehearsal, status: "cancelled" } });
    expect((await lines.next()).done).toBe(true);
    expect((await server.api(`/api/rehearsals/${rehearsal}/entries`)).json.data).toEqual([]);
  });

  test("is carried on by the sweep after whoever worked on it was killed", async () => {
    const { key, rehearsal } = await stuck("killed");
    await begin(period, { "Idempotency-Key": key });
    server = await server.restart();
    expect((await find(rehearsal)).status).toBe("running");
    await server.rows("UPDATE settings SET value = '0' WHERE key = ?1", `lease:rehearsal:${rehearsal}`);
    await server.scheduled("*/5 * * * *");
    expect(await over(rehearsal)).toMatchObject({ status: "done", totals: { entered: PEOPLE } });
    const lines: unknown[] = [];
    for await (const line of linesOf(rehearsal)) lines.push(line);
    expect(lines).toEqual([{ rehearsal: await find(rehearsal) }]);
  });

  test("is begun once by a request that is sent again, and stays as it is once it is over", async () => {
    const headers = { "Idempotency-Key": "twice" };
    const [first, again] = [await begin(period, headers), await begin(period, headers)];
    expect(again.json.id).toBe(first.json.id);
    expect((await over(first.json.id)).status).toBe("done");
    expect((await server.post(`/api/rehearsals/${first.json.id}/cancel`)).json.status).toBe("done");
    const other = await begin({ ...period, version: 1 }, headers);
    expect([other.status, other.json.type]).toEqual([422, "https://relance.dev/problems/unprocessable"]);
    // The first one has died before its answer, a moment ago.
    await server.rows("UPDATE idempotency SET status = NULL, body = NULL");
    const atWork = await begin(period, headers);
    expect([atWork.status, atWork.json.type]).toEqual([409, "https://relance.dev/problems/conflict"]);
  });
});

test("what cannot be rehearsed is refused with the place of what is wrong", async () => {
  const wrong: [object, number, string][] = [
    [{ from: period.from }, 400, "/to"],
    [{ ...period, from: "yesterday" }, 400, "/from"],
    [{ from: period.to, to: period.from }, 400, "/from"],
    [{ ...period, speed: 2 }, 400, "/speed"],
    [{ ...period, version: 0 }, 400, "/version"],
    [{ ...period, assume: { opened: 2 } }, 400, "/assume/opened"],
    [{ ...period, version: 9 }, 422, "/version"],
    [{ ...period, compare: 9 }, 422, "/compare"],
  ];
  for (const [body, status, pointer] of wrong) {
    const answer = await begin(body);
    const pointers = (answer.json.errors ?? []).map((error: { pointer: string }) => error.pointer);
    expect([answer.status, pointers], JSON.stringify(body)).toEqual([status, [pointer]]);
  }
  expect((await server.post("/api/scenarios/scn_none/rehearsals", period)).status).toBe(404);
  for (const path of ["", "/entries"]) expect((await server.api(`/api/rehearsals/reh_none${path}`)).status).toBe(404);
  const stream = { headers: { accept: "application/x-ndjson" } };
  expect((await server.api("/api/rehearsals/reh_none", stream)).status).toBe(404);
  expect((await server.post("/api/rehearsals/reh_none/cancel")).status).toBe(404);
  const nobody = { headers: { authorization: "Bearer nobody" } };
  expect((await server.api("/api/rehearsals/reh_none", nobody)).status).toBe(401);
  const { id: rehearsal } = await over((await begin()).json.id);
  expect((await server.api(`/api/rehearsals/${rehearsal}/entries?side=left`)).status).toBe(400);
});
