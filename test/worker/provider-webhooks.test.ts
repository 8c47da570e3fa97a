import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { createApp } from "../../src/app";
import { Budget } from "../../src/events/budget";
import { onError } from "../../src/platform/http";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { providerDeps } from "../../src/services/provider-webhooks";
import { contactId } from "../../src/shared/ids";
import { fateOf } from "../../src/tracking/provider-news";
import { providerRoutes } from "../../src/tracking/provider-routes";
import { RESEND_SECRET, resendDelivery, svixSignature, twilioSignature } from "../support/resend-webhooks";

const real = env as unknown as Env;
const services = servicesOf(real);
const app = createApp();
const context = { waitUntil: () => undefined, passThroughOnException: () => undefined } as unknown as ExecutionContext;
const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

async function post(init: RequestInit, to: Pick<typeof app, "fetch"> = app, from: Env = real) {
  const response = await to.fetch(new Request("https://relance.test/webhooks/resend", init), from, context);
  return { status: response.status, json: await response.json<Record<string, unknown>>() };
}

async function rows<Row>(sql: string, ...values: unknown[]): Promise<Row[]> {
  const { results } = await real.DB.prepare(sql)
    .bind(...values)
    .all<Row>();
  return results;
}

let people = 0;

/** Somebody who agreed to email. */
async function person(): Promise<{ contact: number; email: string }> {
  const user = `told-${++people}`;
  const email = `${user}@x.test`;
  const base = { type: "identify" as const, name: "", at: Date.now(), trust: "secret" as const };
  const events = [{ ...base, id: `${user}-1`, user, traits: { email, consent: { email: true } } }];
  expect((await services.append({ receivedAt: Date.now(), events }, null)).status).toBe("stored");
  const [found] = await rows<{ contact: number }>("SELECT contact FROM identities WHERE identity = ?1", `u:${user}`);
  if (!found) throw new Error(`nobody is ${user}`);
  return { contact: found.contact, email };
}

interface SendState {
  readonly state?: string;
  readonly attempts?: number;
  readonly provider?: string | null;
  readonly class?: string;
}

/** A message's row. */
async function send(
  { contact, email }: { contact: number; email: string },
  id: string,
  { state = "sent", attempts = 1, provider = `re_${id}`, class: kind = "marketing" }: SendState = {},
): Promise<void> {
  const columns = "contact, id, run, scenario, block, channel, class, content, content_version, address, data, state";
  const open = state === "queued" || state === "claimed" ? 1 : 0;
  await real.DB.prepare(
    `INSERT INTO sends (${columns}, provider_id, open, attempts, next_at, lease_until, created_at, updated_at) ` +
      "VALUES (?1, ?2, 'r', 's', 'b', 'email', ?3, 'c', 1, ?4, '{}', ?5, ?6, ?7, ?8, 0, 0, 0, 0)",
  )
    .bind(contact, id, kind, email, state, provider, open, attempts)
    .run();
}

const about = (contact: number, id: string, more: object = {}) => ({
  email_id: `re_${id}`,
  tags: [
    { name: "send", value: id },
    { name: "contact", value: contactId(contact) },
  ],
  ...more,
});
const hard = { bounce: { type: "Permanent", subType: "General" } };
const soft = { bounce: { type: "Transient", subType: "MailboxFull" } };

const listed = (contact: number) =>
  rows(
    "SELECT kind, source, lifted_at IS NOT NULL AS lifted FROM suppressions WHERE contact = ?1 ORDER BY kind",
    contact,
  );
const acts = async (contact: number): Promise<string[]> =>
  (await rows<{ kind: string }>("SELECT kind FROM message_acts WHERE contact = ?1 ORDER BY kind", contact)).map(
    ({ kind }) => kind,
  );
const deliveryOf = async (contact: number): Promise<unknown> =>
  JSON.parse(
    (await rows<{ delivery: string }>("SELECT delivery FROM contacts WHERE id = ?1", contact))[0]?.delivery ?? "null",
  );

