import { describe, expect, it } from "vitest";
import type { LedgerEvent } from "../../../src/events/event";
import type { FoldParts } from "../../../src/events/fold";
import type { Answer } from "../../../src/events/intake";
import { LedgerCore } from "../../../src/events/ledger";
import type { Projection } from "../../../src/events/projection";
import { WakeLines } from "../../../src/events/wake-lines";
import { MemoryJournal } from "./memory-journal";

const poisonable: Projection<null> = {
  empty: () => null,
  copy: () => null,
  absorb: () => undefined,
  apply(_, { event, happen }) {
    if (event.name === "Poison") throw new Error("poisoned");
    happen({ type: "event", at: event.at, id: event.id });
  },
};

const parts: FoldParts = {
  projections: { poisonable: poisonable as Projection<unknown> },
  resolver: {
    keys: ({ user = "" }) => [user],
    mergedInto: () => null,
    resolve({ user = "" }, book, createId) {
      const known = book.find(user);
      return { contact: known ?? book.create(createId()).id, links: known === undefined ? [user] : [], absorbed: [] };
    },
  },
  finish: (record, rows) => rows.put("contacts", record.id, [record.id]),
  linked: () => undefined,
  relevant: (_, happenings) => happenings,
};

function event(id: string, name = "Viewed", user = "ann"): LedgerEvent {
  return { id, type: "track", name, at: 0, trust: "secret", user };
}

/**
 * A ledger over a journal in memory. A second one over the same journal is the next process. Shards answer once
 * `reached` is over.
 */
