import { beforeEach, describe, expect, it } from "vitest";
import type { Cap, CapRules } from "../../../src/decisions/caps";
import type { PermitLimits, PermitRow } from "../../../src/decisions/permit";
import { PERMIT_SQL, permitValues } from "../../../src/decisions/permit";
import { DAY, HOUR, MINUTE } from "../../../src/shared/clock";
import { DatabaseFile } from "../../sim/database";

const NOW = Date.UTC(2026, 10, 23, 12);
const NONE: CapRules = { caps: [], factors: [] };
const daily: Cap = { channel: "email", count: 1, withinMs: 16 * HOUR };
const DAILY: CapRules = { caps: [daily], factors: [] };
let file: DatabaseFile;

beforeEach(() => {
  file = DatabaseFile.d1();
  file.all("UPDATE cursor SET owner = 'us'");
  contact(1);
});

function insert(table: string, row: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(row);
  file.all(`INSERT INTO ${table} (${names}) VALUES (${names.map(() => "?")})`, Object.values(row));
}

function contact(id: number, more: object = {}): void {
  const consents = JSON.stringify({ email: { state: "granted", at: 0 }, sms: { state: "granted", at: 0 } });
  const base = { id, status: "verified", email: "a@x.test", phone: "+33612345678", consents, attributes: "{}" };
  insert("contacts", { ...base, created_at: 0, tracked: 0, ring: "", seq: 0, seen_at: 0, ...more });
}

function send(id: string, row: Readonly<Record<string, unknown>> = {}, data: object = {}): void {
  const about = { contact: 1, id, run: `run_${id}`, scenario: "s", block: "b", channel: "email", class: "marketing" };
  const stands = {
    state: "queued",
    open: 1,
    attempts: 0,
    next_at: NOW,
    lease_until: 0,
    created_at: NOW,
    updated_at: NOW,
  };
  const text = JSON.stringify({ priority: 50, leave_by: NOW + DAY, ...data });
  insert("sends", { ...about, content: "c", content_version: 1, address: "a@x.test", data: text, ...stands, ...row });
}

/** A message that left so long ago. */
function sent(id: string, ago: number, row: object = {}, data: object = {}): void {
  const at = NOW - ago;
  send(
    id,
    { state: "sent", open: 0, attempts: 1, first_attempt_at: at, attempted_at: at, created_at: at, ...row },
    data,
  );
}

function permit(caps: CapRules, ids: readonly string[], now = NOW, closed: PermitLimits["closed"] = []): string[] {
  const keys = ids.map((id) => ({ contact: 1, id }));
  file.all<PermitRow>(PERMIT_SQL, permitValues(keys, "us", now, { caps, closed }));
  return ids.map((id) => stands(id, now));
}

function stands(id: string, now = NOW): string {
  const sql = "SELECT state, open, reason, next_at FROM sends WHERE id = ?1";
  const [row] = file.all<{ state: string; open: number; reason: string | null; next_at: number }>(sql, [id]);
  const waits = row?.open === 1 && row.state === "queued" ? ` for ${(row.next_at - now) / HOUR} h` : "";
  return `${row?.state}${row?.reason ? `: ${row.reason}` : ""}${waits}`;
}