/** What the permit says of a new message to somebody. */
async function permitted(who: { contact: number; email: string }, id: string, kind = "marketing"): Promise<string> {
  await send(who, id, { state: "queued", attempts: 0, provider: null, class: kind });
  const [row] = await services.ledger.permit([{ contact: who.contact, id }]);
  return `${row?.state}${row?.reason ? ` ${row.reason}` : ""}`;
}

test("E01 without a signature, under another secret, or over the body written anew: 401, and nothing is kept", async () => {
  const who = await person();
  await send(who, "e01");
  const good = resendDelivery({ type: "email.complained", data: about(who.contact, "e01") });
  const { "svix-signature": _signature, ...unsigned } = good.headers;
  expect((await post({ ...good, headers: unsigned })).status).toBe(401);
  const other = resendDelivery({ type: "email.complained", data: about(who.contact, "e01"), secret: "whsec_b3RoZXI=" });
  expect((await post(other)).status).toBe(401);
  expect((await post({ ...good, body: `${good.body} ` })).status).toBe(401);
  const old = resendDelivery({
    type: "email.complained",
    data: about(who.contact, "e01"),
    signedAt: Date.now() - 6 * 60_000,
  });
  expect((await post(old)).status).toBe(401);
  expect(await listed(who.contact)).toEqual([]);
  expect((await post(good)).status).toBe(200);
});

test("E02 a signature of another length, an empty one and three of them are 401 or taken, never 500", async () => {
  const who = await person();
  await send(who, "e02");
  const good = resendDelivery({ type: "email.delivered", data: about(who.contact, "e02") });
  const signed = (signature: string) => post({ ...good, headers: { ...good.headers, "svix-signature": signature } });
  for (const signature of ["", "v1,", "v1,AAAA", "v1", `v1,${"A".repeat(5_000)}`, "v2,x v1,y v1,z", "é"]) {
    expect([signature.slice(0, 10), (await signed(signature)).status]).toEqual([signature.slice(0, 10), 401]);
  }
  expect((await post({ ...good, headers: { ...good.headers, "svix-timestamp": "soon" } })).status).toBe(401);
  expect((await signed(`v1,AAAA v1,BBBB ${good.headers["svix-signature"]}`)).status).toBe(200);
  expect(await acts(who.contact)).toEqual(["delivered"]);
});

test("E04 the same again within five minutes has no second effect, ten at once neither", async () => {
  const who = await person();
  await send(who, "e04");
  const once = resendDelivery({ type: "email.bounced", data: about(who.contact, "e04", soft) });
  const answers = await Promise.all(Array.from({ length: 10 }, () => post(once)));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
  expect((await post(once)).json).toMatchObject({ repeated: true });
  expect(await deliveryOf(who.contact)).toMatchObject({ channels: { email: { soft: [expect.any(Number)] } } });
});

test("E05 the same event again after 27 hours, signed anew, has no second effect", async () => {
  const who = await person();
  await send(who, "e05");
  const happened = Date.now() - 27 * HOUR;
  const told = { type: "email.bounced", data: about(who.contact, "e05", soft), id: "msg_e05", at: happened };
  // The ids of webhooks are told by our clock: this one was noted a day and three hours ago.
  expect((await post(resendDelivery(told))).status).toBe(200);
  await real.DB.prepare("UPDATE webhook_deliveries SET at = at - ?1")
    .bind(27 * HOUR)
    .run();
  await services.append({ receivedAt: Date.now(), events: [] }, null);
  expect((await post(resendDelivery({ ...told, signedAt: Date.now() }))).json).toMatchObject({ repeated: true });
  expect(await deliveryOf(who.contact)).toEqual({
    channels: { email: { to: who.email, soft: [Math.floor(happened)] } },
  });
});

test("E05 what first comes 27 hours late counts as of when it happened", async () => {
  const who = await person();
  await send(who, "e05late");
  const at = Date.now() - 27 * HOUR;
  await post(resendDelivery({ type: "email.delivered", data: about(who.contact, "e05late"), at }));
  expect(await rows("SELECT at FROM message_acts WHERE contact = ?1", who.contact)).toEqual([{ at }]);
});

