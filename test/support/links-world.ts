// People who were written to, on the real runtime, and what becomes of the links in their messages.
import { expect } from "vitest";
import { createApp } from "../../src/app";
import type { PermitRow } from "../../src/decisions/permit";
import type { LedgerEvent } from "../../src/events/event";
import { localClock } from "../../src/local/clock";
import { runTo } from "../../src/local/clock-runner";
import type { ScenarioDefinition } from "../../src/scenarios/definition";
import { renderRow } from "../../src/sends/deliver";
import type { RenderedMessage } from "../../src/sends/message";
import { contactOf, DB, quiet, services } from "./acts-world";

const app = createApp();
/** A browser of a person. */
export const PERSON =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/604.1";
export const SECRET = services.config.LINK_SECRET;

export const now = (): number => services.clock.now();
let told = 0;

/** Something is said of somebody now. */
export async function say(user: string, what: Partial<LedgerEvent>): Promise<void> {
  const event = { id: `links-${++told}`, type: "track", name: "", at: now(), trust: "secret", user, ...what };
  const { status } = await services.append({ receivedAt: now(), events: [event as LedgerEvent] }, null);
  expect(status).toBe("stored");
  await quiet();
}

/** Lets time pass, by way of everything that falls due. */
export async function pass(ms: number): Promise<void> {
  await runTo(services, now() + ms);
  localClock.move(now(), 0);
}

/** A request to the whole product, as a person's browser makes it. */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { "User-Agent": PERSON, ...(init.headers as Record<string, string>) };
  const url = new URL(path, "https://relance.test");
  const request = new Request(`https://relance.test${url.pathname}${url.search}`, {
    redirect: "manual",
    ...init,
    headers,
  });
  const answer = await app.fetch(request, services.env);
  await quiet();
  return answer;
}

/** What the admin API answers. */
export async function api(path: string, init: RequestInit = {}): Promise<{ status: number; json: never }> {
  const headers = { Authorization: `Bearer ${services.config.ADMIN_KEYS[0]}` };
  const answer = await ask(path, { ...init, headers });
  return { status: answer.status, json: (await answer.json()) as never };
}

/** Makes a content that messages can use. */
export async function content(key: string, channel: "email" | "sms", text: object): Promise<void> {
  const definition = { key, channel, class: "marketing", needs: [], texts: { en: text, fr: text } };
  const sql = "INSERT OR REPLACE INTO contents (key, version, definition, created_at) VALUES (?1, 1, ?2, 0)";
  await DB.prepare(sql).bind(key, JSON.stringify(definition)).run();
}

const exit = { type: "exit", params: { outcome: "completed", reason: "end" } };

/** Sends one content as soon as `Begun` is told of, and waits for an answer. */
export function letters(key: string, channel = "email", rest: Partial<ScenarioDefinition> = {}): ScenarioDefinition {
  return {
    name: "Letters",
    description: "",
    class: "marketing",
    priority: 50,
    holdout: 0,
    max_lateness: "P1D",
    stop_on: [],
    reentry: { policy: "by_key" },
    filter: { all: [] },
    start: "start",
    blocks: {
      start: { type: "start.event", params: { event: "Begun" }, next: { next: "letter" } },
      letter: { type: `send.${channel}`, params: { content: key }, next: { next: "wait" } },
      wait: {
        type: "wait.message",
        params: { block: "letter", on: "engaged", timeout: "P20D" },
        next: { yes: "yes", timeout: "end" },
      },
      yes: { ...exit, params: { outcome: "completed", reason: "answered" }, next: {} },
      end: { ...exit, next: {} },
    },
    ...rest,
  } as ScenarioDefinition;
}

export interface Written {
  readonly row: PermitRow & { readonly state: string };
  readonly contact: number;
  readonly id: string;
  readonly message: RenderedMessage;
  /** Paths of its links that are counted, in order. */
  readonly clicks: readonly string[];
  readonly trap: string;
  readonly pixel: string;
}

/** Somebody who agreed to it, written to by the scenario that is live. */
export async function written(user: string, consent: object = {}, more: object = {}): Promise<Written> {
  const traits = {
    email: `${user}@shop.test`,
    consent: { email: true, sms: true, tracking: true, ...consent },
    ...more,
  };
  await say(user, { type: "identify", name: "identify", traits });
  await say(user, { name: "Begun" });
  await pass(1_000);
  return letterOf(user);
}

/** The last message of somebody, as it left. */
export async function letterOf(user: string): Promise<Written> {
  const contact = await contactOf(user);
  const sql = "SELECT * FROM sends WHERE contact = ?1 ORDER BY created_at DESC LIMIT 1";
  const row = await DB.prepare(sql).bind(contact).first<Written["row"]>();
  if (row === null) throw new Error(`nothing was written to ${user}`);
  const message = await renderRow(row, services.consumer());
  const paths = [...`${message.html} ${message.text}`.matchAll(/https?:\/\/[^\s"'<>/]+(\/[csolwf]\/[\w~.-]+)/g)];
  const all = [...new Set(paths.map(([, path]) => path ?? ""))];
  const isTrap = (path: string): boolean => path.includes("~x~");
  return {
    row,
    contact,
    id: row.id,
    message,
    clicks: all.filter((path) => /^\/[cs]\//.test(path) && !isTrap(path)),
    trap: all.find(isTrap) ?? "",
    pixel: all.find((path) => path.startsWith("/o/")) ?? "",
  };
}

/** What a person did about a message, in alphabetical order. */
export async function actsOn({ contact, id }: Written): Promise<string[]> {
  const sql = "SELECT kind FROM message_acts WHERE contact = ?1 AND send = ?2 ORDER BY kind";
  return (await DB.prepare(sql).bind(contact, id).all<{ kind: string }>()).results.map(({ kind }) => kind);
}

/** What was noted of a message, by place. */
export async function hitsOn({ contact, id }: Written): Promise<Record<string, string | null>> {
  const sql = "SELECT place, machine FROM message_hits WHERE contact = ?1 AND send = ?2 ORDER BY place";
  const { results } = await DB.prepare(sql).bind(contact, id).all<{ place: string; machine: string | null }>();
  return Object.fromEntries(results.map(({ place, machine }) => [place, machine]));
}

/** How many events of a name the journal holds. */
export async function journalled(name: string): Promise<number> {
  const sql = "SELECT count(*) AS n FROM journal, json_each(journal.body) e WHERE e.value ->> 'name' = ?1";
  return (await DB.prepare(sql).bind(name).first<number>("n")) ?? -1;
}
