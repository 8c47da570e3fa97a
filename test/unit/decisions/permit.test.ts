import { beforeEach, describe, expect, it } from "vitest";
import type { PermitRow } from "../../../src/decisions/permit";
import { PERMIT_SQL, permitValues } from "../../../src/decisions/permit";
import { OPTIN_TABLES } from "../../../src/sends/optin-store";
import { SEND_COLUMNS } from "../../../src/sends/send-row";
import { DAY, HOUR } from "../../../src/shared/clock";
import { DatabaseFile } from "../../sim/database";

const NOW = Date.UTC(2026, 10, 22, 12);
const OPTIN = { run: "optin", scenario: "optin", block: "confirm", class: "transactional", content: "optin_email" };
let file: DatabaseFile;

beforeEach(() => {
  file = DatabaseFile.d1();
  file.all("UPDATE cursor SET owner = 'us'");
});

function contact(id: number, row: Readonly<Record<string, unknown>>): void {
  const whole = {
    id,
    attributes: "{}",
    consents: "{}",
    created_at: 0,
    tracked: 0,
    ring: "",
    seq: 0,
    seen_at: 0,
    ...row,
  };
  const names = Object.keys(whole);
  file.all(`INSERT INTO contacts (${names}) VALUES (${names.map(() => "?")})`, Object.values(whole));
}

const STANDING = {
  state: "queued",
  open: 1,
  attempts: 0,
  next_at: 0,
  lease_until: 0,
  created_at: NOW,
  updated_at: NOW,
};

function send(id: string, row: Readonly<Record<string, unknown>> = {}): void {
  const base = { contact: 1, id, run: "run_1", scenario: "s", block: "b", channel: "email", class: "marketing" };
  const whole = { ...base, content: "c", content_version: 1, address: "a@x.test", data: "{}", ...STANDING, ...row };
  const names = Object.keys(whole);
  file.all(`INSERT INTO sends (${names}) VALUES (${names.map(() => "?")})`, Object.values(whole));
}

function permit(...ids: string[]): string[] {
  const values = permitValues(
    ids.map((id) => ({ contact: 1, id })),
    "us",
    NOW,
  );
  const rows = file.all<PermitRow>(PERMIT_SQL, values);
  return ids.map((id) => {
    const row = rows.find((one) => one.id === id);
    return row ? `${row.state}${row.reason ? `: ${row.reason}` : ""}` : "waits";
  });
}

const granted = JSON.stringify({ email: { state: "granted", at: 0 } });
const verified = { status: "verified", email: "a@x.test", consents: granted };

describe("the permit of a confirmation", () => {
  const claimed = { status: "anonymous", claimed_email: "a@x.test" };

  it("is given to an address that is only claimed, and to nothing else of its contact", () => {
    contact(1, claimed);
    send("doi", OPTIN);
    send("ad");
    send("receipt", { class: "transactional" });
    send("ad in disguise", { ...OPTIN, class: "marketing" });
    expect(permit("doi", "ad", "receipt", "ad in disguise")).toEqual([
      "claimed",
      ...["ad", "receipt", "ad in disguise"].map(() => "suppressed: identity_unverified"),
    ]);
  });

  it("is not given for another address than the claimed one, nor after the claim was erased", () => {
    contact(1, { ...claimed, claimed_email: "b@x.test" });
    send("other", OPTIN);
    expect(permit("other")).toEqual(["suppressed: identity_unverified"]);
    file.all("UPDATE contacts SET claimed_email = NULL");
    send("erased", OPTIN);
    expect(permit("erased")).toEqual(["suppressed: identity_unverified"]);
  });

  it("keeps to the kill switch", () => {
    contact(1, claimed);
    send("doi", OPTIN);
    file.all(`INSERT INTO settings (key, value) VALUES ('kill', '["email"]')`);
    expect(permit("doi")).toEqual(["waits"]);
  });

  it("of a number goes to the number that was claimed", () => {
    contact(1, { status: "anonymous", phone: "+33612345678" });
    send("code", { ...OPTIN, channel: "sms", address: "+33612345678" });
    expect(permit("code")).toEqual(["claimed"]);
  });
});