test("E06 out of order: the end is told by rank, not by what came last", async () => {
  const who = await person();
  // Opened before anybody knew that it was sent: the answer of the call was lost.
  await send(who, "e06", { state: "unknown", provider: null });
  const tell = (type: string, more: object = {}) =>
    post(resendDelivery({ type, data: about(who.contact, "e06", more) }));
  await tell("email.opened");
  const row = async () =>
    (await rows("SELECT state, reason, provider_id FROM sends WHERE contact = ?1 AND id = 'e06'", who.contact))[0];
  expect(await row()).toEqual({ state: "sent", reason: null, provider_id: "re_e06" });
  await tell("email.bounced", hard);
  await tell("email.sent");
  await tell("email.delivered");
  expect(await row()).toMatchObject({ state: "sent" });
  const told = await acts(who.contact);
  expect(told).toEqual(["bounced", "delivered", "provider_opened"]);
  expect(fateOf(told)).toBe("bounced");
  expect(await permitted(who, "e06-next")).toBe("suppressed suppressed_address");
});

test("E06 what the provider failed to send is no message that was sent, whichever comes first", async () => {
  const who = await person();
  for (const [id, types] of [
    ["e06a", ["email.sent", "email.failed"]],
    ["e06b", ["email.failed", "email.sent"]],
    ["e06c", ["email.delivered", "email.failed"]],
  ] as const) {
    await send(who, id);
    for (const type of types) await post(resendDelivery({ type, data: about(who.contact, id) }));
  }
  const states = await rows("SELECT id, state FROM sends WHERE contact = ?1 ORDER BY id", who.contact);
  expect(states).toEqual([
    { id: "e06a", state: "failed" },
    { id: "e06b", state: "failed" },
    { id: "e06c", state: "sent" },
  ]);
});

test("E08 a message of another deployment, or whose id is not the provider's, is 404 and changes nothing", async () => {
  const who = await person();
  await send(who, "e08");
  const foreign = [
    about(who.contact, "nothing"),
    about(who.contact + 500_000, "e08"),
    { ...about(who.contact, "e08"), email_id: "re_other" },
    { email_id: "re_e08" },
  ];
  for (const data of foreign) {
    expect((await post(resendDelivery({ type: "email.complained", data }))).status).toBe(404);
  }
  expect(await listed(who.contact)).toEqual([]);
  expect(await deliveryOf(who.contact)).toBeNull();
});

test("E09 a leaked secret: two are good at once, and what came by it is undone in bulk", async () => {
  const forged = [await person(), await person(), await person()];
  const genuine = await person();
  for (const [index, who] of [...forged, genuine].entries()) await send(who, `e09-${index}`);
  const both = { ...real, RESEND_WEBHOOK_SECRET_NEXT: "whsec_bmV4dA==" } as Env;
  const tell = (who: { contact: number }, index: number, secret: string, signedAt = Date.now()) =>
    post(
      resendDelivery({ type: "email.complained", data: about(who.contact, `e09-${index}`), secret, signedAt }),
      app,
      both,
    );
  for (const [index, who] of forged.entries()) expect((await tell(who, index, RESEND_SECRET)).status).toBe(200);
  const after = Date.now() + 1;
  await new Promise((done) => setTimeout(done, 5));
  expect((await tell(genuine, 3, "whsec_bmV4dA==")).status).toBe(200);
  expect(await permitted(forged[0] as never, "e09-before")).toBe("suppressed suppressed_complaint");
  const admin = (path: string, body?: object) =>
    app.fetch(
      new Request(`https://relance.test${path}`, {
        method: body ? "POST" : "GET",
        headers: { authorization: "Bearer ak_local", "content-type": "application/json" },
        ...(body && { body: JSON.stringify(body) }),
      }),
      real,
      context,
    );
  const list = await (await admin("/api/suppressions?source=resend&kind=complaint")).json<{
    data: { contact: string }[];
  }>();
  expect(list.data.map(({ contact }) => contact)).toEqual(
    expect.arrayContaining(forged.map((who) => contactId(who.contact))),
  );
  const lifted = await admin("/api/suppressions/lift", {
    source: "resend",
    kind: "complaint",
    before: new Date(after).toISOString(),
  });
  expect(lifted.status).toBe(200);
  expect((await lifted.json<{ lifted: number }>()).lifted).toBeGreaterThanOrEqual(3);
  for (const who of forged) expect(await deliveryOf(who.contact)).toBeNull();
  expect(await permitted(forged[0] as never, "e09-after")).toBe("claimed");
  expect(await permitted(genuine, "e09-genuine")).toBe("suppressed suppressed_complaint");
  // The same deliveries again: their ids are known.
  expect(await listed(forged[1]?.contact ?? 0)).toEqual([{ kind: "complaint", source: "resend", lifted: 1 }]);
});

