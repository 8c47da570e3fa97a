import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConsentKey, ConsentLine } from "../../../src/contacts/consent";
import { CONSENT_KEYS, consentKeyOf, foldConsents } from "../../../src/contacts/consent";
import { wordingId } from "../../../src/contacts/proof";
import type { LedgerEvent } from "../../../src/events/event";
import { identify, NOW, People } from "./people";

const wording = { key: "email_consent", language: "en", text: "Write to me." };
const ADDRESS = "ann@shop.test";

function request(consents: readonly ConsentKey[], more: object = {}): Partial<LedgerEvent> {
  const properties = {
    channel: "email",
    address: ADDRESS,
    consents,
    wordings: { email: wording },
    way: "hosted_form",
    ...more,
  };
  return { type: "internal", name: "subscription.requested", trust: "write", anon: "sub_1", properties };
}

function confirm(keys: readonly ConsentKey[], at: number, more: object = {}): Partial<LedgerEvent> {
  const none = { wording: null, source: "hosted form", form: null, origin: null, agent: null };
  const consents = keys.map((key) => ({ key, ...none, wording_id: wordingId(wording), claimed_at: NOW }));
  const properties = { channel: "email", consents, sent_at: NOW + 1, clicked_at: at, ...more };
  return { type: "internal", name: "subscription.confirmed", trust: "internal", email: ADDRESS, at, properties };
}

describe("a subscription", () => {
  it("is kept by itself: the address's person keeps their name and their consents", () => {
    const people = new People().take(identify("ann", { email: ADDRESS, firstName: "Ann" }));
    people.take(request(["email", "partner"], { first_name: "Mallory" }));
    expect(people.profile("u:ann")).toMatchObject({ firstName: "Ann", consents: {} });
    expect(people.profile("a:sub_1")).toMatchObject({
      status: "anonymous",
      claimedEmail: ADDRESS,
      consents: { email: { state: "claimed" }, partner: { state: "claimed" } },
    });
    expect(people.rows("wordings")).toEqual([
      [wordingId(wording), "email_consent", wordingId(wording).split(".")[2], "en", "Write to me.", NOW + 2_000],
    ]);
  });

  it("makes one message of it, with a decision that says so", () => {
    const people = new People().take(request(["email"]), request(["email"]));
    expect(people.rows("optin_sends")).toHaveLength(1);
    const [send] = people.rows("optin_sends");
    expect(send).toEqual(expect.arrayContaining(["optin", "transactional", "optin_email", ADDRESS]));
    expect(people.rows("optin_decisions").map((row) => row[2])).toContain(send?.[1]);
  });

  it("grants nothing by a public key's own word, whatever it calls itself", () => {
    const people = new People().take({ ...request([]), name: "consent.granted", properties: { consent: "email" } });
    expect(people.profile("a:sub_1").consents).toEqual({});
  });

  it("that is confirmed verifies the address and leaves the proof", () => {
    const people = new People().take(request(["email"]));
    people.take(confirm(["email"], NOW + 5_000, { first_name: "Ann", topics: ["lamps"] }));
    expect(people.profile(`e:${ADDRESS}`)).toMatchObject({
      status: "verified",
      email: ADDRESS,
      firstName: "Ann",
      attributes: { topics: ["lamps"] },
      consents: { email: { state: "granted", at: NOW + 5_000 } },
    });
    const [row] = people.rows("consent_events");
    expect(row?.slice(6, 9)).toEqual(["confirm_doi", NOW + 5_000, NOW + 2_000]);
    expect(row?.slice(-3)).toEqual([NOW, NOW + 1, NOW + 5_000]);
    expect(people.heard(`e:${ADDRESS}`)).toContainEqual(expect.objectContaining({ name: "subscription.confirmed" }));
  });

  it("that is confirmed goes by the address no more: it has its person", () => {
    const people = new People().take(request(["email", "partner"]));
    const done = { contact: people.contact("a:sub_1"), properties: { consents: ["email", "partner"] } };
    people.take(confirm(["email"], NOW + 5_000), {
      type: "internal",
      name: "subscription.done",
      trust: "internal",
      ...done,
    });
    expect(people.profile("a:sub_1")).toMatchObject({ status: "anonymous", claimedEmail: null, phone: null });
    expect(people.profile(`e:${ADDRESS}`).email).toBe(ADDRESS);
  });

  it("that is confirmed for somebody we know fills what was empty and overwrites nothing", () => {
    const people = new People().take(identify("ann", { email: ADDRESS, firstName: "Ann" }));
    people.take(confirm(["email"], NOW + 5_000, { first_name: "Anne", language: "fr" }));
    expect(people.profile("u:ann")).toMatchObject({ firstName: "Ann", language: "fr" });
    expect(people.contact(`e:${ADDRESS}`)).toBe(people.contact("u:ann"));
  });

  it("is not confirmed over a withdrawal that came after the button was pressed", () => {
    const people = new People().take(
      identify("ann", { email: ADDRESS, consent: { email: false } }, { at: NOW + 9_000 }),
    );
    people.take(confirm(["email"], NOW + 5_000));
    expect(people.profile("u:ann").consents.email?.state).toBe("withdrawn");
  });
});