it("after a complaint is given to notices and to what somebody waits for, and to no marketing", () => {
  contact(1, { ...verified, delivery: JSON.stringify({ complained: 1 }) });
  for (const kind of ["marketing", "service", "transactional"]) send(kind, { class: kind });
  expect(permit("marketing", "service", "transactional")).toEqual([
    "suppressed: suppressed_complaint",
    "claimed",
    "claimed",
  ]);
});

describe("the permit of other channels", () => {
  it("asks for the consent that the channel needs, where it has none of its own too", () => {
    contact(1, { ...verified, external_id: "ann", consents: JSON.stringify({ push: { state: "granted", at: 0 } }) });
    send("push", { channel: "push", address: "ann" });
    send("wallet", { channel: "wallet", address: "ann" });
    send("print", { channel: "print", address: "3 rue du Port" });
    send("pigeon", { channel: "pigeon", address: "roof" });
    expect(permit("push", "wallet", "print", "pigeon")).toEqual([
      "claimed",
      "claimed",
      "suppressed: consent_withdrawn",
      "suppressed: consent_withdrawn",
    ]);
  });
});

describe("the permit of a message that goes by who somebody is to the shop", () => {
  it("is not given once they are somebody else", () => {
    contact(1, { ...verified, external_id: "ann-2" });
    for (const channel of ["push", "wallet"]) send(channel, { channel, class: "transactional", address: "ann" });
    expect(permit("push", "wallet")).toEqual(["suppressed: address_changed", "suppressed: address_changed"]);
  });
});