describe("the permit's caps", () => {
  it("count what was tried within the span, whatever is known of it", () => {
    for (const state of ["sent", "claimed", "unknown", "queued"]) {
      file.all("DELETE FROM sends");
      sent("before", HOUR, { state });
      send("next");
      expect(permit(DAILY, ["next"]), state).toEqual(["queued: frequency_cap for 15 h"]);
    }
    for (const state of ["suppressed", "failed"]) {
      file.all("DELETE FROM sends");
      sent("before", HOUR, { state });
      send("next");
      expect(permit(DAILY, ["next"]), state).toEqual(["claimed"]);
    }
  });

  it("let the next one through at the very moment at which there is room", () => {
    sent("before", 16 * HOUR - 1);
    send("next");
    expect(permit(DAILY, ["next"])).toEqual([`queued: frequency_cap for ${1 / HOUR} h`]);
    expect(permit(DAILY, ["next"], NOW + 1)).toEqual(["claimed: frequency_cap"]);
  });

  it("count what a message is expected to earn", () => {
    send("dear", {}, { priority: 50, value_points: 30 });
    send("plain", {}, { priority: 75 });
    expect(permit(DAILY, ["dear", "plain"])).toEqual(["claimed", `queued: frequency_cap for ${MINUTE / HOUR} h`]);
  });

  it("wait for what a campaign has ready for the same person, as it does for them", () => {
    send("newsletter", { open: 2 }, { priority: undefined });
    send("sunset", {}, { priority: 5 });
    expect(permit(DAILY, ["sunset"])).toEqual([`queued: frequency_cap for ${MINUTE / HOUR} h`]);
    expect(permit(DAILY, ["newsletter"])).toEqual(["claimed"]);
  });

  it("give the most valuable of a batch the room that there is", () => {
    send("low", {}, { priority: 35 });
    send("high", {}, { priority: 75 });
    send("campaign", {}, { priority: undefined });
    expect(permit(DAILY, ["low", "high", "campaign"])).toEqual([
      `queued: frequency_cap for ${MINUTE / HOUR} h`,
      "claimed",
      `queued: frequency_cap for ${MINUTE / HOUR} h`,
    ]);
    expect(permit(DAILY, ["low", "campaign"], NOW + MINUTE)).toEqual(
      Array(2).fill(`queued: frequency_cap for ${16 - 1 / 60} h`),
    );
  });

  it("rank what is late lower, a point an hour", () => {
    send("stale", { created_at: NOW - 10 * HOUR }, { priority: 55 });
    send("fresh", {}, { priority: 50 });
    expect(permit(DAILY, ["stale", "fresh"])[1]).toBe("claimed");
  });

  it("give way to what is ready of the same person in another queue, on whatever channel", () => {
    const one: CapRules = { caps: [{ ...daily, channel: "all" }], factors: [] };
    send("text", { channel: "sms", address: "+33612345678" }, { priority: 90 });
    send("letter");
    expect(permit(one, ["letter"])[0]).toContain("queued: frequency_cap");
    expect(permit(one, ["text"])).toEqual(["claimed"]);
    file.all("INSERT INTO settings (key, value) VALUES ('kill', '[\"sms\"]')");
    send("other text", { channel: "sms", address: "+33612345678" }, { priority: 90 });
    file.all("UPDATE sends SET state = 'suppressed', open = 0 WHERE id = 'text'");
    // What the kill switch holds takes nobody's place.
    expect(permit(one, ["letter"], NOW + MINUTE)).toEqual(["claimed: frequency_cap"]);
  });

  it("rank a message first that was tried before, and count it once", () => {
    sent("again", HOUR, { state: "queued", open: 1, next_at: NOW }, { priority: 1 });
    send("better", {}, { priority: 99 });
    expect(permit(DAILY, ["better", "again"])).toEqual([`queued: frequency_cap for ${MINUTE / HOUR} h`, "claimed"]);
  });

  it("are asked again at a retry: others have left meanwhile", () => {
    sent("again", 17 * HOUR, { state: "queued", open: 1, next_at: NOW });
    sent("other", HOUR);
    expect(permit(DAILY, ["again"])).toEqual(["queued: frequency_cap for 15 h"]);
    expect(permit(DAILY, ["again"], NOW + 15 * HOUR)).toEqual(["unknown: too_old_to_repeat"]);
  });

  it("count from the last attempt, not from the first", () => {
    sent("again", 17 * HOUR, { state: "queued", open: 1, next_at: NOW });
    expect(permit(DAILY, ["again"])).toEqual(["claimed"]);
    send("next", { next_at: NOW + HOUR });
    expect(permit(DAILY, ["next"], NOW + HOUR)).toEqual(["queued: frequency_cap for 15 h"]);
  });

  it("drop what loses until it is too late, and say so", () => {
    sent("before", HOUR);
    send("hasty", {}, { leave_by: NOW + HOUR });
    expect(permit(DAILY, ["hasty"])).toEqual([`queued: frequency_cap for ${1 + 1 / HOUR} h`]);
    expect(permit(DAILY, ["hasty"], NOW + HOUR + 1)).toEqual(["suppressed: lost_arbitration"]);
    send("no time", {}, { leave_by: NOW });
    expect(permit(DAILY, ["no time"])).toEqual(["suppressed: frequency_cap"]);
  });

  it("wait a day at most for what says nothing of when it is too late", () => {
    sent("before", HOUR);
    send("campaign", { created_at: NOW - 20 * HOUR }, { leave_by: undefined });
    expect(permit(DAILY, ["campaign"])).toEqual([`queued: frequency_cap for ${4 + 1 / HOUR} h`]);
    expect(permit(DAILY, ["campaign"], NOW + 5 * HOUR)).toEqual(["suppressed: lost_arbitration"]);
  });

  it("let service through, and do not count it", () => {
    sent("receipt", HOUR, { class: "transactional" });
    send("ad");
    send("next receipt", { class: "transactional" });
    expect(permit(DAILY, ["ad", "next receipt"])).toEqual(["claimed", "claimed"]);
  });

  it("count by weight, of all of a person's rows before a merge as well", () => {
    contact(2, { email: null, phone: null, status: "merged", merged_into: 1 });
    sent("of the other", HOUR, { contact: 2 }, { weight: 2 });
    send("next");
    const three: CapRules = { caps: [{ ...daily, count: 2 }], factors: [] };
    expect(permit(three, ["next"])).toEqual(["queued: frequency_cap for 15 h"]);
  });

  it("go by engagement: less for who does not react, more for who does", () => {
    const member = (family: string, segment: string) =>
      insert("segment_members", { family, contact: 1, segment, since: 0 });
    const weekly: Cap = { ...daily, withinMs: 7 * DAY, level: "email_activity.slowing" };
    sent("before", DAY);
    send("next");
    expect(permit({ caps: [weekly], factors: [] }, ["next"])).toEqual(["claimed"]);
    member("email_activity", "slowing");
    send("third");
    expect(permit({ caps: [{ ...weekly, count: 2 }], factors: [] }, ["third"])[0]).toContain("queued: frequency_cap");
    const wider = { caps: [{ ...weekly, count: 2 }], factors: [{ level: "engagement.very_engaged", factor: 1.5 }] };
    member("engagement", "very_engaged");
    expect(permit(wider, ["third"], NOW + 6 * DAY)).toEqual(["suppressed: lost_arbitration"]);
    send("fourth");
    expect(permit(wider, ["fourth"])).toEqual(["claimed"]);
  });

  it("are none where the shop has none", () => {
    sent("before", 1);
    send("one");
    send("two");
    expect(permit(NONE, ["one", "two"])).toEqual(["claimed", "claimed"]);
  });
});

