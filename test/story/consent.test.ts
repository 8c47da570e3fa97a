import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { subscriberOf } from "../../src/services/subscriber";
import { contactId } from "../../src/shared/ids";
import { signToken } from "../../src/shared/token";
import type { ApiAnswer, Server } from "../support/server";
import { keys, startServer, until } from "../support/server";

interface Message {
  readonly id: string;
  readonly channel: string;
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

let server: Server;

beforeAll(async () => {
  server = await startServer();
});

afterAll(async () => {
  await server.stop();
});

/** Of .dev.vars.example. */
const SECRET = "local-link-secret-for-this-machine-only";
const WORDING = "Yes, write to me about lamps.";

function subscribe(body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/v1/subscribe`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ writeKey: keys.write, consent_wording: WORDING, ...body }),
  });
}

function form(path: string, fields: Record<string, string> | [string, string][]): Promise<Response> {
  return fetch(server.url + path, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
}

async function inbox(to: string): Promise<readonly Message[]> {
  const answer = await server.api(`/dev/inbox.json?to=${encodeURIComponent(to)}`);
  return (answer.json as { data: Message[] }).data;
}

const first = (to: string): Promise<Message> => until(async () => (await inbox(to))[0], { what: `a message to ${to}` });

const linkOf = ({ html }: Message): string => /href="[^"]*(\/optin\/[^"]+)"/.exec(html)?.[1] ?? "";

async function contactOf(email: string): Promise<ApiAnswer["json"]> {
  const answer = await server.api(`/api/contacts?email=${encodeURIComponent(email)}`);
  return (answer.json as { data: { email: string | null }[] }).data.find((contact) => contact.email === email);
}

const move = (by: object) => server.moveClock(by);

/** Subscribes an address and presses the button in its mail. */
async function subscribed(email: string, more: object = {}): Promise<Message> {
  expect((await subscribe({ email, consent: { email: true }, ...more })).status).toBe(202);
  const message = await first(email);
  expect((await form(linkOf(message), { do: "confirm" })).status).toBe(200);
  return message;
}

async function proofOf(sendId: string): Promise<ApiAnswer["json"]> {
  const answer = await server.api(`/api/sends/${sendId}/consent`);
  expect(answer.status, answer.text).toBe(200);
  return answer.json;
}

describe("a subscription", () => {
  test("becomes a consent when its address confirms it, and not before", async () => {
    const email = "ada@example.com";
    const more = { first_name: "Ada", consent: { email: true, partner: true } };
    expect((await subscribe({ email, ...more })).status).toBe(202);
    const message = await first(email);
    expect(message.subject).toContain("confirm your subscription");
    expect(message.headers["List-Unsubscribe"]).toBeUndefined();
    expect(await contactOf(email)).toBeUndefined();
    // A scanner opens every link.
    const page = await fetch(server.url + linkOf(message));
    expect(page.status).toBe(200);
    expect(await page.text()).toContain(WORDING);
    expect(await contactOf(email)).toBeUndefined();

    expect((await form(linkOf(message), { do: "confirm" })).status).toBe(200);
    const contact = await contactOf(email);
    expect(contact).toMatchObject({ status: "verified", first_name: "Ada" });
    expect(contact.consents).toMatchObject({ email: { state: "granted" }, partner: { state: "granted" } });
    expect(contact.consents.sms).toBeUndefined();
    const found = await server.api(`/api/contacts?email=${email}`);
    expect(found.json.data).toHaveLength(1);
    // Pressed again, and opened again: it is done.
    expect(await (await form(linkOf(message), { do: "confirm" })).text()).toContain("Welcome");
    expect(await (await fetch(server.url + linkOf(message))).text()).toContain("Welcome");
  });

  test("brings one confirmation a day to an address, however often it is asked for (C09)", async () => {
    const email = "once@example.com";
    for (let time = 0; time < 5; time++) await subscribe({ email, consent: { email: true } });
    await first(email);
    await move({ advance: "PT23H" });
    await subscribe({ email, consent: { email: true } });
    await move({ advance: "PT10M" });
    expect(await inbox(email)).toHaveLength(1);
    await move({ advance: "PT1H" });
    await subscribe({ email, consent: { email: true } });
    await until(async () => (await inbox(email)).length === 2, { what: "the next day's confirmation" });
  });

  test("is confirmed as the page showed it: what was asked for meanwhile is shown first", async () => {
    const email = "between@example.com";
    await subscribe({ email, consent: { email: true } });
    const link = linkOf(await first(email));
    const shownBy = async (): Promise<string> =>
      / name="shown" value="([^"]+)"/.exec(await (await fetch(server.url + link)).text())?.[1] ?? "none";
    const shown = await shownBy();
    await subscribe({ email, consent: { email: true, partner: true } });
    const page = await (await form(link, { do: "confirm", shown })).text();
    expect(page).toContain('name="shown"');
    const [claimant] = (await server.api(`/api/contacts?email=${email}`)).json.data;
    expect(claimant.consents).toMatchObject({ email: { state: "claimed" }, partner: { state: "claimed" } });
    expect(await (await form(link, { do: "confirm", shown: await shownBy() })).text()).toContain("Welcome");
    expect((await contactOf(email)).consents).toMatchObject({
      email: { state: "granted" },
      partner: { state: "granted" },
    });
  });

  test("is no server's because its body says so", async () => {
    const body = { email: "forged@example.com", consent: { email: true, partner: true }, writeKey: "secret" };
    const headers = { Authorization: `Bearer ${keys.write}`, "Content-Type": "application/json" };
    const ask = () => fetch(`${server.url}/v1/subscribe`, { method: "POST", headers, body: JSON.stringify(body) });
    expect((await ask()).status).toBe(202);
    await form(linkOf(await first(body.email)), { do: "confirm" });
    const { id } = await contactOf(body.email);
    const { json } = await server.api(`/api/contacts/${id}/export`);
    expect(new Set(json.consents.map((line: { way: string }) => line.way))).toEqual(
      new Set(["browser", "double_opt_in"]),
    );
  });

  test("is answered alike for an address that we know and one that we do not (B11)", async () => {
    await subscribed("known@example.com");
    const answers = await Promise.all(
      ["known@example.com", "unknown@example.com"].map(async (email) => {
        const answer = await subscribe({ email, consent: { email: true } });
        return [answer.status, await answer.text(), [...answer.headers.keys()].sort().join()];
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
  });

  test("by somebody else changes nothing about a person", async () => {
    await subscribed("ines@example.com", { first_name: "Inès" });
    await subscribe({ email: "ines@example.com", first_name: "Mallory", consent: { email: true, partner: true } });
    const contact = await contactOf("ines@example.com");
    expect(contact.first_name).toBe("Inès");
    expect(contact.consents.partner).toBeUndefined();
  });

  test.each([
    [{ email: "a@b@c", consent: { email: true } }, 400, "/email"],
    [{ email: "x@example.com", consent: {} }, 400, "/consent/email"],
    [{ email: "x@example.com", consent: { email: true, sms: true } }, 400, "/phone"],
    [{ email: "x@example.com", phone: "+33 8 99 12 34 56", consent: { email: true, sms: true } }, 400, "/phone"],
  ])("%j is refused", async (body, status, pointer) => {
    const answer = await subscribe(body);
    expect(answer.status).toBe(status);
    const { errors } = (await answer.json()) as { errors: { pointer: string }[] };
    expect(errors.map((error) => error.pointer)).toContain(pointer);
  });

  test("is taken from one address of the network a few dozen times at once, from the shop's server as often as it says", async () => {
    const ask = (index: number, writeKey: string) =>
      subscribe({ email: `many-${index}-${writeKey}@example.com`, consent: { email: true }, writeKey });
    const answers = [];
    for (let index = 0; index < 40; index++) answers.push((await ask(index, keys.write)).status);
    expect(new Set(answers)).toEqual(new Set([202, 429]));
    expect((await ask(0, keys.secret)).status).toBe(202);
    // A form a minute.
    await move({ advance: "PT40M" });
    expect((await ask(1, keys.write)).status).toBe(202);
  });

  test("needs a key", async () => {
    const body = { email: "x@example.com", consent: { email: true } };
    expect((await subscribe({ ...body, writeKey: "wk_wrong" })).status).toBe(401);
    expect((await subscribe({ ...body, writeKey: keys.admin })).status).toBe(403);
  });

  test("whose link has run out can be asked for anew, and goes to the same address", async () => {
    const email = "late@example.com";
    await subscribe({ email, consent: { email: true } });
    const old = linkOf(await first(email));
    await move({ advance: "P8D" });
    const page = await (await fetch(server.url + old)).text();
    expect(page).toContain("run out");
    await form(old, { do: "confirm" });
    expect(await contactOf(email)).toBeUndefined();
    await form(old, { do: "again" });
    const next = await until(async () => (await inbox(email)).find((message) => linkOf(message) !== old), {
      what: "a new link",
    });
    await form(linkOf(next), { do: "confirm" });
    expect((await contactOf(email)).consents.email.state).toBe("granted");
  });
});

test("an old mail's unsubscribe link works again after the person agreed once more", async () => {
  const email = "again@example.com";
  const message = await subscribed(email);
  const row = Number(/\/optin\/(\d+)~/.exec(linkOf(message))?.[1]);
  const link = `/u/${signToken(SECRET, "unsubscribe", [row, "snd_old", "email"])}`;
  const state = async () => {
    const db = await server.mf.getD1Database("DB");
    const sql = "SELECT json_extract(consents, '$.email.state') AS state FROM contacts WHERE id = ?1";
    return (await db.prepare(sql).bind(row).first<{ state: string }>())?.state;
  };
  await form(link, { "List-Unsubscribe": "One-Click" });
  expect(await state()).toBe("withdrawn");
  await move({ advance: "PT1M" });
  await server.post(`/api/contacts/${contactId(row)}/consents`, {
    consent: { email: true },
    source: "counter",
    wording: "Yes",
    at: (await server.api("/dev/clock")).json.now,
  });
  expect(await state()).toBe("granted");
  await form(link, { "List-Unsubscribe": "One-Click" });
  expect(await state()).toBe("withdrawn");
});

test("a subscription that nobody confirms is gone after 30 days, and so are its traces", async () => {
  const email = "nobody@example.com";
  await subscribe({ email, first_name: "Nobody", phone: "+33612345670", consent: { email: true, sms: true } });
  await first(email);
  await first("+33612345670");
  await move({ advance: "P31D" });
  const db = await server.mf.getD1Database("DB");
  const count = async (sql: string, value: string) =>
    (await db.prepare(sql).bind(value).first<{ n: number }>())?.n ?? -1;
  const left = async () =>
    (await count("SELECT count(*) AS n FROM contacts WHERE claimed_email = ?1 OR first_name = 'Nobody'", email)) +
    (await count("SELECT count(*) AS n FROM contacts WHERE phone = ?1", "+33612345670")) +
    (await count("SELECT count(*) AS n FROM sends WHERE address = ?1", email));
  await until(async () => (await left()) === 0, { what: "the subscription to be gone" });
  const sql =
    "SELECT count(*) AS n FROM consent_events e JOIN contacts c ON c.id = e.contact WHERE c.anonymous_id = ?1";
  expect(await count(sql, subscriberOf(email, SECRET))).toBe(0);
});

describe("a phone number", () => {
  test("is confirmed by its code on the page of the address, and by nothing else", async () => {
    const email = "sam@example.com";
    const phone = "+33612345678";
    await subscribe({ email, phone: "+33 6 12 34 56 78", consent: { email: true, sms: true } });
    const link = linkOf(await first(email));
    const text = await first(phone);
    const code = /(\d{4} \d{4})/.exec(text.text)?.[1] ?? "";
    const done = await (await form(link, { do: "confirm" })).text();
    expect(done).toContain('name="code"');
    expect((await contactOf(email)).consents.sms).toBeUndefined();
    expect(await (await form(link, { do: "code", code: "0000 0000" })).text()).toContain("not the code");
    expect(await (await form(link, { do: "code", code })).text()).toContain("number is confirmed");
    expect(await contactOf(email)).toMatchObject({ phone, consents: { sms: { state: "granted" } } });
  });

  test("gets one code a day, whatever addresses are typed beside it (C09)", async () => {
    const phone = "+33612345671";
    for (const name of ["c09-a", "c09-b", "c09-c"]) {
      await subscribe({ email: `${name}@example.com`, phone, consent: { email: true, sms: true } });
      await first(`${name}@example.com`);
    }
    await first(phone);
    await move({ advance: "PT1H" });
    expect(await inbox(phone)).toHaveLength(1);
  });

  test("takes no more than a few guesses", async () => {
    const email = "guess@example.com";
    await subscribe({ email, phone: "+33612345679", consent: { email: true, sms: true } });
    const link = linkOf(await first(email));
    const answers: Response[] = [];
    for (let guess = 0; guess < 8; guess++) answers.push(await form(link, { do: "code", code: `1111 111${guess}` }));
    expect(answers.slice(0, 5).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(answers.at(-1)?.status).toBe(429);
    expect(Number(answers.at(-1)?.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(await answers.at(-1)?.text()).toContain("One moment, please.");
  });
});

describe("the proof of a consent", () => {
  test("names wording, form, network and both times of the double opt-in (J06, J09)", async () => {
    const email = "proof@example.com";
    const wording = "I agree to letters about lamps.";
    const referer = "https://shop.example/footer?email=proof@example.com";
    const body = { email, consent: { email: true }, consent_wording: wording, consent_source: "footer" };
    await subscribe(body, { Referer: referer, "User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/128.0" });
    const message = await first(email);
    expect(await proofOf(message.id)).toMatchObject({ basis: "transactional", consent: null });
    await form(linkOf(message), { do: "confirm" });
    const db = await server.mf.getD1Database("DB");
    const { results } = await db
      .prepare(
        "SELECT action, way, form, origin, agent, wording, claimed_at IS NOT NULL AND sent_at >= claimed_at AND " +
          "clicked_at >= sent_at AS inOrder FROM consent_events WHERE source = 'footer' ORDER BY seq",
      )
      .all();
    const shared = { form: "https://shop.example/footer", agent: "Firefox 128, Windows", wording };
    expect(results).toEqual([
      expect.objectContaining({
        ...shared,
        action: "claim",
        way: "browser",
        origin: expect.stringMatching(/^[0-9a-f]{24}$/),
      }),
      expect.objectContaining({ ...shared, action: "confirm_doi", way: "double_opt_in", inOrder: 1 }),
    ]);
  });

  test("of any sent message is one query, as of the moment it was sent", async () => {
    const email = "cart@example.com";
    await server.api("/dev/demo", { method: "POST" });
    await subscribed(email, { consent_source: "footer of the shop" });
    await server.send("identify", { userId: "cart-1", traits: { email } });
    await server.send("track", {
      userId: "cart-1",
      event: "Product Added",
      properties: { cart_id: "c1", product_id: "ML-AUBE", name: "Aube", price: 90, quantity: 1, currency: "EUR" },
    });
    await move({ advance: "PT5H" });
    const message = (await inbox(email)).find(({ headers }) => headers["List-Unsubscribe"] !== undefined);
    const proof = await proofOf(message?.id ?? "");
    expect(proof).toMatchObject({
      basis: "consent",
      address: email,
      consent: {
        action: "confirm_doi",
        way: "double_opt_in",
        source: "footer of the shop",
        wording: { text: WORDING },
      },
    });
    expect(proof.consent.double_opt_in.clicked_at >= proof.consent.double_opt_in.sent_at).toBe(true);
    // What comes later changes nothing about the moment of sending.
    const unsubscribe = /<(https?:[^>]+)>/.exec(message?.headers["List-Unsubscribe"] ?? "")?.[1] ?? "";
    await fetch(unsubscribe, { method: "POST", body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }) });
    expect((await contactOf(email)).consents.email.state).toBe("withdrawn");
    expect(await proofOf(message?.id ?? "")).toEqual(proof);
    const quick = await server.api(`/api/sends/${message?.id}/consent?contact_id=${proof.contact_id}`);
    expect(quick.json).toEqual(proof);
  });
});

describe("the preference centre", () => {
  let person = 0;
  let email = "";
  let link = "";

  /** A subscriber of its own for each test, with the address of the page that the confirmation leads to. */
  async function arrive(more: object = {}): Promise<void> {
    email = `pref${++person}@example.com`;
    const message = await subscribed(email, more);
    const page = await (await form(linkOf(message), { do: "confirm" })).text();
    link = /href="(\/p\/[^"]+)"/.exec(page)?.[1] ?? "";
    expect(link).not.toBe("");
  }

  const page = async (): Promise<string> => (await fetch(server.url + link)).text();

  test("shows a masked address, a strict policy, and nothing that a cache may keep (D12, D19, D20)", async () => {
    await arrive({ first_name: "Zoé" });
    const answer = await fetch(`${server.url}${link}?lang=fr&name=${encodeURIComponent("<svg onload=1>")}`);
    const text = await answer.text();
    expect(text).not.toContain(email);
    expect(text).not.toContain("<svg");
    expect(text).toContain("p•••@e•••.com");
    expect(answer.headers.get("Cache-Control")).toBe("no-store, private");
    expect(answer.headers.get("Content-Security-Policy")).toMatch(/default-src 'none'; style-src 'sha256-[^']+'/);
    // D18: no address in any link that we make.
    expect([...text.matchAll(/(?:href|action)="([^"]*)"/g)].filter(([, href]) => href?.includes("@"))).toEqual([]);
  });

  test("takes consent back at once, and gives none without a word from the address (D12)", async () => {
    await arrive();
    const fields = { shown: "email", frequency: "all", do: "save" };
    await form(link, fields);
    expect((await contactOf(email)).consents.email.state).toBe("withdrawn");
    const before = (await inbox(email)).length;
    await move({ advance: "P2D" });
    const widened = await (await form(link, { ...fields, shown: "", consent: "email" })).text();
    expect(widened).toContain("please confirm");
    expect((await contactOf(email)).consents.email.state).toBe("withdrawn");
    const mails = await until(
      async () => {
        const all = await inbox(email);
        return all.length > before ? all : null;
      },
      { what: "a new confirmation" },
    );
    await form(linkOf(mails[0] as Message), { do: "confirm" });
    expect((await contactOf(email)).consents.email.state).toBe("granted");
  });

  test("keeps frequency, topics, a pause, and what not to show", async () => {
    const topics = [
      { key: "lamps", en: "Lamps", fr: "Luminaires" },
      { key: "candles", en: "Candles", fr: "Bougies" },
    ];
    expect((await server.put("/api/settings/topics", { topics })).status).toBe(200);
    await arrive({ topics: ["lamps", "unknown"] });
    expect((await contactOf(email)).attributes.topics).toEqual(["lamps"]);
    const fields = { shown: "email", consent: "email", with_topics: "1", topic: "candles" };
    await form(link, { ...fields, frequency: "weekly", do: "save" });
    await form(link, { do: "pause", days: "30" });
    await form(link, { do: "hide", product: "ML-GALET" });
    const { attributes, consents } = await contactOf(email);
    expect(consents.email.state).toBe("granted");
    expect(attributes).toMatchObject({
      topics: ["candles"],
      hidden: { products: ["ML-GALET"], categories: [] },
      preferences: { frequency: "weekly", snoozed_until: expect.any(Number) },
    });
    await form(link, { do: "show", product: "ML-GALET" });
    await form(link, { do: "pause", days: "0" });
    const after = (await contactOf(email)).attributes;
    expect([after.hidden.products, after.preferences.snoozed_until]).toEqual([[], null]);
  });

  test("records a request for a copy or for erasure, once a day", async () => {
    await arrive();
    await form(link, { do: "access" });
    await form(link, { do: "access" });
    expect(await (await form(link, { do: "erasure" })).text()).toContain("request for erasure");
    const { id } = await contactOf(email);
    const requests = async () => {
      const { json } = await server.api("/api/privacy/requests?limit=100");
      return json.data.filter((one: { contact_id: string }) => one.contact_id === id);
    };
    // The link alone erases nobody: it waits until the shop has heard from the address.
    await server.moveClock({ advance: "PT30M" });
    const asked = await requests();
    expect(asked).toMatchObject([
      { confirmed_at: null, done_at: null },
      { confirmed_at: null, done_at: null },
    ]);
    expect((await contactOf(email)).status).toBe("verified");
    const timeline = await server.api(`/api/contacts/${id}/timeline`);
    expect(timeline.text.match(/privacy\.requested/g)?.length).toBe(2);
    const { id: request } = asked.find(({ kind }: { kind: string }) => kind === "erasure");
    const confirmed = await server.api(`/api/privacy/requests/${request}/confirm`, { method: "POST" });
    expect(confirmed.json).toMatchObject({ kind: "erasure", confirmed_at: expect.any(String) });
    const isDone = async () => (await server.api(`/api/privacy/requests/${request}`)).json.done_at;
    await until(isDone, { what: "the erasure to be done" });
    expect((await server.api(`/api/contacts/${id}`)).json.status).toBe("erased");
  });

  test("shows what was said, when and where", async () => {
    await arrive();
    expect(await page()).toContain(WORDING);
    await form(link, { do: "stop" });
    expect(await page()).toContain("withdrawn on");
  });

  test.each([
    [
      "a token with a bit flipped (D02)",
      (token: string) => `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`,
      "/p/",
    ],
    ["half a token (D02)", (token: string) => token.slice(0, token.length / 2), "/p/"],
    ["a token of 10 KB (D02)", (token: string) => token.padEnd(10_000, "A"), "/p/"],
    ["its token on the unsubscribe route (D04)", (token: string) => token, "/u/"],
    ["its token on the opt-in route (D04)", (token: string) => token, "/optin/"],
  ])("%s leads nowhere", async (_name, change, path) => {
    await arrive();
    const token = change(link.slice(3));
    const answers = [await fetch(server.url + path + token), await form(path + token, { do: "stop" })];
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect((await contactOf(email)).consents.email.state).toBe("granted");
  });

  test.each([
    ["no body", undefined, undefined],
    ["JSON", "application/json", '{"do":"stop"}'],
    ["an unknown act", "application/x-www-form-urlencoded", "do=constructor"],
    ["a pause of its own making", "application/x-www-form-urlencoded", "do=pause&days=9999"],
  ])("changes nothing for %s (D09)", async (_name, type, body) => {
    await arrive();
    const headers = type === undefined ? {} : { "content-type": type };
    const answer = await fetch(server.url + link, { method: "POST", headers, ...(body !== undefined && { body }) });
    expect(answer.status).toBe(400);
    const contact = await contactOf(email);
    expect([contact.consents.email.state, contact.attributes.preferences]).toEqual(["granted", undefined]);
  });
});
