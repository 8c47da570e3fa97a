import { describe, expect, test } from "vitest";
import type { ContactFile } from "../../../src/console/contact-store";
import { ContactPage } from "../../../src/console/pages/contact";
import { DecisionFeed, RejectedFeed } from "../../../src/console/pages/feeds";
import type { DecisionRow } from "../../../src/console/store";
import type { View } from "../../../src/console/view";
import { agoText, here, timeText } from "../../../src/console/view";
import { emptyProfile } from "../../../src/contacts/profile";

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
    environment: "production",
    isLocal: false,
    holdout: 0,
    formToken: EVIL,
    hasSession: true,
    ...changes,
  };
}

function decision(changes: Partial<DecisionRow> = {}): DecisionRow {
  const about = { contact: 1, id: "msg_1.1", scenario: "sc_1", block: "e1", channel: "email" };
  const answer = { outcome: "suppressed", reason: "no_consent", inputs: "{}", at: NOW };
  return { ...about, ...answer, sendState: null, sendReason: null, ...changes };
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
  };
  const names = new Map([["sc_1", EVIL]]);
  expectHarmless(await text(ContactPage({ view: view(), file, names, currency: "EUR" })));
});

test("an event that was turned down is shown as text, whatever it is", async () => {
  const row = {
    id: 1,
    receivedAt: NOW,
    source: null,
    stage: "input",
    messageId: EVIL,
    reason: EVIL,
    replayedAt: null,
  } as const;
  expectHarmless(await text(RejectedFeed({ view: view(), rows: [{ ...row, body: JSON.stringify({ event: EVIL }) }] })));
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
