import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { barredNames, joinNames, NO_NAMES, namesOfIdentities } from "../../../src/contacts/names";
import { lowerAscii, needlesOf, scrub, Trail } from "../../../src/contacts/scrub";
import type { LedgerEvent } from "../../../src/events/event";

const ann = { ...NO_NAMES, users: ["ann"], browsers: ["b-1"], emails: ["ann@x.test"], phones: ["+33612345678"] };

let count = 0;

function event(change: Partial<LedgerEvent>): LedgerEvent {
  return { id: `e-${++count}`, type: "track", name: "Viewed", at: 0, trust: "write", ...change };
}

/** What is left of some events, by the place that each had. */
function left(events: Partial<LedgerEvent>[], names = ann): number[] {
  const whole = events.map(event);
  const ids = scrub(whole, new Trail(names, new Set([7])), names).map(({ id }) => id);
  return whole.flatMap(({ id }, index) => (ids.includes(id) ? [index] : []));
}

describe("whose an event is", () => {
  it("follows from the user id, the address, the contact and the browser", () => {
    const traits = { email: "Ann@X.test" };
    const theirs: Partial<LedgerEvent>[] = [
      { user: "ann", trust: "secret" },
      { trust: "import", traits },
      { contact: 7, type: "internal", trust: "internal" },
      { anon: "b-1" },
      { user: "ann", anon: "b-9" },
    ];
    expect(left([...theirs, { user: "bob", trust: "secret" }, { anon: "b-2" }, { contact: 8 }])).toEqual([5, 6, 7]);
  });

  it("goes with the browser: from a vouched event of theirs on, until one of somebody else", () => {
    const on = (user: string): Partial<LedgerEvent> => ({ user, anon: "b-2", trust: "token" });
    const seen = { anon: "b-2" };
    expect(left([seen, on("ann"), seen, on("bob"), seen, on("ann"), seen])).toEqual([0, 3, 4]);
  });

  it("is not decided by a claim to be somebody else on their browser", () => {
    expect(left([{ user: "bob", anon: "b-1" }, { anon: "b-1" }])).toEqual([0]);
  });

  it("never concerns the erasure itself, which holds ids only", () => {
    expect(left([{ type: "internal", trust: "internal", name: "contact.erased", contact: 7 }])).toEqual([0]);
  });
});

describe("other people's events", () => {
  it("lose the addresses that they speak of, and nothing else", () => {
    const speaking = event({ user: "bob", properties: { note: "for ANN@x.test, +33612345678", list: [{ n: 1 }] } });
    const [kept] = scrub([speaking], new Trail(ann, new Set()), ann);
    expect(kept).toEqual({ ...speaking, properties: { note: "[erased]", list: [{ n: 1 }] } });
  });
});

describe("a trail that is broken off", () => {
  it("goes on from its state as if it had not been", () => {
    const steps = fc.array(fc.tuple(fc.constantFrom("ann", "bob", ""), fc.constantFrom("b-1", "b-2"), fc.boolean()));
    fc.assert(
      fc.property(steps, fc.nat(20), (all, cut) => {
        const events = all.map(([user, anon, vouched]) =>
          event({ anon, ...(user && { user }), trust: vouched ? "token" : "write" }),
        );
        const whole = new Trail(ann, new Set());
        const first = new Trail(ann, new Set());
        const expected = events.map((one) => whole.isTheirs(one));
        const begun = events.slice(0, cut).map((one) => first.isTheirs(one));
        const second = new Trail(ann, new Set(), JSON.parse(JSON.stringify(first.state)) as [string, boolean][]);
        expect([...begun, ...events.slice(cut).map((one) => second.isTheirs(one))]).toEqual(expected);
      }),
    );
  });
});

describe("what a first look searches for", () => {
  it("is in every event that is theirs, however their names are written", () => {
    const name = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" });
    fc.assert(
      fc.property(name, name, (user, anon) => {
        const names = { ...NO_NAMES, users: [user], browsers: [anon] };
        const needles = needlesOf(names, [7], ["ct_7"]);
        for (const one of [event({ user }), event({ anon }), event({ contact: 7 })]) {
          const text = lowerAscii(JSON.stringify([one]));
          expect(needles.some((needle) => text.includes(needle))).toBe(true);
        }
      }),
    );
  });
});

describe("names", () => {
  it("of several people are joined, each once, and barred under every kind of identity", () => {
    const known = namesOfIdentities(["u:ann", "c:ann", "a:b-1", "e:ann@x.test", "x:b-9|ann"]);
    expect(joinNames([known, ann])).toMatchObject({ users: ["ann"], browsers: ["b-1"], emails: ["ann@x.test"] });
    expect(barredNames(joinNames([known, ann])).sort()).toEqual(
      ["a:b-1", "c:ann", "e:ann@x.test", "p:+33612345678", "u:ann", "x:b-9|ann"].sort(),
    );
  });
});
