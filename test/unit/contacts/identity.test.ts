import { describe, expect, it } from "vitest";
import { identify, People } from "./people";

const claimed = { trust: "write" } as const;
const vouched = { trust: "token" } as const;

describe("whom the shop's server speaks of", () => {
  it("is one contact for one user id", () => {
    const people = new People().take({ user: "ann" }).take({ user: "ann" }, { user: "bob" });
    expect(people.contact("u:ann")).not.toBe(people.contact("u:bob"));
    expect(people.cache.records.size).toBe(2);
  });

  it("is found by a verified address where there is no user id yet", () => {
    const people = new People().take(identify(undefined, { email: "ann@shop.test" }));
    people.take(identify("ann", { email: "Ann@SHOP.test" }));
    expect(people.contact("u:ann")).toBe(people.contact("e:ann@shop.test"));
    expect(people.profile("u:ann")).toMatchObject({ externalId: "ann", email: "ann@shop.test", status: "verified" });
  });

  it("is not merged with another user by an address that they share", () => {
    const people = new People().take(identify("ann", { email: "family@shop.test" }));
    people.take(identify("bob", { email: "family@shop.test" }));
    expect(people.contact("u:bob")).not.toBe(people.contact("u:ann"));
    expect(people.contact("e:family@shop.test")).toBe(people.contact("u:ann"));
  });

  it("owns the browser from then on, and what was done on it by nobody in particular", () => {
    const people = new People().take({ anon: "b-1", ...claimed });
    const visitor = people.contact("a:b-1");
    people.take(identify("ann", {}, { anon: "b-1", ...vouched }));
    expect(people.contact("a:b-1")).toBe(people.contact("u:ann"));
    expect(people.cache.records.get(people.contact("u:ann"))?.slices["contacts"]).toMatchObject({ status: "verified" });
    // The visitor was unknown until then: it is this person.
    expect(people.contact("u:ann")).toBe(visitor);
  });

  it("takes over a visitor's browser where the person is known already", () => {
    const people = new People().take({ user: "ann" }).take({ anon: "b-1", ...claimed });
    const visitor = people.contact("a:b-1");
    people.take(identify("ann", {}, { anon: "b-1", ...vouched }));
    expect(people.contact("a:b-1")).toBe(people.contact("u:ann"));
    expect(people.cache.records.get(visitor)?.slices["contacts"]).toMatchObject({
      status: "merged",
      mergedInto: people.contact("u:ann"),
    });
  });

  it("leaves to the last owner of a browser what they did on it", () => {
    const people = new People().take({ user: "ann", anon: "b-1", ...vouched });
    people.take({ user: "bob", anon: "b-1", ...vouched });
    expect(people.contact("a:b-1")).toBe(people.contact("u:bob"));
    expect(people.profile("u:ann").status).toBe("verified");
  });
});

describe("whom a browser claims to be", () => {
  it("is a visitor: the claim finds nobody and merges nothing", () => {
    const people = new People().take(identify("victim", { email: "victim@shop.test" }));
    people.take(identify("victim", { email: "victim@shop.test" }, { anon: "b-1", ...claimed }));
    expect(people.contact("a:b-1")).not.toBe(people.contact("u:victim"));
    expect(people.profile("a:b-1")).toMatchObject({
      status: "anonymous",
      externalId: null,
      email: null,
      claimedEmail: "victim@shop.test",
    });
  });

  it("is known again by the browser, whatever it claims", () => {
    const people = new People().take({ anon: "b-1", ...claimed });
    const visitor = people.contact("a:b-1");
    people.take({ anon: "b-1", user: "somebody", ...claimed }).take({ anon: "b-1", user: "another", ...claimed });
    expect(people.contact("a:b-1")).toBe(visitor);
    expect(people.cache.records.size).toBe(1);
  });

  it("is a visitor of its own on a browser whose owner is somebody else", () => {
    const people = new People().take({ user: "ann", anon: "b-1", ...vouched });
    people.take({ anon: "b-1", user: "mallory", ...claimed });
    expect(people.contact("x:b-1|mallory")).not.toBe(people.contact("u:ann"));
    people.take({ anon: "b-1", user: "ann", ...claimed });
    expect(people.cache.records.size).toBe(2);
  });

  it("is nobody else's contact where it names no browser", () => {
    const people = new People().take({ user: "ann" }).take({ user: "ann", ...claimed });
    expect(people.contact("c:ann")).not.toBe(people.contact("u:ann"));
  });
});

describe("an event of our own", () => {
  it("goes to the contact that it names, and to whoever took that one over", () => {
    const people = new People().take({ user: "ann" }).take({ anon: "b-1", ...claimed });
    const visitor = people.contact("a:b-1");
    people.take(identify("ann", {}, { anon: "b-1", ...vouched }));
    people.take({ type: "internal", name: "message.opened", trust: "internal", contact: visitor });
    expect(people.cache.records.get(people.contact("u:ann"))?.seq).toBe(4);
    expect(people.cache.records.get(visitor)?.seq).toBe(3);
  });
});