describe("the permit of a scenario that was archived", () => {
  it("is given to none of its messages", () => {
    contact(1, verified);
    file.all(
      "INSERT INTO scenarios (id, name, state, draft_version, created_at, updated_at) VALUES ('s', 'S', 'archived', 1, 0, 0)",
    );
    send("ad");
    send("other", { scenario: "t" });
    expect(permit("ad", "other")).toEqual(["suppressed: run_stopped", "claimed"]);
  });

  it("reads no table whole, and looks at each message once", () => {
    const plan = file.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${PERMIT_SQL}`).map(({ detail }) => detail);
    expect(plan.filter((line) => /^SCAN (s|c|o|x|z|sends|contacts|scenarios|stops|p)\b(?! USING)/.test(line))).toEqual(
      [],
    );
    expect(plan.filter((line) => line.startsWith("SEARCH z "))).toHaveLength(1);
  });
});

describe("a message that was made long ago", () => {
  beforeEach(() => contact(1, verified));

  it("does not set out after the last moment at which it made sense", () => {
    send("late", { data: JSON.stringify({ leave_by: NOW - 1 }) });
    send("in time", { data: JSON.stringify({ leave_by: NOW }) });
    send("receipt", { class: "transactional", data: JSON.stringify({ leave_by: NOW - 1 }) });
    expect(permit("late", "in time", "receipt")).toEqual(["suppressed: too_late", "claimed", "suppressed: too_late"]);
  });

  it("is repeated all the same where its first attempt was in time: it may have arrived", () => {
    send("tried", { attempts: 1, first_attempt_at: NOW - HOUR, data: JSON.stringify({ leave_by: NOW - 1 }) });
    expect(permit("tried")).toEqual(["claimed"]);
  });
});

describe("what a person chose", () => {
  const chose = (preferences: object) => contact(1, { ...verified, attributes: JSON.stringify({ preferences }) });

  it("a pause keeps marketing back and lets the rest pass", () => {
    chose({ snoozed_until: NOW + 1 });
    send("ad");
    send("receipt", { class: "transactional" });
    expect(permit("ad", "receipt")).toEqual(["suppressed: snoozed", "claimed"]);
  });

  it("a pause that is over, or was ended, keeps nothing back", () => {
    chose({ snoozed_until: NOW });
    send("ad");
    expect(permit("ad")).toEqual(["claimed"]);
    file.all('UPDATE contacts SET attributes = \'{"preferences":{"snoozed_until":null}}\'');
    send("next");
    expect(permit("next")).toEqual(["claimed"]);
  });

  it.each([
    ["weekly", 6 * DAY, "suppressed: frequency_chosen"],
    ["weekly", 7 * DAY + HOUR, "claimed"],
    ["monthly", 29 * DAY, "suppressed: frequency_chosen"],
    ["monthly", 31 * DAY, "claimed"],
    ["all", HOUR, "claimed"],
  ])("%s, with a message %d ms ago: %s", (frequency, ago, answer) => {
    chose({ frequency });
    send("last", { state: "sent", open: 0, attempts: 1, first_attempt_at: NOW - ago });
    send("next");
    expect(permit("next")).toEqual([answer]);
  });

  it("one of two in the same batch goes where one a week is wanted", () => {
    chose({ frequency: "weekly" });
    send("a");
    send("b");
    expect(permit("b", "a")).toEqual(["suppressed: frequency_chosen", "claimed"]);
  });
});

describe("what a person chose, of contacts that were merged", () => {
  beforeEach(() => {
    contact(2, { ...verified, attributes: JSON.stringify({ preferences: { frequency: "weekly" } }) });
    contact(1, { status: "merged", merged_into: 2 });
  });

  it("counts what was sent under any of them", () => {
    send("last", { contact: 2, state: "sent", open: 0, attempts: 1, first_attempt_at: NOW - DAY });
    send("next");
    expect(permit("next")).toEqual(["suppressed: frequency_chosen"]);
  });

  it("lets the first of a batch go, whichever of them each message is of", () => {
    send("a", { contact: 2 });
    send("b");
    const values = permitValues(
      [
        { contact: 1, id: "b" },
        { contact: 2, id: "a" },
      ],
      "us",
      NOW,
    );
    const rows = file.all<PermitRow>(PERMIT_SQL, values).map(({ id, state }) => [id, state]);
    expect(Object.fromEntries(rows)).toEqual({ a: "claimed", b: "suppressed" });
  });
});

describe("the row of a confirmation", () => {
  const put = (id: string, at: number, channel = "email") => {
    const row = { ...STANDING, created_at: at, updated_at: at, ...OPTIN, contact: 1, id, channel, content_version: 1 };
    const whole: Readonly<Record<string, unknown>> = { ...row, address: "a@x.test", data: "{}" };
    file.all(OPTIN_TABLES["optin_sends"] ?? "", [JSON.stringify([SEND_COLUMNS.map((column) => whole[column])])]);
    const decision = [1, `d-${id}`, id, "optin", "optin", "confirm", channel, at];
    file.all(OPTIN_TABLES["optin_decisions"] ?? "", [JSON.stringify([decision])]);
  };
  const decisions = () =>
    file.all<{ outcome: string }>("SELECT outcome FROM decisions ORDER BY at").map((row) => row.outcome);

  it("is put once a day for each channel, and each answer is a decision", () => {
    put("one", NOW);
    put("one", NOW);
    put("two", NOW + DAY - 1);
    put("three", NOW + DAY + 1);
    put("text", NOW + DAY + 2, "sms");
    expect(file.all<{ id: string }>("SELECT id FROM sends ORDER BY created_at").map(({ id }) => id)).toEqual([
      "one",
      "three",
      "text",
    ]);
    expect(decisions()).toEqual(["send", "suppressed", "send", "send"]);
  });
});

describe("a message whose first claim is a day old", () => {
  const old = { attempts: 3, first_attempt_at: NOW - 23 * HOUR - 1 };
  beforeEach(() => {
    contact(1, { status: "verified", email: "a@x.test", consents: '{"email":{"state":"granted"}}' });
  });

  it("is unknown where it may have gone out, as its provider has forgotten the key", () => {
    send("lost", { ...old, reason: "network" });
    send("died", { ...old, reason: "not_complete", state: "claimed", lease_until: NOW });
    expect(permit("lost", "died")).toEqual(["unknown: too_old_to_repeat", "unknown: too_old_to_repeat"]);
  });

  it("is suppressed with that reason where it could never be made in full: nobody was called for it", () => {
    send("bare", { ...old, reason: "not_complete" });
    expect(permit("bare")).toEqual(["suppressed: never_complete"]);
  });
});