function ledger(journal = new MemoryJournal(), reached: Promise<void> = Promise.resolve()) {
  const woken: string[] = [];
  const pauses: number[] = [];
  let owners = 0;
  const lines = new WakeLines(1, {
    async call(_, items) {
      await reached;
      woken.push(...items.flatMap(({ happenings }) => happenings.map(({ id }) => String(id))));
    },
    defer: () => Promise.resolve(),
    failed: () => undefined,
  });
  const core = new LedgerCore(
    {
      journal,
      parts,
      lookUp: async () => ({ identities: new Map(), records: [] }),
      pause: async (ms) => void pauses.push(ms),
      owner: () => `owner-${journal.cursor.applied}-${++owners}-${Math.random()}`,
      log: () => undefined,
    },
    lines,
  );
  const give = async (...events: LedgerEvent[]): Promise<Answer["status"]> =>
    (await core.append({ receivedAt: 0, events }, 100)).status;
  return { core, journal, woken, pauses, give };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("the one writer", () => {
  it("lets a group wait for company only where the one before had some", async () => {
    const { journal, pauses, give } = ledger();
    await give(event("1"));
    await give(event("2"));
    expect(pauses).toEqual([]);
    const release = journal.hold();
    const crowd = [give(event("3")), give(event("4")), give(event("5"))];
    await settle();
    release();
    await Promise.all(crowd);
    await give(event("6"));
    expect(pauses).toHaveLength(1);
    await give(event("7"));
    expect(pauses).toHaveLength(1);
  });

  it("gathers, while one batch is written, everything that comes into the next", async () => {
    const { journal, give } = ledger();
    const release = journal.hold();
    const first = give(event("1"));
    await settle();
    const rest = Promise.all([give(event("2")), give(event("3"), event("4"))]);
    release();
    expect([await first, ...(await rest)]).toEqual(["stored", "stored", "stored"]);
    expect(journal.groups).toEqual([[["1"]], [["2"], ["3", "4"]]]);
    expect([...journal.rows.keys()]).toEqual([1, 2, 3]);
  });

  it("answers nobody before the batch is on disk", async () => {
    const { journal, give } = ledger();
    const release = journal.hold();
    let answered = false;
    const answer = give(event("1")).then(() => {
      answered = true;
    });
    await settle();
    expect(answered).toBe(false);
    release();
    await answer;
    expect(journal.rows.size).toBe(1);
  });

  it("turns away what no longer fits into the line, and stores nothing of it", async () => {
    const { core, journal, give } = ledger();
    const release = journal.hold();
    const first = give(event("1"));
    await settle();
    const big = (id: string) => core.append({ receivedAt: 0, events: [event(id)] }, 900_000);
    const line = Array.from({ length: 9 }, (_, number) => big(`big-${number}`));
    expect(await line.at(-1)).toEqual({ status: "busy" });
    release();
    expect(await Promise.all([first, ...line.slice(0, -1)])).toHaveLength(9);
    expect(journal.groups.flat(2)).not.toContain("big-8");
  });

  it("writes groups of about a megabyte, so that no batch is more than the database takes", async () => {
    const { core, journal } = ledger();
    const release = journal.hold();
    const all = Array.from({ length: 7 }, (_, number) =>
      core.append({ receivedAt: 0, events: [event(`${number}`)] }, 400_000),
    );
    release();
    await Promise.all(all);
    expect(journal.groups.map((group) => group.length)).toEqual([1, 2, 2, 2]);
  });

  it("says stored to a repeat, and writes nothing for it", async () => {
    const { journal, give } = ledger();
    await give(event("1"));
    expect(await give(event("1"), event("1"))).toBe("stored");
    expect(journal.groups).toHaveLength(1);
    expect(journal.cursor.applied).toBe(1);
  });

  it("keeps what was refused at the door beside what was taken", async () => {
    const { core, journal } = ledger();
    const rejections = [{ receivedAt: 0, stage: "input" as const, messageId: "bad", reason: "why", body: "{}" }];
    await core.append({ receivedAt: 0, events: [event("1")], rejections }, 100);
    expect(journal.rejected).toEqual(rejections);
  });
});

describe("a write that fails", () => {
  it("is an answer that nothing is stored, and the next group begins from the disk", async () => {
    const { journal, give } = ledger();
    await give(event("1"));
    journal.fates.push(new Error("Network connection lost."));
    expect(await give(event("2"))).toBe("unavailable");
    expect(await give(event("2"))).toBe("stored");
    expect(journal.groups).toEqual([[["1"]], [["2"]]]);
    expect(journal.cursor.applied).toBe(2);
  });

  it("wakes whom a batch was to wake whose answer was lost, also behind a repeat that took no number", async () => {
    const { core, journal, woken, give } = ledger();
    await give(event("1"));
    expect(await give(event("1"))).toBe("stored");
    journal.fates.push("unheard");
    expect(await give(event("2"))).toBe("unavailable");
    expect(await give(event("3"))).toBe("stored");
    await core.settled("all");
    expect(woken).toEqual(["1", "2", "3"]);
  });

  it("keeps nobody waiting for ever", async () => {
    const { core, journal, give } = ledger();
    journal.fates.push(new Error("lost"), new Error("lost"));
    expect(await Promise.all([give(event("1")), core.settled("all"), give(event("2"))])).toEqual([
      "unavailable",
      undefined,
      "unavailable",
    ]);
  });

  it("of a refused batch is made good request by request, and the one that fails is set aside", async () => {
    const { journal, woken, give } = ledger();
    expect(await give(event("1"), event("bad", "Poison"), event("2"))).toBe("stored");
    expect(journal.rejected).toMatchObject([{ messageId: "bad", reason: "Error: poisoned", stage: "apply" }]);
    await settle();
    expect(woken).toEqual(["1", "2"]);
    expect(await give(event("3"))).toBe("stored");
  });
});

describe("the next process", () => {
  it("wakes those whom the last one had not", async () => {
    const { journal, give } = ledger();
    await give(event("1"));
    await give(event("2"));
    journal.cursor.woken = 0;
    const next = ledger(journal);
    await next.core.settled("all");
    expect(next.woken).toEqual(["1", "2"]);
  });

  it("knows of the wakes that the last one owed before it has done anything else", async () => {
    const { journal, give } = ledger();
    await give(event("1"));
    await give(event("2", "Viewed", "bob"));
    journal.cursor.woken = 0;
    const [ann = 0] = journal.contacts;
    let reach = (): void => undefined;
    const next = ledger(journal, new Promise((resolve) => (reach = resolve)));
    expect(await next.core.owed([ann])).toMatchObject([{ contact: ann, seq: 1, happenings: [{ id: "1" }] }]);
    reach();
    await next.core.settled("all");
    expect(await next.core.owed([ann])).toEqual([]);
  });

  it("wakes nobody twice where all had been woken", async () => {
    const { journal, give } = ledger();
    await give(event("1"));
    journal.cursor.woken = 1;
    const next = ledger(journal);
    await next.core.settled("all");
    expect(next.woken).toEqual([]);
  });

  it("applies what the last one had stored and not come to", async () => {
    const journal = new MemoryJournal();
    journal.rows.set(1, { events: [event("1"), event("2")], wakes: [] });
    journal.rows.set(2, { events: [event("3")], wakes: [] });
    const next = ledger(journal);
    await next.core.settled("all");
    expect(journal.cursor.applied).toBe(2);
    expect(next.woken).toEqual(["1", "2", "3"]);
  });

  it("keeps the wakes of the part of a request that the last one had applied", async () => {
    const journal = new MemoryJournal();
    const stored = [7, [{ type: "event", at: 0, id: "stored before" }]] as const;
    journal.rows.set(1, { events: [event("1")], wakes: [stored] });
    const next = ledger(journal);
    await next.core.settled("all");
    expect(next.woken).toEqual(["stored before", "1"]);
  });

  it("counts on from a new epoch after a restore of the database", async () => {
    const journal = new MemoryJournal();
    journal.cursor = { owner: "", epoch: 3, applied: 17, woken: 17 };
    const next = ledger(journal);
    await next.give(event("1"));
    expect([...journal.rows.keys()]).toEqual([3 * 2 ** 40 + 1]);
  });

  it("is one writer, however many callers are its first", async () => {
    const journal = new MemoryJournal();
    const next = ledger(journal);
    let claims = 0;
    const claim = journal.claim.bind(journal);
    journal.claim = (owner) => {
      claims++;
      return claim(owner);
    };
    const [[token]] = await Promise.all([
      next.core.permit([], async (owner) => [owner]),
      next.give(event("1")),
      next.core.sweep(),
    ]);
    expect(claims).toBe(1);
    expect(journal.cursor.owner).toBe(token);
  });
});

describe("what was stored beside the ledger", () => {
  const beside = (journal: MemoryJournal, id: number, ...events: LedgerEvent[]) =>
    journal.sides.push({ id, body: JSON.stringify({ receivedAt: 0, events }) });

  it("goes ahead of what was accepted since", async () => {
    const { journal, give } = ledger();
    await give(event("1"));
    beside(journal, 1, event("2"));
    beside(journal, 2, event("3"));
    await give(event("4"));
    expect(journal.groups.flat(2)).toEqual(["1", "2", "3", "4"]);
    expect(journal.sides).toEqual([]);
  });

  it("is taken in by a sweep, which says whether there was anything", async () => {
    const { core, journal } = ledger();
    beside(journal, 1, event("1"));
    expect(await core.sweep()).toBe(true);
    expect(await core.sweep()).toBe(false);
    expect(journal.groups.flat(2)).toEqual(["1"]);
  });

  it("does not count as a request that somebody waits for", async () => {
    const { core, journal, give } = ledger();
    beside(journal, 1, event("1"), event("2"));
    await Promise.all([core.sweep(), give(event("3"))]);
    await core.settled("all");
    expect(await give(event("4"))).toBe("stored");
    await core.settled("all");
  });
});
