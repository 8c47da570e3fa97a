import { beforeEach, describe, expect, it } from "vitest";
import type { CapRules } from "../../../src/decisions/caps";
import { permitValues } from "../../../src/decisions/permit";
import { DEFAULT_SENDING, rulesOf } from "../../../src/decisions/sending";
import { permitSends } from "../../../src/decisions/store";
import { settleSends } from "../../../src/sends/store";
import { DAY, HOUR } from "../../../src/shared/clock";
import { DatabaseFile, d1Over } from "../../sim/database";
import type { Timeline } from "../../sim/timeline";

// A Monday noon.
const NOW = Date.UTC(2026, 10, 23, 12);
let file: DatabaseFile;
let db: D1Database;

beforeEach(() => {
  file = DatabaseFile.d1();
  db = d1Over(file, { step: async (_name: string, run: () => unknown) => run() } as unknown as Timeline);
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

function send(id: string, row: object = {}, data: object = {}): void {
  const about = { contact: 1, id, run: `run_${id}`, scenario: "s", block: "b", channel: "email", class: "marketing" };
  const stands = {
    state: "queued",
    open: 1,
    attempts: 0,
    next_at: NOW,
    lease_until: 0,
    created_at: NOW,
    updated_at: 0,
  };
  const text = JSON.stringify({ priority: 50, leave_by: NOW + DAY, ...data });
  insert("sends", { ...about, content: "c", content_version: 3, address: "a@x.test", data: text, ...stands, ...row });
}

/** A message that left so long ago. */
function sent(id: string, ago: number): void {
  const at = NOW - ago;
  send(id, { state: "sent", open: 0, attempts: 1, first_attempt_at: at, attempted_at: at, created_at: at });
}

const NO_CAPS: CapRules = { caps: [], factors: [] };

/** Asks for permits, and gives back what stands in the record about each. */
async function permit(ids: readonly string[], caps: CapRules = NO_CAPS, now = NOW): Promise<unknown[]> {
  const rules = { ...rulesOf(DEFAULT_SENDING), ...caps };
  await permitSends(
    db,
    ids.map((id) => ({ contact: 1, id })),
    "us",
    now,
    { rules, zone: "Europe/Paris" },
  );
  return ids.map(recorded);
}

interface Recorded {
  readonly outcome: string;
  readonly reason: string;
  readonly rule: number;
  readonly inputs: string;
  readonly at: number;
}

function recorded(id: string): unknown {
  const rows = file.all<Recorded>(
    "SELECT outcome, reason, rule, inputs, at FROM decisions WHERE send = ?1 ORDER BY id",
    [id],
  );
  const row = rows.at(-1);
  return row && { ...row, inputs: JSON.parse(row.inputs) as unknown };
}

describe("why the last look stopped a message that the gate had let through", () => {
  it("is a decision with its rule, its time and what was looked at", async () => {
    send("msg_1");
    insert("decisions", {
      contact: 1,
      id: `msg_1.${NOW}`,
      send: "msg_1",
      run: "run_msg_1",
      scenario: "s",
      block: "b",
      channel: "email",
      outcome: "send",
      reason: "permitted",
      rule: 4,
      inputs: JSON.stringify({ planned_at: NOW - HOUR }),
      at: NOW,
    });
    file.all("UPDATE contacts SET consents = json_set(consents, '$.email.state', 'withdrawn')");
    expect(await permit(["msg_1"])).toEqual([
      {
        outcome: "suppressed",
        reason: "consent_withdrawn",
        rule: 4,
        at: NOW,
        inputs: {
          planned_at: NOW - HOUR,
          attempts: 0,
          late_ms: 0,
          leave_until: NOW + DAY,
          status: "verified",
          has_address: true,
          consent: "withdrawn",
        },
      },
    ]);
    expect(file.all("SELECT count(*) AS n FROM decisions")).toEqual([{ n: 2 }]);
    // Asked again, at the same moment too, nothing is said twice.
    await permit(["msg_1"]);
    await permit(["msg_1"], NO_CAPS, NOW + 1);
    expect(file.all("SELECT count(*) AS n FROM decisions")).toEqual([{ n: 2 }]);
  });

  it("tells each reason by what it follows from", async () => {
    send("msg_stopped");
    insert("stops", { contact: 1, run: "run_msg_stopped", reason: "ordered", at: NOW });
    send("msg_coupon", {}, { coupon: { code: "C-1", until: NOW + DAY } });
    insert("coupons", {
      offer: "o",
      contact: 1,
      occasion: "x",
      code: "C-1",
      issued_at: 0,
      redeemed_at: NOW - 5,
    });
    send("msg_stock", {}, { about: { product: "p1" } });
    insert("stock_history", { product_id: "p1", sku: "s1", stock: 0, effective_from: 0 });
    send("msg_price", {}, { about: { product: "p2", sku: "s2", price: 900 } });
    insert("price_history", { product_id: "p2", sku: "s2", price: 1_000, currency: "EUR", effective_from: 0 });
    send("msg_night", { channel: "sms", address: "+33612345678" }, { leave_by: NOW + 9 * HOUR });
    const night = NOW + 8 * HOUR;
    const day = await permit(["msg_stopped", "msg_coupon", "msg_stock", "msg_price"]);
    expect(day).toMatchObject([
      { reason: "run_stopped", inputs: { stopped_for: "ordered" } },
      { reason: "coupon_used", inputs: { coupon_until: NOW + DAY, coupon_redeemed_at: NOW - 5 } },
      { reason: "out_of_stock", inputs: { stock: 0 } },
      { reason: "price_changed_back", inputs: { announced_price: 900, price: 1_000 } },
    ]);
    expect(await permit(["msg_night"], NO_CAPS, night)).toMatchObject([
      { reason: "quiet_hours", inputs: { opens_at: Date.UTC(2026, 10, 24, 7), late_ms: 8 * HOUR } },
    ]);
  });

  it("names the cap that is full", async () => {
    sent("msg_before", HOUR);
    sent("msg_long_ago", 20 * HOUR);
    send("msg_over", {}, { leave_by: NOW });
    const caps = {
      caps: [
        { channel: "sms", count: 0, withinMs: DAY },
        { channel: "all", count: 4, withinMs: DAY },
        { channel: "email", count: 1, withinMs: 16 * HOUR },
      ],
      factors: [],
    };
    expect(await permit(["msg_over"], caps)).toMatchObject([
      {
        reason: "frequency_cap",
        inputs: { cap_channel: "email", cap_count: 1, cap_ms: 16 * HOUR, weight: 1, used: 1 },
      },
    ]);
  });

  it("is not kept of who is erased, nor written for what leaves", async () => {
    send("msg_leaves");
    contact(2, { status: "erased" });
    send("msg_erased", { contact: 2 });
    const values = permitValues([{ contact: 2, id: "msg_erased" }], "us", NOW);
    expect(values[1]).toBe(NOW);
    await permitSends(db, [{ contact: 2, id: "msg_erased" }], "us", NOW, {
      rules: rulesOf(DEFAULT_SENDING),
      zone: "Europe/Paris",
    });
    expect(file.all("SELECT state, reason FROM sends WHERE contact = 2")).toEqual([
      { state: "suppressed", reason: "erased" },
    ]);
    expect(await permit(["msg_leaves"])).toEqual([undefined]);
    expect(file.all("SELECT count(*) AS n FROM decisions")).toEqual([{ n: 0 }]);
  });

  it("holds for whoever has the claim too: what cannot be personalised", async () => {
    send("msg_claimed", { state: "claimed", attempts: 1 });
    send("msg_sent", { state: "claimed", attempts: 1 });
    const reason = "content_cannot_be_personalised: data_missing";
    const ends = { contact: 1, providerId: null, nextAt: 0 };
    await settleSends(
      db,
      [
        { ...ends, id: "msg_claimed", state: "suppressed", reason },
        { ...ends, id: "msg_sent", state: "sent", reason: null },
      ],
      NOW,
    );
    expect(recorded("msg_claimed")).toMatchObject({
      outcome: "suppressed",
      reason,
      inputs: { content: "c 3", attempts: 1 },
    });
    expect(recorded("msg_sent")).toBeUndefined();
  });
});
