import { describe, expect, it } from "vitest";
import { dueAfter } from "../../../src/contacts/privacy-projection";
import type { LedgerEvent } from "../../../src/events/event";
import { identify, NOW, People } from "./people";

const claimed = { trust: "write" } as const;
const later = { at: NOW + 1_000_000 };

/** Ann, who signed in on a browser and bought; then she was erased. */
function erased(): { people: People; ann: number } {
  const people = new People().take({ anon: "b-1", ...claimed });
  people.take(identify("ann", { email: "ann@x.test", consent: { email: true } }, { anon: "b-1" }));
  people.take({ user: "ann", name: "Order Completed", properties: { order_id: "o-1", total: 10 } });
  const ann = people.contact("u:ann");
  people.take(erasure(ann));
  return { people, ann };
}

function erasure(contact: number, bars = true): Partial<LedgerEvent> {
  const properties = { request: "prv_1", bars };
  return { type: "internal", trust: "internal", name: "contact.erased", contact, properties };
}

const contacts = (people: People): number => people.cache.records.size;

describe("an erased contact", () => {
  it("is empty at once, keeps nothing but its number, and notes what it was known by", () => {
    const { people, ann } = erased();
    expect(people.profile("u:ann")).toMatchObject({
      status: "erased",
      email: null,
      externalId: null,
      anonymousId: null,
      consents: {},
      attributes: {},
    });
    expect(people.commerce("u:ann")).toMatchObject({ cart: null, orders: [] });
    const [row] = people.rows("erased_contacts");
    expect(row?.slice(0, 4)).toEqual([ann, "prv_1", expect.any(Number), 1]);
    expect(JSON.parse(String(row?.[4]))).toMatchObject({ users: ["ann"], browsers: ["b-1"], emails: ["ann@x.test"] });
  });

  it.each<[string, Partial<LedgerEvent>]>([
    ["an import", { type: "identify", user: "ann", trust: "import", traits: { email: "ann@x.test" }, ...later }],
    [
      "an import of the address alone",
      { type: "identify", trust: "import", traits: { email: "ann@x.test" }, ...later },
    ],
    ["a statement of the shop's server", { type: "identify", user: "ann", traits: { email: "ann@x.test" }, ...later }],
    ["an old browser", { anon: "b-1", ...claimed, ...later }],
    ["an old browser that claims the user id", { anon: "b-1", user: "ann", ...claimed, ...later }],
    ["an order of before that is told again", { user: "ann", name: "Order Completed", at: NOW }],
    ["a refund of an old order", { user: "ann", name: "Order Refunded", properties: { order_id: "o-1" }, ...later }],
    [
      "a click in an old message",
      { type: "internal", trust: "internal", name: "message.clicked", contact: 1, ...later },
    ],
    ["a consent stated by an admin", consent()],
    ["a request about itself", { type: "internal", trust: "internal", name: "privacy.requested", contact: 1 }],
  ])("is not brought back by %s", (_what, event) => {
    const { people } = erased();
    const before = contacts(people);
    people.take(event);
    expect(contacts(people)).toBe(before);
    expect(people.profile("u:ann").status).toBe("erased");
    expect(people.profile("u:ann").consents).toEqual({});
    expect(people.rows("contacts")).toEqual([]);
  });

  it.each<[string, Partial<LedgerEvent>]>([
    ["signs in at the shop", { type: "identify", user: "ann", trust: "token", email: "ann@x.test", ...later }],
    ["buys", { user: "ann", name: "Order Completed", properties: { order_id: "o-2", total: 20 }, ...later }],
  ])("begins anew, as somebody else, where the person %s", (_what, event) => {
    const { people, ann } = erased();
    people.take({ anon: "b-1", ...event });
    const anew = people.contact("u:ann");
    expect(anew).not.toBe(ann);
    expect(people.contact("a:b-1")).toBe(anew);
    expect(people.profile("u:ann")).toMatchObject({ status: "verified", consents: {} });
    // From then on they are known as anybody is.
    people.take(identify("ann", { first_name: "Ann" }, later));
    expect(people.profile("u:ann").firstName).toBe("Ann");
  });

  it("whose rows are gone is known by its hash alone: the same holds", () => {
    const people = new People();
    for (const identity of ["u:ann", "e:ann@x.test", "a:b-1"]) people.cache.identities.set(identity, -NOW);
    people.take(identify("ann", {}, later), { anon: "b-1", ...claimed, ...later });
    expect(contacts(people)).toBe(0);
    people.take({ user: "ann", trust: "token", ...later });
    expect(people.profile("u:ann").status).toBe("verified");
  });

  it("that was kept long enough may come back by any way", () => {
    const { people, ann } = erased();
    people.take(erasure(ann, false)).take(identify("ann", {}, later));
    expect(people.contact("u:ann")).not.toBe(ann);
  });

  it("that had state tells its scenarios so, once", () => {
    const people = new People().take(identify("ann", {}));
    people.profile("u:ann").tracked = true;
    people.take(erasure(people.contact("u:ann")));
    expect(people.types("u:ann")).toEqual(["erased"]);
    people.take(erasure(people.contact("u:ann")));
    expect(people.types("u:ann")).toEqual([]);
  });
});

function consent(): Partial<LedgerEvent> {
  const properties = { consent: "email", wording: "w", source: "s" };
  return { type: "internal", trust: "internal", name: "consent.granted", contact: 1, properties, ...later };
}

describe("what a person asks for", () => {
  it.each([
    ["2026-01-05T10:00:00Z", "2026-02-05T10:00:00Z"],
    ["2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z"],
    ["2027-12-31T23:00:00Z", "2028-01-31T23:00:00Z"],
    ["2028-01-30T00:00:00Z", "2028-02-29T00:00:00Z"],
  ])("on %s is due on %s", (asked, due) => {
    expect(new Date(dueAfter(Date.parse(asked))).toISOString()).toBe(new Date(due).toISOString());
  });

  it("is a row of its own, however it came in", () => {
    const people = new People().take(identify("ann", {}));
    const contact = people.contact("u:ann");
    const asked = { type: "internal", trust: "internal", name: "privacy.requested", contact } as const;
    people.take({ ...asked, properties: { kind: "access" } });
    expect(people.rows("privacy_requests")[0]?.slice(1)).toEqual([
      contact,
      "access",
      expect.any(Number),
      expect.any(Number),
      "person",
      null,
    ]);
    people.take({ ...asked, properties: { kind: "erasure", by: "admin" } });
    expect(people.rows("privacy_requests")[0]?.at(-1)).toEqual(expect.any(Number));
    people.take({ ...asked, properties: { kind: "gossip" } });
    expect(people.rows("privacy_requests")).toEqual([]);
  });
});
