import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Book, BookCache } from "../../../src/events/book";
import type { LedgerEvent } from "../../../src/events/event";
import type { Folded, FoldParts } from "../../../src/events/fold";
import { fold } from "../../../src/events/fold";
import type { Projection } from "../../../src/events/projection";

interface Count {
  seen: string[];
}

/** Notes every event, and says so to the scenarios where it is a trigger. */
const counting: Projection<Count> = {
  empty: () => ({ seen: [] }),
  copy: ({ seen }) => ({ seen: [...seen] }),
  apply(slice, { event, happen }) {
    if (event.name === "Poison") throw new Error("poisoned");
    slice.seen.push(event.id);
    if (event.name === "Trigger") happen({ type: "event", at: event.at, id: event.id });
  },
  absorb: (slice, visitor) => void slice.seen.push(...visitor.seen.map((id) => `absorbed ${id}`)),
};

/** Users are found by their name; `alias` absorbs the visitor of that name. */
const parts: FoldParts = {
  projections: { counting: counting as Projection<unknown> },
  resolver: {
    keys: ({ user = "", anon }) => [user, ...(anon === undefined ? [] : [anon])],
    mergedInto: () => null,
    resolve({ user = "", anon }, book, createId) {
      const known = book.find(user);
      const contact = known ?? book.create(createId()).id;
      const visitor = anon === undefined ? undefined : book.find(anon);
      const links = known === undefined ? [user] : [];
      return visitor === undefined
        ? { contact, links, absorbed: [] }
        : { contact, links: [...links, anon ?? ""], absorbed: [visitor] };
    },
  },
  finish: (record, rows) => rows.put("contacts", record.id, [record.id, record.seq]),
  linked: (identity, contact, rows) => rows.put("identities", identity, [identity, contact]),
  relevant: (_, happenings) => happenings,
};

function event(id: string, user: string, name = "Viewed", change: Partial<LedgerEvent> = {}): LedgerEvent {
  return { id, type: "track", name, at: 1_000, trust: "secret", user, ...change };
}

/** A ledger's memory over several groups. */
function memory() {
  const cache = new BookCache();
  let contacts = 0;
  let seq = 0;
  const take = (...requests: LedgerEvent[][]): Folded & { book: Book } => {
    const deliveries = requests.map((events) => ({ seq: ++seq, receivedAt: 2_000, events }));
    const book = new Book(cache, parts.projections);
    return { ...fold(deliveries, book, parts, () => ++contacts), book };
  };
  const commit = (...requests: LedgerEvent[][]): Folded => {
    const folded = take(...requests);
    folded.book.commit();
    return folded;
  };
  const seen = (user: string) => {
    const record = cache.records.get(cache.identities.get(user) ?? 0);
    return (record?.slices["counting"] as Count | undefined)?.seen;
  };
  return { cache, take, commit, seen };
}

const ids = ({ deliveries }: Folded) => deliveries.map(({ events }) => events.map(({ id }) => id));

describe("folding a group", () => {
  it("takes each event to its contact, in order", () => {
    const { commit, seen } = memory();
    commit([event("1", "ann"), event("2", "bob")], [event("3", "ann")]);
    expect(seen("ann")).toEqual(["1", "3"]);
    expect(seen("bob")).toEqual(["2"]);
  });

  it("writes one row for each contact that it touched, and none that it only looked at", () => {
    const { commit } = memory();
    commit([event("1", "ann"), event("2", "bob")]);
    const { rows } = commit([event("3", "ann"), event("4", "ann")], [event("2", "bob")]);
    expect([...(rows.tables.get("contacts")?.values() ?? [])]).toEqual([[1, 2]]);
    expect(rows.tables.has("identities")).toBe(false);
  });

  it("wakes each contact once a request, with all that happened", () => {
    const { commit } = memory();
    const { deliveries } = commit(
      [event("1", "ann", "Trigger"), event("2", "bob"), event("3", "ann", "Trigger")],
      [event("4", "ann", "Trigger")],
    );
    expect(deliveries.map(({ wakes }) => wakes.map(([contact, all]) => [contact, all.map(({ id }) => id)]))).toEqual([
      [[1, ["1", "3"]]],
      [[1, ["4"]]],
    ]);
  });

  it("changes nothing until it is committed", () => {
    const { take, commit, seen, cache } = memory();
    commit([event("1", "ann")]);
    take([event("2", "ann"), event("3", "new")]);
    expect(seen("ann")).toEqual(["1"]);
    expect(cache.identities.has("new")).toBe(false);
    commit([event("2", "ann")]);
    expect(seen("ann")).toEqual(["1", "2"]);
  });

  it("throws when a projection does, and nothing of the group stays", () => {
    const { take, commit, seen } = memory();
    commit([event("1", "ann")]);
    expect(() => take([event("2", "ann")], [event("3", "ann", "Poison")])).toThrow("poisoned");
    expect(seen("ann")).toEqual(["1"]);
  });
});

