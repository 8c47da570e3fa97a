import { describe, expect, it } from "vitest";
import { identify, NOW, People } from "./people";

const claimed = { trust: "write" } as const;
const vouched = { trust: "token" } as const;

describe("a profile", () => {
  it("keeps what the shop's server states", () => {
    const traits = {
      email: "Ann@Shop.test",
      phone: "06 12 34 56 78",
      country: "fr",
      firstName: " Ann\u200b ",
      last_name: "Lée",
      locale: "fr-FR",
      timezone: "Europe/Paris",
      vip: true,
      loyalty_points: 120,
    };
    expect(new People().take(identify("ann", traits)).profile("u:ann")).toMatchObject({
      status: "verified",
      externalId: "ann",
      email: "ann@shop.test",
      phone: "+33612345678",
      firstName: "Ann",
      lastName: "Lée",
      language: "fr",
      country: "FR",
      attributes: { vip: true, loyalty_points: 120 },
    });
  });

  it("keeps of a browser's words only what a person may say of themselves", () => {
    const traits = { email: "ann@shop.test", firstName: "Ann", vip: true, role: "admin", segment: "best" };
    const profile = new People().take(identify(undefined, traits, { anon: "b-1", ...claimed })).profile("a:b-1");
    expect(profile).toMatchObject({ firstName: "Ann", email: null, claimedEmail: "ann@shop.test", attributes: {} });
  });

  it("keeps the number that messages go to, whatever a browser types", () => {
    const known = { email: "ann@shop.test", phone: "+33612345678" };
    const people = new People().take(identify("ann", known, { anon: "b-1" }));
    people.take(identify(undefined, { phone: "+33698765432" }, { anon: "b-1", ...claimed }));
    expect(people.profile("u:ann").phone).toBe("+33612345678");
    people.take(identify("ann", { phone: "+33698765432" }, { anon: "b-1", ...vouched }));
    expect(people.profile("u:ann").phone).toBe("+33698765432");
  });

  it("takes a number from a browser where there is none, unless text messages are permitted already", () => {
    const typed = identify(undefined, { phone: "+33698765432" }, { anon: "b-1", ...claimed });
    const ann = (consent: object) => identify("ann", { email: "ann@shop.test", consent }, { anon: "b-1" });
    expect(new People().take(ann({})).take(typed).profile("u:ann").phone).toBe("+33698765432");
    expect(
      new People()
        .take(ann({ sms: true }))
        .take(typed)
        .profile("u:ann").phone,
    ).toBeNull();
  });

  it("is filled in by what a guest typed, where nothing is known, and never moved by it", () => {
    const typed = { email: "ann@shop.test", phone: "+33698765432", first_name: "Eve", country: "FR", note: "b" };
    const guest = (rest: object = {}) => identify(undefined, typed, { email: "ann@shop.test", fills: true, ...rest });
    const known = { email: "ann@shop.test", phone: "+33612345678", first_name: "Ann", note: "a" };
    const stated = identify("ann", known, { state: true });
    expect(new People().take(stated).take(guest()).profile("u:ann")).toMatchObject({
      phone: "+33612345678",
      firstName: "Ann",
      country: "FR",
      attributes: { note: "a" },
    });
    const people = new People().take(guest());
    expect(people.profile("e:ann@shop.test")).toMatchObject({
      phone: "+33698765432",
      firstName: "Eve",
      statedAt: null,
    });
    // What the shop says of the person counts afterwards, even where it is older.
    people.take({ ...stated, at: NOW - 1 });
    expect(people.profile("u:ann")).toMatchObject({ phone: "+33612345678", firstName: "Ann" });
  });

  it("keeps its address when a guest's order names one of before", () => {
    const people = new People().take(identify("ann", { email: "old@shop.test" }));
    people.take(identify("ann", { email: "new@shop.test" }));
    people.take({ name: "Order Completed", email: "old@shop.test", properties: { order_id: "o-1", total: 5 } });
    expect(people.profile("u:ann").email).toBe("new@shop.test");
    people.take(identify("ann", { email: "old@shop.test" }));
    expect(people.profile("u:ann").email).toBe("old@shop.test");
  });

  it("is told apart from a value that is none", () => {
    const traits = { firstName: "", country: "France", language: "42", phone: "call me", email: "no address" };
    expect(new People().take(identify("ann", traits)).profile("u:ann")).toMatchObject({
      firstName: null,
      country: null,
      language: null,
      phone: null,
      email: null,
    });
  });

  it("is written in full when it changed, and else by its narrow row alone", () => {
    const people = new People().take(identify("ann", { firstName: "Ann" }));
    expect(people.rows("contacts")).toHaveLength(1);
    people.take(identify("ann", { firstName: "Ann" }));
    expect(people.rows("contacts")).toEqual([]);
    expect(people.rows("contacts_seen")).toHaveLength(1);
    people.take(identify("ann", { firstName: "Anne" }));
    expect(people.rows("contacts")).toHaveLength(1);
  });

  it("says once that its contact became known", () => {
    const people = new People().take(identify("ann", {}));
    expect(people.types("u:ann")).toEqual(["identified"]);
    expect(people.take(identify("ann", { firstName: "Ann" })).types("u:ann")).toEqual([]);
  });
});

