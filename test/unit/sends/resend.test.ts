import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { resendEmail } from "../../../src/sends/channels/resend-email";
import type { Channel } from "../../../src/sends/message";
import { type RunningServer, type ServerOptions, startResendServer } from "../../support/resend-server.mjs";
import { messageOf } from "./outgoing";

const HOUR = 60 * 60_000;
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function start(
  options: ServerOptions = {},
  timeoutMs = 5_000,
): Promise<{ server: RunningServer; email: Channel }> {
  const server = await startResendServer({ apiKey: "re_test", ...options });
  open.push(server);
  return { server, email: resendEmail({ apiKey: "re_test", baseUrl: `${server.url}/`, timeoutMs }) };
}

/** A provider that answers whatever it is told to. */
async function answering(status: number, body: string, headers: Record<string, string> = {}): Promise<Channel> {
  const http = createServer((_, response) => response.writeHead(status, headers).end(body));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  open.push({ close: () => new Promise((resolve) => http.close(() => resolve())) });
  const { port } = http.address() as { port: number };
  return resendEmail({ apiKey: "re_test", baseUrl: `http://127.0.0.1:${port}` });
}

describe("email through Resend", () => {
  it("is accepted with all its parts, its key and its tags", async () => {
    const { server, email } = await start();
    const outcome = await email.send(messageOf());
    const [entry] = server.ledger;
    expect(outcome).toEqual({ state: "accepted", providerId: entry?.id });
    expect(entry).toMatchObject({
      idempotencyKey: "send_1",
      to: ["camille@example.test"],
      subject: "You left this behind",
      headers: messageOf().headers,
      calls: 1,
    });
    expect(entry?.tags).toEqual([
      { name: "send", value: "send_1" },
      { name: "contact", value: "ct_1" },
      { name: "scenario", value: "abandoned-cart" },
      { name: "block", value: "remind_once" },
    ]);
    expect(server.email(entry?.id ?? "")).toMatchObject({ html: "<p>Hello</p>", text: "Hello" });
  });

  it("is accepted once, however often it is repeated", async () => {
    const { server, email } = await start();
    const first = await email.send(messageOf());
    expect(await email.send(messageOf({ sentAt: 1 }))).toEqual(first);
    expect(server.ledger.map(({ calls }) => calls)).toEqual([2]);
  });

  it("is unknown when its key stands for another body, and not sent again", async () => {
    const { server, email } = await start();
    await email.send(messageOf());
    const changed = await email.send(messageOf({ subject: "Changed" }));
    expect(changed).toEqual({ state: "unknown", reason: "invalid_idempotent_request" });
    expect(server.ledger).toHaveLength(1);
  });

  it("waits as long as the provider asks when there is too much of it", async () => {
    const { email } = await start({ script: [{ fault: "rate_limit", retryAfter: 7 }, "daily_quota"] });
    expect(await email.send(messageOf())).toEqual({ state: "retry", reason: "rate_limit_exceeded", afterMs: 7_000 });
    expect(await email.send(messageOf())).toEqual({ state: "retry", reason: "daily_quota_exceeded", afterMs: HOUR });
    expect(await email.send(messageOf())).toMatchObject({ state: "accepted" });
  });

  it("reads a date to wait for by the provider's own clock", async () => {
    const dates = { date: "Wed, 21 Oct 2026 07:28:00 GMT", "retry-after": "Wed, 21 Oct 2026 07:28:30 GMT" };
    const email = await answering(429, '{"name":"rate_limit_exceeded","statusCode":429,"message":""}', dates);
    expect(await email.send(messageOf())).toMatchObject({ state: "retry", afterMs: 30_000 });
  });

  it("is tried again after an error before it was accepted", async () => {
    const { server, email } = await start({ script: ["error_before", { fault: "error_before", status: 503 }] });
    expect(await email.send(messageOf())).toMatchObject({ state: "retry", reason: "internal_server_error_500" });
    expect(await email.send(messageOf())).toMatchObject({ state: "retry", reason: "internal_server_error_503" });
    expect(server.ledger).toHaveLength(0);
    expect(await email.send(messageOf())).toMatchObject({ state: "accepted" });
    expect(server.ledger).toHaveLength(1);
  });

  it.each(["error_after", "reset_after"] as const)("is in the ledger once when %s hides that it was", async (fault) => {
    const { server, email } = await start({ script: [fault] });
    expect(await email.send(messageOf())).toMatchObject({ state: "retry" });
    expect(await email.send(messageOf())).toEqual({ state: "accepted", providerId: server.ledger[0]?.id });
    expect(server.ledger.map(({ calls }) => calls)).toEqual([2]);
    expect(server.doubled()).toEqual([]);
  });

  it("is tried again after a connection that was reset", async () => {
    const { server, email } = await start({ script: ["reset_before"] });
    expect(await email.send(messageOf())).toEqual({ state: "retry", reason: "network", afterMs: null });
    expect(server.ledger).toHaveLength(0);
  });

  it("does not wait for an answer for ever", async () => {
    const { server, email } = await start({ script: [{ fault: "delay_after", delayMs: 2_000 }] }, 100);
    expect(await email.send(messageOf())).toEqual({ state: "retry", reason: "network", afterMs: null });
    const patient = resendEmail({ apiKey: "re_test", baseUrl: `${server.url}/`, timeoutMs: 5_000 });
    expect(await patient.send(messageOf())).toMatchObject({ state: "accepted" });
    expect(server.ledger).toHaveLength(1);
  });

  it("is tried again when the same call is still under way", async () => {
    const { server, email } = await start({ script: ["hold"] });
    const first = email.send(messageOf());
    await expect.poll(() => server.state().held).toBe(1);
    expect(await email.send(messageOf())).toMatchObject({ state: "retry", reason: "concurrent_idempotent_requests" });
    server.control({ release: 1 });
    expect(await first).toMatchObject({ state: "accepted" });
    expect(server.ledger).toHaveLength(1);
  });

  it("has failed when it is refused for what it is", async () => {
    const { email } = await start();
    const refused = await email.send(messageOf({ to: "nobody" }));
    expect(refused).toEqual({ state: "failed", reason: "validation_error_422" });
  });

  it("waits where the account is wrong, as that is no fault of the message", async () => {
    const { server } = await start();
    const email = resendEmail({ apiKey: "re_other", baseUrl: server.url });
    expect(await email.send(messageOf())).toEqual({
      state: "retry",
      reason: "invalid_api_key_403",
      afterMs: 5 * 60_000,
    });
  });

  it("survives answers that no provider should give", async () => {
    const states: string[] = [];
    for (const [status, body] of [
      [200, "{}"],
      [200, "no json"],
      [200, "null"],
      [500, "<html>"],
      [502, "null"],
      [400, '{"statusCode":"x"}'],
      [302, ""],
    ] as const) {
      const email = await answering(status, body);
      const outcome = await email.send(messageOf());
      states.push(outcome.state);
      expect(JSON.stringify(outcome)).not.toContain("@");
    }
    expect(new Set(states)).toEqual(new Set(["retry"]));
  });
});