describe("E10 bounces", () => {
  test("that are transient suppress after five within fourteen days, not after one", async () => {
    const who = await person();
    const now = Date.now();
    for (let index = 0; index < 5; index++) {
      await send(who, `e10-${index}`);
      expect(await permitted(who, `e10-ask-${index}`)).toBe("claimed");
      await post(
        resendDelivery({
          type: "email.bounced",
          data: about(who.contact, `e10-${index}`, soft),
          at: now - (5 - index) * DAY,
        }),
      );
    }
    expect(await permitted(who, "e10-marketing")).toBe("suppressed suppressed_address");
    expect(await permitted(who, "e10-order", "transactional")).toBe("suppressed suppressed_address");
    expect(await listed(who.contact)).toEqual([{ kind: "soft_bounce", source: "resend", lifted: 0 }]);
  });

  test("that are hard suppress everything to the address at once, and nothing to the next one", async () => {
    const who = await person();
    await send(who, "e10-hard");
    await post(resendDelivery({ type: "email.bounced", data: about(who.contact, "e10-hard", hard) }));
    expect(await permitted(who, "e10-hard-2", "transactional")).toBe("suppressed suppressed_address");
    const email = `new-${who.email}`;
    const user = who.email.split("@")[0] ?? "";
    const event = {
      id: `${user}-2`,
      type: "identify" as const,
      name: "",
      at: Date.now(),
      trust: "secret" as const,
      user,
    };
    await services.append({ receivedAt: Date.now(), events: [{ ...event, traits: { email } }] }, null);
    expect(await permitted({ contact: who.contact, email }, "e10-hard-3", "transactional")).toBe("claimed");
  });

  test("that refuse what was written say nothing of the address", async () => {
    const who = await person();
    for (let index = 0; index < 6; index++) {
      await send(who, `e10-block-${index}`);
      const bounce = { bounce: { type: "Transient", subType: "ContentRejected" } };
      await post(resendDelivery({ type: "email.bounced", data: about(who.contact, `e10-block-${index}`, bounce) }));
    }
    expect(await deliveryOf(who.contact)).toBeNull();
  });

  test("a complaint stops marketing on every channel, and no answer to an order", async () => {
    const who = await person();
    await send(who, "e10-spam");
    await post(resendDelivery({ type: "email.complained", data: about(who.contact, "e10-spam") }));
    expect(await permitted(who, "e10-spam-2")).toBe("suppressed suppressed_complaint");
    expect(await permitted(who, "e10-spam-3", "transactional")).toBe("claimed");
  });
});

test("E11 a body of 1 MB is 413, and more than the budget 429 with its wait", async () => {
  const body = " ".repeat(1_000_000);
  expect((await post({ method: "POST", body })).status).toBe(413);
  const who = await person();
  await send(who, "e11");
  const budget = new Budget(2, 0.5);
  const small = new Hono();
  small.onError(onError);
  small.route(
    "/",
    providerRoutes(() => ({ ...providerDeps(services), spend: () => budget.take("resend", 1, Date.now()) })),
  );
  const told = () => post(resendDelivery({ type: "email.delivered", data: about(who.contact, "e11") }), small);
  expect((await told()).status).toBe(200);
  expect((await told()).status).toBe(200);
  const refused = await small.fetch(
    new Request(
      "https://relance.test/webhooks/resend",
      resendDelivery({ type: "email.delivered", data: about(who.contact, "e11") }),
    ),
    real,
    context,
  );
  expect([refused.status, Number(refused.headers.get("Retry-After")) > 0]).toEqual([429, true]);
  expect(await acts(who.contact)).toEqual(["delivered"]);
});