describe("the permit's hours", () => {
  it("put a message off to when they open, drop one that would be too late, and ask again at a retry", () => {
    const opens = NOW + 10 * HOUR;
    const closed = (id: string) => [{ contact: 1, id, opens }];
    send("sms");
    expect(permit(NONE, ["sms"], NOW, closed("sms"))).toEqual(["queued: quiet_hours for 10 h"]);
    expect(permit(NONE, ["sms"], NOW + 9 * HOUR)).toEqual(["queued: quiet_hours for 1 h"]);
    expect(permit(NONE, ["sms"], opens)).toEqual(["claimed: quiet_hours"]);
    send("hasty", {}, { leave_by: NOW + HOUR });
    expect(permit(NONE, ["hasty"], NOW, closed("hasty"))).toEqual(["suppressed: quiet_hours"]);
    sent("again", HOUR, { state: "queued", open: 1 });
    expect(permit(NONE, ["again"], NOW, closed("again"))).toEqual(["queued: quiet_hours for 10 h"]);
    send("never");
    expect(permit(NONE, ["never"], NOW, [{ contact: 1, id: "never", opens: null }])).toEqual([
      "suppressed: quiet_hours",
    ]);
  });

  it("leave it to a message that was tried what is known of its attempts", () => {
    const held = (row: object) => {
      file.all("DELETE FROM sends");
      sent("tried", HOUR, { open: 1, ...row });
      return permit(NONE, ["tried"], NOW, [{ contact: 1, id: "tried", opens: NOW + HOUR }]);
    };
    // Whoever surely has not got it may be asked again by a provider without keys; of whom nobody knows may not.
    expect(held({ state: "queued", reason: "channel_paused" })).toEqual(["queued: channel_paused for 1 h"]);
    expect(held({ state: "claimed", reason: "channel_paused" })).toEqual(["queued: lease_over for 1 h"]);
  });

  it("take no place that another message could have", () => {
    send("closed", {}, { priority: 90 });
    send("open");
    const closed = [{ contact: 1, id: "closed", opens: NOW + HOUR }];
    expect(permit(DAILY, ["closed", "open"], NOW, closed)).toEqual(["queued: quiet_hours for 1 h", "claimed"]);
  });
});

