import { describe, expect, test } from "vitest";
import type { ContactFile } from "../../../src/console/contact-store";
import { ContactPage } from "../../../src/console/pages/contact";
import { DecisionFeed, RejectedFeed } from "../../../src/console/pages/feeds";
import { Page } from "../../../src/console/pages/layout";
import { SourcesPage } from "../../../src/console/pages/sources";
import type { DecisionRow } from "../../../src/console/store";
import type { View } from "../../../src/console/view";
import { agoText, here, timeText } from "../../../src/console/view";
import { emptyProfile } from "../../../src/contacts/profile";
import { Tally } from "../../../src/events/tally";
import { NO_ALERTS } from "../../../src/reports/alert-settings";
import { sourceFigures } from "../../../src/reports/source-figures";
import { bySource } from "../../../src/reports/source-hours";

const EVIL = `"><img src=x onerror=alert(1)><script>alert(2)</script>'`;
const NOW = Date.parse("2026-11-21T10:00:00Z");

function view(changes: Partial<View> = {}): View {
  return {
    language: "en",
    say: (en) => en,
    path: "/admin",
    query: {},
    now: NOW,
    zone: "UTC",
    shopName: EVIL,
    terms: { shop: { zone: "UTC", currency: "EUR" }, table: () => undefined },
    environment: "production",
    isLocal: false,
    holdout: 0,
    keepsHours: false,
    caps: 0,
    formToken: EVIL,
    hasSession: true,
    ...changes,
  };
}

function decision(changes: Partial<DecisionRow> = {}): DecisionRow {
  const about = { contact: 1, id: "msg_1.1", scenario: "sc_1", block: "e1", channel: "email" };
  const answer = { outcome: "suppressed", reason: "no_consent", inputs: "{}", at: NOW };
  return { ...about, ...answer, sendState: null, sendReason: null, campaign: null, ...changes };
}

async function text(page: unknown): Promise<string> {
  return String(await (page as Promise<unknown>));
}

function expectHarmless(html: string): void {
  expect(html).toContain("&lt;img");
  expect(html).not.toContain("<img");
  expect(html).not.toContain("<script");
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+="/);
}

test("a contact whose every field is hostile is shown as text", async () => {
  const profile = {
    ...emptyProfile(),
    firstName: EVIL,
    lastName: EVIL,
    email: EVIL,
    externalId: EVIL,
    attributes: { [EVIL]: EVIL, deep: { [EVIL]: EVIL } },
  };
  const file: ContactFile = {
    row: 1,
    profile,
    seenAt: NOW,
    parkedFor: EVIL,
    metrics: { orders: 1, netTotal: 100 },
    carts: [
      { state: "active", changedAt: NOW, currency: EVIL, value: 1, lines: [{ name: EVIL, quantity: 1, price: 1 }] },
    ],
    orders: [{ orderId: EVIL, status: EVIL, placedAt: NOW, currency: "EUR", total: 1, refunded: 0, source: EVIL }],
    consents: [
      { channel: "email", purpose: "marketing", action: "grant", at: NOW, wording: EVIL, source: EVIL, way: EVIL },
    ],
    runs: [],
    decisions: [decision({ scenario: EVIL, block: EVIL, channel: EVIL, reason: EVIL, inputs: EVIL })],
    sends: [],
    scores: null,
  };
  const names = new Map([["sc_1", EVIL]]);
  const figures = { contact: 1, externalId: EVIL, lastOrderAt: NOW, orders: 1, monetary: 1, r: 1, f: 1, m: 1, days: 3 };
  const scores = { ...figures, segment: EVIL, name: EVIL, cause: EVIL, changedAt: NOW, months: 24 };
  expectHarmless(await text(ContactPage({ view: view(), file, names, currency: "EUR", scores })));
});

test("an event that was turned down is shown as text, whatever it is", async () => {
  const why = { reason: EVIL, source: EVIL, code: EVIL };
  const row = { id: 1, receivedAt: NOW, stage: "input", messageId: EVIL, ...why, replayedAt: null } as const;
  expectHarmless(await text(RejectedFeed({ view: view(), rows: [{ ...row, body: JSON.stringify({ event: EVIL }) }] })));
});