test("what is no JSON, or not what Resend sends, is refused; what is about no message is answered", async () => {
  const signed = (body: string) => {
    const id = `msg_odd_${body.length}`;
    const seconds = Math.floor(Date.now() / 1_000);
    const headers = {
      "svix-id": id,
      "svix-timestamp": String(seconds),
      "svix-signature": svixSignature(id, seconds, body),
    };
    return post({ method: "POST", headers, body });
  };
  expect((await signed("{")).status).toBe(400);
  expect((await signed("[]")).status).toBe(400);
  expect((await signed('{"type":"email.bounced"}')).status).toBe(400);
  expect(await signed('{"type":"domain.created"}')).toEqual({ status: 200, json: { accepted: 0 } });
});

test("what Resend puts on its own list, and takes off it, is so here: of people that we know and of others", async () => {
  const who = await person();
  const list = (type: string, email: string) =>
    post(resendDelivery({ type, data: { id: "s", email, origin: "bounce", source_id: null } }));
  expect((await list("suppression.added", who.email)).status).toBe(200);
  expect((await list("suppression.added", "stranger@x.test")).status).toBe(200);
  expect(await permitted(who, "listed-1", "transactional")).toBe("suppressed suppressed_address");
  const stranger = {
    id: "x",
    channel: "email",
    address: "stranger@x.test",
    class: "transactional",
    contact: 1,
  } as never;
  const barred = async () => (await services.consumer().barred?.([stranger]))?.get("x");
  expect(await barred()).toBe("suppressed_address");
  await list("suppression.removed", who.email);
  await list("suppression.removed", "stranger@x.test");
  expect(await permitted(who, "listed-2", "transactional")).toBe("claimed");
  expect(await barred()).toBeUndefined();
});

test("E12 a text message that says STOP ends text messages at once, and nothing is said back", async () => {
  const user = "texted";
  const phone = "+33612349876";
  const base = { type: "identify" as const, name: "", at: Date.now(), trust: "secret" as const };
  const traits = { phone, email: "texted@x.test", consent: { sms: true, email: true } };
  await services.append({ receivedAt: Date.now(), events: [{ ...base, id: "texted-1", user, traits }] }, null);
  const from = { ...real, TWILIO_AUTH_TOKEN: "12345", PUBLIC_URL: "https://relance.test" } as Env;
  const post = (fields: Record<string, string>, token = "12345") => {
    const form = new URLSearchParams(fields);
    const url = "https://relance.test/webhooks/twilio/inbound";
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      "x-twilio-signature": twilioSignature(url, fields, token),
    };
    return app.fetch(new Request(url, { method: "POST", headers, body: form.toString() }), from, context);
  };
  const consents = async () => {
    const [row] = await rows<{ consents: string }>("SELECT consents FROM contacts WHERE phone = ?1", phone);
    const { sms, email } = JSON.parse(row?.consents ?? "{}") as Record<string, { state: string }>;
    return [sms?.state, email?.state];
  };
  const message = { From: phone, MessageSid: "SM1", Body: "stop svp " };
  expect((await post(message, "54321")).status).toBe(401);
  expect((await post({ ...message, Body: "On passe demain" })).status).toBe(200);
  expect(await consents()).toEqual(["granted", "granted"]);
  const began = Date.now();
  const answer = await post(message);
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining("<Response></Response>")]);
  expect(await consents()).toEqual(["withdrawn", "granted"]);
  expect(Date.now() - began).toBeLessThan(5_000);
  await post(message);
  const withdrawals =
    "SELECT count(*) AS n FROM consent_events WHERE channel = 'sms' AND action = 'withdraw' AND source LIKE 'STOP%'";
  expect(await rows(withdrawals)).toEqual([{ n: 1 }]);
});