describe("what a message is about", () => {
  const open = (row: object = {}) =>
    insert("crm_events", {
      source_id: JSON.stringify(row),
      contact: 1,
      type: "complaint",
      opened_at: NOW - DAY,
      source: "shop",
      updated_at: 0,
      ...row,
    });

  it("waits while a complaint or a return about the same thing is open, then stops", () => {
    open({ order_id: "o-1" });
    send("review", {}, { about: { order: "o-1" }, leave_by: NOW + 90 * MINUTE });
    send("other", {}, { about: { order: "o-2" } });
    send("receipt", { class: "transactional" }, { about: { order: "o-1" } });
    expect(permit(NONE, ["review", "other", "receipt"])).toEqual(["queued: open_case for 1 h", "claimed", "claimed"]);
    expect(permit(NONE, ["review"], NOW + HOUR)[0]).toContain("queued: open_case");
    expect(permit(NONE, ["review"], NOW + 2 * HOUR)).toEqual(["suppressed: open_case"]);
  });

  it("waits for a case about a product of its cart, or about the shop, until that is closed", () => {
    open({ product_id: "lamp" });
    send("cart", {}, { cart: { lines: [{ product_id: "cup" }, { product_id: "lamp" }] } });
    send("news");
    expect(permit(NONE, ["cart", "news"])).toEqual(["queued: open_case for 1 h", "claimed"]);
    open();
    send("more news");
    expect(permit(NONE, ["more news"])).toEqual(["queued: open_case for 1 h"]);
    file.all("UPDATE crm_events SET closed_at = ?1", [NOW]);
    expect(permit(NONE, ["cart", "more news"], NOW + HOUR)).toEqual(["claimed: open_case", "claimed: open_case"]);
  });

  it("is dropped when it is sold out by then (Appendix B 5), or its price went up again (Appendix B 6)", () => {
    const price = (amount: number, from: number) =>
      insert("price_history", { product_id: "lamp", sku: "l1", effective_from: from, price: amount, currency: "EUR" });
    const stock = (count: number, from: number) =>
      insert("stock_history", { product_id: "lamp", sku: "l1", effective_from: from, stock: count });
    price(3_990, NOW - DAY);
    stock(3, NOW - DAY);
    const drop = { about: { product: "lamp", sku: "l1", price: 3_990 } };
    for (const id of ["a", "b", "c"]) send(id, {}, drop);
    expect(permit(NONE, ["a"])).toEqual(["claimed"]);
    price(4_990, NOW + HOUR);
    expect(permit(NONE, ["b"], NOW + HOUR)).toEqual(["suppressed: price_changed_back"]);
    stock(0, NOW + 2 * HOUR);
    expect(permit(NONE, ["c"], NOW + 2 * HOUR)).toEqual(["suppressed: out_of_stock"]);
  });

  it("is dropped when its coupon was used, or is over", () => {
    insert("coupons", { code: "USED", offer: "o", redeemed_at: NOW - 1 });
    insert("coupons", { code: "FRESH", offer: "o" });
    send("used", {}, { coupon: { code: "USED", until: null } });
    send("fresh", {}, { coupon: { code: "FRESH", until: NOW + 1 } });
    send("over", {}, { coupon: { code: "FRESH", until: NOW } });
    expect(permit(NONE, ["used", "fresh", "over"])).toEqual([
      "suppressed: coupon_used",
      "claimed",
      "suppressed: coupon_over",
    ]);
  });
});
