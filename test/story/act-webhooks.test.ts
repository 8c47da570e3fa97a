import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startFaultyReceiver } from "../support/fault-receiver";
import type { ApiAnswer, Server } from "../support/server";
import { startServer, until } from "../support/server";

let server: Server;
let receiver: Awaited<ReturnType<typeof startFaultyReceiver>>;

beforeAll(async () => {
  [server, receiver] = await Promise.all([startServer({ tick: 0, at: "2026-03-02T10:00:00Z" }), startFaultyReceiver()]);
  const settings = { emails: ["ops@shop.example"] };
  expect((await server.put("/api/settings/alerts", settings)).status).toBe(200);
});

afterAll(async () => {
  await Promise.all([server.stop(), receiver.stop()]);
});

/** A scenario that calls an address, and says afterwards that it went on. */
function calling(event: string, params: object) {
  return {
    name: `Call on ${event}`,
    stop_on: ["withdrawal"],
    start: "start",
    blocks: {
      start: { type: "start.event", params: { event }, next: { next: "call" } },
      call: { type: "webhook", params, next: { next: "done" } },
      done: { type: "exit", params: { outcome: "completed", reason: "went_on" } },
    },
  };
}

const save = (params: object): Promise<ApiAnswer> =>
  server.post("/api/scenarios", { definition: calling("Never", params) });

async function activate(event: string, params: object): Promise<string> {
  const made = await server.post("/api/scenarios", { definition: calling(event, params) });
  expect(made.status, made.text).toBe(201);
  const { id } = made.json as { id: string };
  expect((await server.post(`/api/scenarios/${id}/activate`)).status).toBe(200);
  return id;
}

/** Somebody does something, and everything that follows now is over. */
async function tell(user: string, event: string, properties: object = {}): Promise<void> {
  await server.send("identify", {
    userId: user,
    traits: { email: `${user}@shop.test`, firstName: "Ann", secret_note: "x" },
  });
  await server.send("track", { userId: user, event, properties });
  await server.moveClock({ advance: "PT1S" });
}

async function acts(user: string) {
  const sql =
    "SELECT a.id, a.state, a.result, a.attempts FROM acts a JOIN contacts c ON c.id = a.contact WHERE c.external_id = ?1";
  return server.rows<{ id: string; state: string; result: string; attempts: number }>(sql, user);
}

async function runs(user: string) {
  const sql = "SELECT r.reason FROM runs r JOIN contacts c ON c.id = r.contact WHERE c.external_id = ?1";
  return server.rows<{ reason: string }>(sql, user);
}

describe("an address is looked at when it is saved", () => {
  test.each([
    ["F01", "http://10.0.0.1/hook"],
    ["F01", "https://169.254.169.254/latest"],
    ["F02", "http://[fd00::1]/"],
    ["F02", "https://[fe80::1]/"],
    ["F05", "https://rebind.example/hook"],
    ["F06", "https://hooks.example:6379/"],
    ["F06", "ftp://hooks.example/"],
    ["F06", "file:///etc/passwd"],
    ["F06", "gopher://hooks.example/"],
  ])("%s: %s is refused at its place", async (_, url) => {
    const { status, json } = await save({ url });
    expect(status).toBe(422);
    expect(json).toMatchObject({ errors: [{ pointer: "/definition/blocks/call/params/url" }] });
  });

  test.each([
    ["a line break", { "x-note": "a\r\nHost: evil.example" }, "x-note"],
    ["a name with a line break", { "x\r\nHost": "evil.example" }, "x\r\nHost"],
    ["the host", { Host: "evil.example" }, "Host"],
    ["our signature", { "webhook-signature": "v1,x" }, "webhook-signature"],
  ])("F10: headers may not hold %s", async (_, headers, name) => {
    const { status, json } = await save({ url: `${receiver.url}/ok`, headers });
    expect(status).toBe(422);
    const [error] = (json as { errors: { pointer: string }[] }).errors;
    expect(error?.pointer).toBe(`/definition/blocks/call/params/headers/${name}`);
  });

  test("F11: only fields of the list can be told, and the address holds no placeholder", async () => {
    for (const params of [
      { url: `${receiver.url}/ok`, fields: ["contact_id", "attributes"] },
      { url: `${receiver.url}/ok`, body: "{{ contact }}" },
      { url: `${receiver.url}/ok?key={{secret}}` },
    ]) {
      expect((await save(params)).status).toBe(422);
    }
  });
});