test("a source whose every field is hostile is shown as text", async () => {
  const note = { source: EVIL, at: NOW, events: 1, lastEventAt: NOW, refused: { [EVIL]: 3 }, skew: -400_000 };
  const tally = new Tally();
  tally.note(note);
  const figures = bySource(tally.take(NOW)).map((of) => sourceFigures(of, NOW, { after: 1, gaps: 12 }));
  const example = { id: 1, at: NOW, messageId: EVIL, reason: EVIL, body: JSON.stringify({ event: EVIL, [EVIL]: 1 }) };
  const alert = {
    id: "alr_1",
    rule: "source-silent",
    subject: EVIL,
    facts: {},
    openedAt: NOW,
    closedAt: null,
  } as const;
  const settings = { ...NO_ALERTS, emails: [EVIL], webhook: { url: EVIL, headers: {}, fields: [] } };
  const shown = {
    sources: figures,
    refused: [{ source: EVIL, code: EVIL, kept: 1, ids: [1], example }],
    standing: {
      ledger: { reachable: true, applied: 1, woken: 1, newest: 1, lagMs: 0, sideRows: 0, sideAgeMs: 0 },
      queues: [{ channel: EVIL, waiting: 1, ageMs: 1 }],
    },
    alerts: {
      alerts: [{ ...alert, saidAt: NOW, reminders: 0 }],
      settings,
      secret: EVIL,
      isGivenUp: true,
      test: [{ way: "email", target: EVIL, state: EVIL, reason: EVIL }],
    },
    doors: { url: EVIL, writeKey: EVIL },
  };
  expectHarmless(await text(SourcesPage({ view: view({ query: { test: EVIL, taken: EVIL, done: EVIL } }), shown })));
});

describe("a decision", () => {
  const feed = (row: DecisionRow) =>
    text(DecisionFeed({ view: view(), names: new Map([["sc_1", "Cart"]]), rows: [row] }));

  test("says its reason in words, with what was looked at", async () => {
    const html = await feed(decision({ inputs: JSON.stringify({ consent: "withdrawn", planned_at: NOW }) }));
    expect(html).toContain("No consent for this channel");
    expect(html).toContain("ct_0000000001");
    expect(html).toContain("withdrawn");
    expect(html).toContain("Saturday");
  });

  test("that was permitted says what became of its message", async () => {
    const sent = await feed(decision({ outcome: "send", reason: "permitted", sendState: "sent" }));
    expect(sent).toContain(">Sent<");
    const late = decision({ outcome: "send", reason: "permitted", sendState: "suppressed", sendReason: "run_stopped" });
    const stopped = await feed(late);
    expect(stopped).toContain(">Not sent<");
    expect(stopped).toContain("had been stopped");
  });
});

test("times are the shop's, and say their year where it is long ago", () => {
  const paris = view({ zone: "Europe/Paris" });
  expect(timeText(paris, NOW)).toContain("11:00");
  expect(timeText(paris, NOW - 400 * 86_400_000)).toContain("2025");
  expect(agoText(paris, NOW - 4 * 3_600_000)).toMatch(/4 hr?\.? ago/);
});

test("a link to this page keeps its parameters and escapes them", () => {
  const page = view({ path: "/admin/decisions", query: { outcome: "held", after: "1~2" } });
  expect(here(page, { lang: "fr" })).toBe("/admin/decisions?outcome=held&after=1%7E2&lang=fr");
  expect(here(page, { outcome: null, after: null })).toBe("/admin/decisions");
});

test.each([
  ["/admin/imports/imp_1", "Imports", "true"],
  ["/admin/catalogue/products/LAMP", "Catalogue", "true"],
  ["/admin/segments", "Segments", "page"],
  ["/admin/segments-of-another-name", "Segments", null],
  ["/admin/contacts/ct_1", "Overview", null],
  ["/admin/segments", "Audience", "true"],
  ["/admin/contacts/ct_1", "Audience", "true"],
  ["/admin/contacts/ct_1", "Segments", null],
  ["/admin/scenarios/sc_1", "Activity", "true"],
  ["/admin/contents/cart_1", "Contents", "true"],
  ["/admin/contents/library", "Contents", null],
  ["/admin/contents/library", "Library", "page"],
])("the menu of %s marks %s: %s", async (path, section, mark) => {
  const html = await text(Page({ view: view({ path }), title: "x" }));
  const [, attributes = ""] = new RegExp(`<a([^>]*)>${section}</a>`).exec(html) ?? [];
  expect(/aria-current="(\w+)"/.exec(attributes)?.[1] ?? null).toBe(mark);
});
