import { afterEach, describe, expect, test } from "vitest";
import { hasData, readData } from "../support/data";
import { startResendServer } from "../support/resend-server.mjs";
import { resendDelivery } from "../support/resend-webhooks";
import { keys, type Server, startServer, until } from "../support/server";
import { startSmtpServer } from "../support/smtp-server.mjs";

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function start(vars: Record<string, string>, at?: string): Promise<Server> {
  const server = await startServer({ vars, ...(at !== undefined && { at }) });
  open.push(() => server.stop());
  return server;
}

const subscribe = (server: Server, email: string) =>
  fetch(`${server.url}/v1/subscribe`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ writeKey: keys.write, consent_wording: "Yes.", email, consent: { email: true } }),
  });

test("a letter leaves by a mail server, over the runtime's own sockets", async () => {
  const mail = await startSmtpServer({ security: "none" });
  open.push(() => mail.close());
  const server = await start({
    SMTP_HOST: "127.0.0.1",
    SMTP_PORT: String(mail.port),
    SMTP_SECURITY: "none",
    SMTP_USER: "relance",
    SMTP_PASSWORD: "secret",
  });
  expect((await subscribe(server, "smtp@x.test")).status).toBe(202);
  await until(() => mail.ledger.length > 0, { what: "a letter at the mail server" });
  expect(mail.ledger[0]).toMatchObject({ to: ["smtp@x.test"], from: "bonjour@maison-lumen.test", user: "relance" });
  const [row] = await until(
    async () => {
      const rows = await server.rows<{ state: string; provider_id: string }>("SELECT state, provider_id FROM sends");
      return rows[0]?.state === "sent" ? rows : null;
    },
    { what: "the letter to be settled" },
  );
  expect(row?.provider_id).toContain("queued");
  expect(mail.ledger).toHaveLength(1);
});

describe("email through Resend and back", () => {
  test("a bounce that Resend tells of keeps the next letter from leaving, until it is lifted", async () => {
    const resend = await startResendServer();
    open.push(() => resend.close());
    const server = await start({ RESEND_API_KEY: "re_test", RESEND_BASE_URL: resend.url });
    await subscribe(server, "bounced@x.test");
    await until(() => resend.ledger.length === 1, { what: "a letter at Resend" });
    const [letter] = resend.ledger;
    const tags = Object.fromEntries((letter?.tags ?? []).map(({ name, value }) => [name, value]));
    const tell = (type: string, more: object = {}) =>
      fetch(`${server.url}/webhooks/resend`, resendDelivery({ type, data: { email_id: letter?.id, tags, ...more } }));
    expect((await tell("email.bounced", { bounce: { type: "Permanent", subType: "General" } })).status).toBe(200);
    expect((await tell("email.delivered")).status).toBe(200);
    await server.moveClock({ advance: "PT25H" });
    await subscribe(server, "bounced@x.test");
    const second = await until(
      async () => (await server.rows("SELECT reason FROM sends WHERE state = 'suppressed'"))[0],
      { what: "the second letter to be suppressed" },
    );
    expect(second).toEqual({ reason: "suppressed_address" });
    const list = await server.api("/api/suppressions");
    expect(list.json.data).toEqual([
      expect.objectContaining({ kind: "hard_bounce", source: "resend", channel: "email", contact: tags["contact"] }),
    ]);
    expect((await server.post("/api/suppressions/lift", {})).status).toBe(400);
    expect((await server.post("/api/suppressions/lift", { contact: "nobody" })).status).toBe(400);
    expect((await server.post("/api/suppressions/lift", { source: "resend" })).json).toEqual({ lifted: 1 });
    expect((await server.api("/api/suppressions")).json.data).toEqual([]);
    expect(resend.forgiven).toEqual(["bounced@x.test"]);
    await server.moveClock({ advance: "PT25H" });
    await subscribe(server, "bounced@x.test");
    await until(() => resend.ledger.length === 2, { what: "another letter at Resend" });
  });

  test.skipIf(!hasData)(
    "the bodies that Resend really sends bear its signature, and are about no message of ours",
    async () => {
      const server = await start({}, "2024-05-01T10:00:30Z");
      const kinds = [
        "bounced",
        "clicked",
        "complained",
        "delivered",
        "delivery_delayed",
        "failed",
        "opened",
        "sent",
        "suppressed",
      ];
      for (const kind of kinds) {
        const headers = JSON.parse(readData(`webhooks/resend/email_${kind}.headers.json`)) as Record<string, string>;
        const body = readData(`webhooks/resend/email_${kind}.body`);
        const post = (text: string) => fetch(`${server.url}/webhooks/resend`, { method: "POST", headers, body: text });
        expect([kind, (await post(body)).status]).toEqual([kind, 404]);
        expect([kind, (await post(JSON.stringify(JSON.parse(body), null, 1))).status]).toEqual([kind, 401]);
      }
      const received = JSON.parse(readData("webhooks/resend/email_received.headers.json")) as Record<string, string>;
      const body = readData("webhooks/resend/email_received.body");
      const answer = await fetch(`${server.url}/webhooks/resend`, { method: "POST", headers: received, body });
      expect([answer.status, await answer.json()]).toEqual([200, { accepted: 0 }]);
    },
  );
});
