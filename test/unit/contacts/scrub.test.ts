import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { barredNames, joinNames, NO_NAMES, namesOfIdentities } from "../../../src/contacts/names";
import { profileOf } from "../../../src/contacts/profile";
import type { TrailState } from "../../../src/contacts/scrub";
import { holdsAddress, lowerAscii, needlesOf, scrub, Trail } from "../../../src/contacts/scrub";
import type { LedgerEvent } from "../../../src/events/event";
import { People } from "./people";

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

/** Everything that three people did on three browsers, in the order in which it came. */
const histories = fc.array(
  fc.record({
    user: fc.constantFrom(undefined, undefined, "ann", "bob", "cy"),
    anon: fc.constantFrom(undefined, "b-1", "b-2", "b-3"),
  }),
  { maxLength: 25 },
);

/** The events of whoever a contact is at the end, by the ledger's own resolution of each when it came. */
function resolved(events: readonly LedgerEvent[], people: People): number[] {
  return events.map((one, index) => {
    people.take(one);
    const written = [...people.cache.records.values()].filter(({ seq }) => seq === index + 1);
    return written.find((record) => profileOf(record).mergedInto === null)?.id ?? 0;
  });
}

describe("whose an anonymous event is on a browser that changes hands", () => {
  it("is what the ledger made of it, for any history and any of its people", () => {
    fc.assert(
      fc.property(histories, (acts) => {
        const events = acts
          .filter(({ user, anon }) => user !== undefined || anon !== undefined)
          .map(({ user, anon }) =>
            event({
              ...(user !== undefined && { user }),
              ...(anon !== undefined && { anon }),
              trust: user === undefined ? "write" : "token",
            }),
          );
        const people = new People();
        const owners = resolved(events, people);
        const root = (id: number): number => {
          const record = people.cache.records.get(id);
          const into = record ? profileOf(record).mergedInto : null;
          return into === null ? id : root(into);
        };
        for (const user of ["ann", "bob", "cy"]) {
          const contact = people.cache.identities.get(`u:${user}`);
          if (contact === undefined) continue;
          const browsers = ["b-1", "b-2", "b-3"].filter((anon) => people.cache.identities.get(`a:${anon}`) === contact);
          const own = { ...NO_NAMES, users: [user], browsers };
          const theirs = events.flatMap(({ id }, index) => (root(owners[index] ?? 0) === contact ? [id] : []));
          expect(theirsBy(events, own)).toEqual(theirs);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** As an erasure does it: two passes that learn of browsers, and one that takes the events. */
function theirsBy(events: readonly LedgerEvent[], own: typeof NO_NAMES): string[] {
  const pass = (names: typeof NO_NAMES, foreign: readonly string[]): Trail & { readonly ids: string[] } => {
    const trail = new Trail(
      names,
      new Set(),
      foreign.map((browser) => [browser, false, null] as const),
    );
    return Object.assign(trail, { ids: events.filter((one) => trail.isTheirs(one)).map(({ id }) => id) });
  };
  const all = { ...own, browsers: [...new Set([...own.browsers, ...pass(own, []).ever])] };
  return pass(all, pass(all, []).foreign).ids;
}

describe("other people's events", () => {
  it("lose the addresses that they speak of, and nothing else", () => {
    const speaking = event({ user: "bob", properties: { note: "for ANN@x.test, +33612345678", list: [{ n: 1 }] } });
    const [kept] = scrub([speaking], new Trail(ann, new Set()), ann);
    expect(kept).toEqual({ ...speaking, properties: { note: "[erased]", list: [{ n: 1 }] } });
  });
});

describe("an address in a text", () => {
  const isHeld = (text: string): boolean => holdsAddress(text, ["an@x.test", "+33612345678"]);

  it.each([
    "an@x.test",
    "mail an@x.test.",
    "<an@x.test>",
    "email=an@x.test&x=1",
    "'an@x.test'",
    String.raw`"line\nan@x.test"`,
    "jo@an.test, an@x.test",
    "tel:+33612345678",
  ])("is found in %s", (text) => expect(isHeld(text)).toBe(true));

  it.each(["joan@x.test", "jo.an@x.test", "o'an@x.test", "an@x.test.example", "an@x.testing", "+336123456789"])(
    "is not found in another one: %s",
    (text) => expect(isHeld(text)).toBe(false),
  );

  it("of somebody else is not blanked because it is longer", () => {
    const joan = event({ user: "joan", email: "joann@x.test", traits: { email: "joann@x.test" } });
    expect(scrub([joan], new Trail(ann, new Set()), ann)).toEqual([joan]);
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
        const second = new Trail(ann, new Set(), JSON.parse(JSON.stringify(first.state)) as TrailState);
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
        const needles = needlesOf(names, [7]);
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