describe("a call", () => {
  test("F11, F12: tells what was chosen and no more, and is signed under the act's id", async () => {
    const headers = { "x-shop": "lumen" };
    const fields = ["contact_id", "email", "scenario"];
    const id = await activate("Asked", { url: `${receiver.url}/ok`, headers, fields, event_fields: ["size", "none"] });
    await tell("ann", "Asked", { size: "M", card: "4970" });
    const [call, ...others] = receiver.callsTo("/ok");
    expect(others).toEqual([]);
    const body = JSON.parse(call?.body ?? "") as { data: object };
    expect(body).toMatchObject({ type: "scenario.webhook", timestamp: expect.stringMatching(/^2026-03-02T10:00/) });
    expect(body.data).toEqual({
      contact_id: expect.stringMatching(/^ct_/),
      email: "ann@shop.test",
      scenario: id,
      event: { size: "M", none: null },
    });
    const [act] = await acts("ann");
    expect(act).toMatchObject({ state: "done", result: "delivered" });
    expect(call?.headers).toMatchObject({ "x-shop": "lumen", "webhook-id": act?.id });
    const { json } = await server.api(`/api/webhook-endpoints?url=${encodeURIComponent(`${receiver.url}/ok`)}`);
    const { secret, state } = json as { secret: string; state: string };
    expect(state).toBe("ok");
    const signed = `${act?.id}.${String(call?.headers["webhook-timestamp"])}.${call?.body}`;
    const mac = createHmac("sha256", Buffer.from(secret.slice(6), "base64"))
      .update(signed)
      .digest("base64");
    expect(call?.headers["webhook-signature"]).toBe(`v1,${mac}`);
  });

  test("F12: that is repeated comes under the same id, with a time of its own", async () => {
    receiver.answer("/500/first", 500);
    await activate("Repeated", { url: `${receiver.url}/500/first` });
    await tell("bob", "Repeated");
    receiver.answer("/500/first", 200);
    await server.moveClock({ advance: "PT5M" });
    const calls = receiver.callsTo("/500/first");
    expect(calls).toHaveLength(2);
    expect(calls[1]?.headers["webhook-id"]).toBe(calls[0]?.headers["webhook-id"]);
    expect(calls[1]?.headers["webhook-timestamp"]).not.toBe(calls[0]?.headers["webhook-timestamp"]);
    expect(await acts("bob")).toMatchObject([{ state: "done", result: "delivered" }]);
  });

  test("F04: is not sent on to where a redirect leads", async () => {
    await activate("Redirected", { url: `${receiver.url}/302` });
    await tell("cid", "Redirected");
    expect(await acts("cid")).toMatchObject([{ state: "pending", result: "redirect" }]);
    expect(receiver.callsTo("/ok?from=302")).toEqual([]);
    expect(await runs("cid")).toMatchObject([{ reason: "went_on" }]);
  });

  test("F08: is given ten seconds, and its answer 64 KB", async () => {
    await activate("Slow", { url: `${receiver.url}/slow` });
    await activate("Huge", { url: `${receiver.url}/huge` });
    const begun = Date.now();
    await Promise.all([
      server.send("track", { userId: "dan", event: "Slow" }),
      server.send("track", { userId: "eve", event: "Huge" }),
    ]);
    await server.moveClock({ advance: "PT1S" });
    expect(Date.now() - begun).toBeGreaterThan(9_000);
    expect(await acts("dan")).toMatchObject([{ state: "pending", result: "timeout" }]);
    expect(await acts("eve")).toMatchObject([{ state: "pending", result: "too-large" }]);
    expect(receiver.sent.huge).toBeLessThan(50 * 2 ** 20);
    // Nobody waited for either.
    expect(await runs("dan")).toMatchObject([{ reason: "went_on" }]);
    await server.rows("UPDATE acts SET state = 'failed' WHERE state = 'pending'");
  });

  test("F09: that always fails is repeated ever less often, given up after five days, and an operator hears of it", async () => {
    await activate("Failing", { url: `${receiver.url}/500/always` });
    await tell("fay", "Failing");
    expect(await runs("fay")).toMatchObject([{ reason: "went_on" }]);
    await server.moveClock({ advance: "P1D" });
    const dayOne = receiver.callsTo("/500/always").length;
    expect(dayOne).toBeGreaterThan(8);
    await server.moveClock({ advance: "P3D" });
    expect(await acts("fay")).toMatchObject([{ state: "pending", result: "status-500" }]);
    const alerts = async () =>
      (await server.api("/api/alerts")).json as { data: { rule: string; closed_at: string }[] };
    expect((await alerts()).data.filter(({ rule }) => rule === "scenario-webhook-failing")).toEqual([]);
    await server.moveClock({ advance: "P2D" });
    const calls = receiver.callsTo("/500/always").length;
    expect(calls - dayOne).toBeLessThan(25);
    expect(await acts("fay")).toMatchObject([{ state: "failed", result: "given_up" }]);
    expect((await alerts()).data).toMatchObject([{ rule: "scenario-webhook-failing", subject: receiver.url }]);
    // Open: the next one is not called for, and its contact goes on as well.
    await tell("gus", "Failing");
    expect(receiver.callsTo("/500/always")).toHaveLength(calls);
    expect(await acts("gus")).toMatchObject([{ state: "failed", result: "given_up" }]);
    expect(await runs("gus")).toMatchObject([{ reason: "went_on" }]);
    // Once a day it is asked whether it is back.
    receiver.answer("/500/always", 200);
    await server.moveClock({ advance: "P1D" });
    await tell("hal", "Failing");
    expect(await acts("hal")).toMatchObject([{ state: "done", result: "delivered" }]);
    await server.moveClock({ advance: "PT10M" });
    expect((await alerts()).data[0]?.closed_at).not.toBe(null);
  });

  test("outlives a power cut in the middle of it, under the same id", async () => {
    await activate("Cut", { url: `${receiver.url}/held` });
    void server.send("track", { userId: "ida", event: "Cut" }).catch(() => undefined);
    await until(() => receiver.callsTo("/held").length > 0, { what: "the call" });
    server = await server.restart();
    expect(await acts("ida")).toMatchObject([{ state: "pending", result: "taken" }]);
    receiver.answer("/held", 200);
    // Whoever took it is gone: it is another's again when a minute is over.
    await server.rows("UPDATE acts SET next_at = next_at - 60000 WHERE state = 'pending'");
    await server.moveClock({ advance: "PT1S" });
    expect(await acts("ida")).toMatchObject([{ state: "done", result: "delivered" }]);
    const [first, second] = receiver.callsTo("/held");
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
  });
});