describe("an event that comes again", () => {
  it("is dropped, in its own request, in its group and later", () => {
    const { commit, seen } = memory();
    expect(ids(commit([event("1", "ann"), event("1", "ann")], [event("1", "ann"), event("2", "ann")]))).toEqual([
      ["1"],
      ["2"],
    ]);
    expect(ids(commit([event("1", "ann")]))).toEqual([[]]);
    expect(seen("ann")).toEqual(["1", "2"]);
  });

  it("is another one where it is about somebody else", () => {
    const { commit } = memory();
    expect(ids(commit([event("1", "ann"), event("1", "bob")]))).toEqual([["1", "1"]]);
  });

  it("is known as a whole however large its batch was", () => {
    const { commit } = memory();
    const batch = Array.from({ length: 2_500 }, (_, number) => event(`e-${number}`, "ann"));
    expect(ids(commit(batch))[0]).toHaveLength(2_500);
    expect(ids(commit(batch))[0]).toEqual([]);
  });

  it("is known where it ends a long request that itself brings more than a contact's memory", () => {
    const { commit } = memory();
    commit([event("first", "ann")]);
    const others = Array.from({ length: 300 }, (_, number) => event(`e-${number}`, "ann"));
    expect(ids(commit([...others, event("first", "ann")]))[0]).toHaveLength(300);
  });

  it("is known among the contact's last ninety-six, and may be forgotten beyond", () => {
    const { commit, cache } = memory();
    commit([event("first", "ann")]);
    for (let number = 0; number < 96; number++) commit([event(`e-${number}`, "ann")]);
    expect(ids(commit([event("first", "ann")]))).toEqual([[]]);
    commit([event("one more", "ann")]);
    expect(cache.records.get(1)?.ring).toHaveLength(97 * 7);
    expect(ids(commit([event("first", "ann")]))).toEqual([["first"]]);
  });

  it("changes nothing, for any order of repeats within that memory", () => {
    const message = fc.record({ id: fc.integer({ min: 0, max: 60 }), user: fc.constantFrom("ann", "bob") });
    fc.assert(
      fc.property(fc.array(fc.array(message, { maxLength: 8 }), { maxLength: 30 }), (requests) => {
        const { commit, seen } = memory();
        const wanted = new Map<string, string[]>();
        for (const request of requests) {
          for (const { id, user } of request) {
            const known = wanted.get(user) ?? [];
            if (!known.includes(`${id}`)) wanted.set(user, [...known, `${id}`]);
          }
          commit(request.map(({ id, user }) => event(`${id}`, user)));
        }
        for (const [user, all] of wanted) expect(seen(user)).toEqual(all);
      }),
    );
  });
});

describe("a visitor who turns out to be somebody", () => {
  it("hands over what was done, and what came is still known as a repeat", () => {
    const { commit, seen } = memory();
    commit([event("1", "visitor"), event("2", "ann")]);
    commit([event("3", "ann", "Viewed", { anon: "visitor" })]);
    expect(seen("ann")).toEqual(["2", "absorbed 1", "3"]);
    expect(ids(commit([event("1", "ann"), event("3", "ann"), event("2", "ann")]))).toEqual([[]]);
  });

  it("is written too, so that nothing is found under the old name", () => {
    const { commit } = memory();
    commit([event("1", "visitor"), event("2", "ann")]);
    const { rows } = commit([event("3", "ann", "Viewed", { anon: "visitor" })]);
    expect([...(rows.tables.get("contacts")?.keys() ?? [])].sort()).toEqual([1, 2]);
  });
});

describe("what a contact was last seen doing", () => {
  it("moves on with what people do, never back, and not with what is said of them", () => {
    const { commit, cache } = memory();
    const seenAt = () => cache.records.get(1)?.seenAt;
    commit([event("1", "ann", "Viewed", { at: 5_000 })]);
    commit([event("2", "ann", "Viewed", { at: 4_000 })]);
    commit([event("3", "ann", "", { type: "identify", at: 9_000 })]);
    expect(seenAt()).toBe(5_000);
    commit([event("4", "ann", "", { type: "page", at: 6_000 })]);
    expect(seenAt()).toBe(6_000);
  });
});