const KEY = fc.constantFrom(...CONSENT_KEYS);
const EVENT = fc.oneof(
  fc.record({ does: fc.constant("request" as const), keys: fc.uniqueArray(KEY, { maxLength: 3 }) }),
  fc.record({ does: fc.constant("confirm" as const), keys: fc.uniqueArray(KEY, { maxLength: 3 }) }),
  fc.record({ does: fc.constant("state" as const), key: KEY, given: fc.boolean(), trusted: fc.boolean() }),
  fc.record({ does: fc.constant("link" as const), key: KEY, given: fc.boolean() }),
  fc.record({ does: fc.constant("verify" as const) }),
);

describe("everybody's consents", () => {
  it("equal the fold over the lines that were written, whatever happened", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(EVENT, fc.nat({ max: 20_000 })), { maxLength: 14 }), (events) => {
        const people = new People().take(identify("ann", { email: ADDRESS }));
        const rows: (readonly unknown[])[] = [];
        for (const [event, shift] of events) {
          const at = NOW + shift;
          const claimed = { trust: "write", anon: "b-1" } as const;
          if (event.does === "request") people.take({ ...request(event.keys), at });
          else if (event.does === "confirm") people.take(confirm(event.keys, at));
          else if (event.does === "verify") people.take(identify("ann", { email: ADDRESS }, { anon: "b-1", at }));
          else if (event.does === "state") {
            const traits = { email: ADDRESS, consent: { [event.key]: event.given } };
            people.take(
              identify(event.trusted ? "ann" : undefined, traits, event.trusted ? { at } : { ...claimed, at }),
            );
          } else {
            const contact = people.contact("u:ann");
            const name = event.given ? "consent.granted" : "consent.withdrawn";
            people.take({ type: "internal", name, trust: "internal", contact, at, properties: { consent: event.key } });
          }
          rows.push(...people.rows("consent_events"));
        }
        for (const record of people.cache.records.values()) {
          const own = rows.filter(([contact]) => contact === record.id);
          const { consents } = record.slices["contacts"] as { consents: object };
          expect(foldConsents([...own, ...own].reverse().map(lineOf))).toEqual(consents);
        }
      }),
      { numRuns: 400 },
    );
  });
});

function lineOf(row: readonly unknown[]): ConsentLine {
  const [, seq, position, , channel, purpose, action, at] = row as [
    0,
    number,
    number,
    0,
    string,
    string,
    string,
    number,
  ];
  const key = consentKeyOf(channel, purpose);
  if (key === null) throw new Error(`${channel} ${purpose} is no consent`);
  return { seq, position, key, action: action as ConsentLine["action"], at };
}