describe("consent in a profile", () => {
  it("to text messages is not given by an address that was verified (C09)", () => {
    const asked = { email: "ann@shop.test", phone: "+33612345678", consent: { email: true, sms: true } };
    const people = new People().take(identify(undefined, asked, { anon: "b-1", ...claimed }));
    people.take(identify("ann", { email: "ann@shop.test" }, { anon: "b-1", ...vouched }));
    expect(people.profile("u:ann").consents).toMatchObject({
      email: { state: "granted" },
      sms: { state: "claimed" },
    });
  });

  const consented = { email: "ann@shop.test", consent: { email: true }, consent_wording: "v3", consent_source: "form" };

  it("is not withdrawn by what the shop dates before it was given, which is noted", () => {
    const said = (given: boolean, at: number, mark: object = { dated: true }) =>
      identify("ann", { email: "ann@shop.test", consent: { email: given } }, { at, ...mark });
    const people = new People().take(said(true, NOW - 100)).take(said(false, NOW - 200));
    expect(people.profile("u:ann").consents.email).toEqual({ state: "granted", at: NOW - 100 });
    expect(people.rows("consent_events")[0]?.slice(4, 8)).toEqual(["email", "marketing", "overtaken", NOW - 200]);
    expect(people.types("u:ann")).not.toContain("withdrawal");
    people.take(said(false, NOW - 200, {}));
    expect(people.profile("u:ann").consents.email?.state).toBe("withdrawn");
  });

  it("is a grant with its proof from the shop's server", () => {
    const people = new People().take(identify("ann", consented));
    expect(people.profile("u:ann").consents.email?.state).toBe("granted");
    const [row] = people.rows("consent_events");
    expect(row).toEqual([
      people.contact("u:ann"),
      1,
      0,
      "e-1-0",
      "email",
      "marketing",
      "grant",
      NOW + 1_000,
      NOW + 1_000,
      "v3",
      null,
      "form",
      null,
      "server",
      ...[null, null, null, null, null],
    ]);
  });

  it("is a claim from a browser, and a grant once the address is vouched for", () => {
    const people = new People().take(identify(undefined, consented, { anon: "b-1", origin: "hash", ...claimed }));
    expect(people.profile("a:b-1").consents.email).toEqual({ state: "claimed", at: NOW + 1_000 });
    expect(people.rows("consent_events")[0]).toContain("hash");
    people.take(identify("ann", {}, { anon: "b-1", email: "ann@shop.test", ...vouched }));
    expect(people.profile("u:ann").consents.email).toEqual({ state: "granted", at: NOW + 1_000 });
    expect(people.rows("consent_events").map((row) => row[6])).toEqual(["confirm"]);
  });

  it("is not handed over to somebody with another address", () => {
    const people = new People().take(identify("bob", { email: "bob@shop.test" }));
    people.take(identify(undefined, consented, { anon: "b-1", ...claimed }));
    people.take(identify("bob", {}, { anon: "b-1", email: "bob@shop.test", ...vouched }));
    expect(people.profile("u:bob").consents.email).toBeUndefined();
  });

  it("is handed over by a visitor who claimed the address that is vouched for now", () => {
    const people = new People().take(identify("ann", { email: "ann@shop.test" }));
    people.take(identify(undefined, consented, { anon: "b-1", ...claimed }));
    people.take(identify("ann", {}, { anon: "b-1", email: "ann@shop.test", ...vouched }));
    expect(people.profile("u:ann").consents.email?.state).toBe("granted");
  });

  it("is not given again by an old claim after it was withdrawn", () => {
    const people = new People().take(identify(undefined, consented, { anon: "b-1", ...claimed }));
    people.take(identify("ann", { email: "ann@shop.test", consent: { email: false } }));
    people.take(identify("ann", {}, { anon: "b-1", email: "ann@shop.test", ...vouched }));
    expect(people.profile("u:ann").consents.email?.state).toBe("withdrawn");
  });

  it("is withdrawn by a browser's word, and scenarios hear of it at once", () => {
    const people = new People().take(identify("ann", consented, { anon: "b-1", ...vouched }));
    people.take(identify(undefined, { consent: { email: false } }, { anon: "b-1", ...claimed }));
    expect(people.profile("u:ann").consents.email?.state).toBe("withdrawn");
    expect(people.heard("u:ann")).toMatchObject([
      { type: "withdrawal", key: "email" },
      { type: "subscription", to: "email", on: "withdrawn" },
    ]);
  });

  it("is withdrawn by a link of ours", () => {
    const people = new People().take(identify("ann", consented));
    const properties = { consent: "email", source: "one-click unsubscribe" };
    const contact = people.contact("u:ann");
    people.take({ type: "internal", name: "consent.withdrawn", trust: "internal", contact, properties });
    expect(people.profile("u:ann").consents.email?.state).toBe("withdrawn");
    expect(people.rows("consent_events")[0]).toEqual(expect.arrayContaining(["withdraw", "one-click unsubscribe"]));
  });

  it("of an import is as old as the file says", () => {
    const people = new People().take(identify("ann", { ...consented, consent_at: 5_000 }, { trust: "import" }));
    expect(people.profile("u:ann").consents.email).toEqual({ state: "granted", at: 5_000 });
    people.take(identify("bob", { ...consented, email: "bob@shop.test", consent_at: 5_000 }));
    expect(people.profile("u:bob").consents.email?.at).toBe(NOW + 2_000);
  });
});
