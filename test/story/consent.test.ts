import { afterAll, beforeAll, describe, expect, test } from "vitest";
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

const first = (to: string): Promise<Message> =>
  until(async () => (await inbox(to))[0], { what: `a message to ${to}`, timeout: 10_000 });

const linkOf = ({ html }: Message): string => /href="[^"]*(\/optin\/[^"]+)"/.exec(html)?.[1] ?? "";

async function contactOf(email: string): Promise<ApiAnswer["json"] | undefined> {
  const answer = await server.api(`/api/contacts?email=${encodeURIComponent(email)}`);
  return (answer.json as { data: { email: string | null }[] }).data.find((contact) => contact.email === email);
}

const move = (by: object) => server.api("/dev/clock", { method: "POST", json: by });

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

  test("takes no more than a few guesses", async () => {
    const email = "guess@example.com";
    await subscribe({ email, phone: "+33612345679", consent: { email: true, sms: true } });
    const link = linkOf(await first(email));
    const answers: number[] = [];
    for (let guess = 0; guess < 8; guess++) {
      answers.push((await form(link, { do: "code", code: `1111 111${guess}` })).status);
    }
    expect(answers.slice(0, 5)).toEqual([200, 200, 200, 200, 200]);
    expect(answers.at(-1)).toBe(429);
  });
});