describe("the server that behaves like Resend", () => {
  const post = (server: RunningServer, path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(server.url + path, {
      method: "POST",
      headers: { authorization: "Bearer re_test", ...headers },
      body: JSON.stringify(body),
    });
  const mail = { from: "a@b.test", to: "c@d.test", subject: "s", text: "t" };

  it("asks for a key", async () => {
    const { server } = await start();
    expect((await fetch(`${server.url}/emails`, { method: "POST" })).status).toBe(401);
    expect((await post(server, "/emails", mail, { authorization: "Bearer no" })).status).toBe(403);
    expect(server.counters.unauthorized).toBe(2);
  });

  it("forgets idempotency keys after 24 hours and counts what that doubles", async () => {
    const { server, email } = await start();
    await email.send(messageOf());
    server.control({ advance: 23 * HOUR });
    await email.send(messageOf());
    expect(server.ledger).toHaveLength(1);
    server.control({ advance: HOUR });
    await email.send(messageOf());
    expect(server.ledger).toHaveLength(2);
    expect(server.doubled()).toEqual(["send_1"]);
  });

  it("takes batches as a whole or not at all", async () => {
    const { server } = await start();
    const key = { "idempotency-key": "batch_1" };
    const answer = await post(server, "/emails/batch", [mail, { ...mail, to: "e@f.test" }], key);
    const { data } = (await answer.json()) as { data: { id: string }[] };
    expect(data.map(({ id }) => id)).toEqual(server.ledger.map(({ id }) => id));
    expect(await (await post(server, "/emails/batch", [mail, { ...mail, to: "e@f.test" }], key)).json()).toEqual({
      data,
    });
    expect((await post(server, "/emails/batch", [mail, { ...mail, to: "bad" }])).status).toBe(422);
    expect(
      (
        await post(
          server,
          "/emails/batch",
          Array.from({ length: 101 }, () => mail),
        )
      ).status,
    ).toBe(422);
    expect(server.ledger).toHaveLength(2);
    expect(server.doubled()).toEqual([]);
    const found = await fetch(`${server.url}/emails/${data[1]?.id}`, { headers: { authorization: "Bearer re_test" } });
    expect(await found.json()).toMatchObject({ to: ["e@f.test"], text: "t" });
  });

  it("keeps to a daily quota of its clock", async () => {
    const { server } = await start({ now: () => Date.UTC(2027, 0, 1, 12) });
    server.control({ dailyQuota: 1 });
    expect((await post(server, "/emails", mail)).status).toBe(200);
    expect((await post(server, "/emails", mail)).status).toBe(429);
    server.control({ advance: 12 * HOUR });
    expect((await post(server, "/emails", mail)).status).toBe(200);
  });

  it("is steered over HTTP and tells what really happened", async () => {
    const { server } = await start();
    const script = [{ fault: "rate_limit", times: 2, retryAfter: 3 }, "none", "error_before"];
    expect((await post(server, "/_control", { script })).status).toBe(200);
    const statuses: number[] = [];
    for (let turn = 0; turn < 5; turn += 1) statuses.push((await post(server, "/emails", mail)).status);
    expect(statuses).toEqual([429, 429, 200, 500, 200]);
    const state = await (await fetch(`${server.url}/_control`)).json();
    expect(state).toMatchObject({ emails: 2, script: [], faults: { rate_limit: 2, error_before: 1, reset_after: 0 } });
    expect((await post(server, "/_control", { script: ["earthquake"] })).status).toBe(400);
  });

  it("fails by chance in the same way for the same seed", async () => {
    const run = async (seed: number): Promise<string> => {
      const { server } = await start({ seed, chances: { rate_limit: 0.3, error_after: 0.3 } });
      let line = "";
      for (let turn = 0; turn < 30; turn += 1) line += (await post(server, "/emails", mail)).status;
      return line;
    };
    expect(await run(7)).toBe(await run(7));
    expect(await run(7)).not.toBe(await run(8));
  });

  it("finds its ledger and its keys again in the file, even with its last line cut short", async () => {
    const folder = mkdtempSync(join(tmpdir(), "resend-"));
    const ledger = join(folder, "ledger.ndjson");
    try {
      const first = await start({ ledger });
      const accepted = await first.email.send(messageOf());
      await first.email.send(messageOf());
      await first.server.close();
      open.length = 0;
      writeFileSync(ledger, `${readFileSync(ledger, "utf8")}{"type":"accepted","key":"half`);
      const second = await start({ ledger });
      expect(second.server.ledger.map(({ calls, idempotencyKey }) => [idempotencyKey, calls])).toEqual([["send_1", 2]]);
      expect(await second.email.send(messageOf())).toEqual(accepted);
      expect(second.server.ledger).toHaveLength(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
