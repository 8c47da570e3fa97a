import { beforeEach, expect, test } from "vitest";
import type { LedgerEvent } from "../../src/events/event";
import { keepBehaviour, refreshEverybody } from "../../src/services/behaviour";
import { keepSegments } from "../../src/services/segments/keep";
import {
  begin,
  bindings,
  members,
  moves,
  night,
  pass,
  person,
  rowOf,
  services,
  tell,
  told,
} from "../support/segment-world";

const { DB } = bindings;

beforeEach(async () => {
  const tables = [
    "behaviour_runs",
    "contact_behaviour",
    "visits",
    "reviews",
    "wishlist_items",
    "message_acts",
    "sends",
  ];
  await DB.batch([
    ...tables.map((table) => DB.prepare(`DELETE FROM ${table}`)),
    // Whoever came for another test is out of the way.
    DB.prepare("UPDATE contacts SET status = 'anonymous', star = NULL WHERE status = 'verified'"),
  ]);
  await begin();
});

let reviews = 0;

/** Each is worth four points. */
const review = (user: string, rest: Partial<LedgerEvent> = {}): Partial<LedgerEvent> => ({
  user,
  name: "Product Reviewed",
  properties: { review_id: `review-${++reviews}`, rating: 5 },
  ...rest,
});
const several = (user: string, count: number) => Array.from({ length: count }, () => review(user));
const view = (user: string, product: string, rest: Partial<LedgerEvent> = {}): Partial<LedgerEvent> => ({
  user,
  name: "Product Viewed",
  properties: { product_id: product },
  ...rest,
});

/** Behaviour begins, and is computed over everybody. */
async function start(): Promise<void> {
  await keepBehaviour(services);
  await keepSegments(services);
}

const rows = async () => (await DB.prepare("SELECT * FROM contact_behaviour ORDER BY contact").all()).results;

/** Everybody once more from nothing comes to the same rows. */
async function expectWhole(): Promise<void> {
  const kept = await rows();
  await DB.prepare("DELETE FROM contact_behaviour").run();
  await refreshEverybody(services, services.clock.now());
  expect(await rows()).toEqual(kept);
}

test("nothing is told of the first computation, nor of what is loaded", async () => {
  await tell(person("ann"), person("ben"), ...several("ann", 4), view("ben", "lamp"));
  await start();
  expect(await members("engagement")).toEqual({ ann: "very_engaged", ben: "little_engaged" });
  expect(await members("browsing")).toEqual({ ben: "occasional" });
  expect(await moves("engagement")).toEqual(["ann:  > very_engaged (first)", "ben:  > little_engaged (first)"]);
  await tell(
    person("cas", { trust: "import" }),
    ...several("cas", 5).map((one) => ({ ...one, trust: "import" as const })),
  );
  expect(await members("engagement")).toMatchObject({ cas: "very_engaged" });
  expect((await moves("engagement")).at(-1)).toBe("cas:  > very_engaged (import)");
  expect(await told()).toEqual([]);
});

test("who does something rises at once, and that is told; who does nothing any more falls when two nights agree", async () => {
  await tell(person("dan"), person("eva"), ...several("dan", 3), review("eva"));
  await start();
  await tell(...several("eva", 2));
  expect(await members("engagement")).toEqual({ dan: "very_engaged", eva: "very_engaged" });
  await expectWhole();
  await night();
  expect(await members("engagement")).toEqual({ dan: "very_engaged > engaged", eva: "very_engaged > engaged" });
  await night();
  expect(await moves("engagement")).toEqual([
    "dan:  > very_engaged (first)",
    "eva:  > engaged (first)",
    "eva: engaged > very_engaged (act)",
    "dan: very_engaged > engaged (decay)",
    "eva: very_engaged > engaged (decay)",
  ]);
  expect(await told()).toEqual([
    "eva: engagement engaged > very_engaged (act)",
    "dan: engagement very_engaged > engaged (decay)",
    "eva: engagement very_engaged > engaged (decay)",
  ]);
  pass("P100D");
  await night();
  await night();
  expect(await members("engagement")).toEqual({ dan: "not_engaged", eva: "not_engaged" });
  await expectWhole();
});

test("who falls behind others is told of to nobody", async () => {
  await tell(person("fay"), ...several("fay", 6));
  await start();
  const others = Array.from({ length: 12 }, (_, index) => `other${index}`);
  for (const user of others) await tell(person(user), ...several(user, 12));
  // In the day everybody is held against the ruler of the night before.
  expect(new Set(Object.values(await members("engagement")))).toEqual(new Set(["very_engaged"]));
  await night();
  expect((await members("engagement"))["fay"]).toBe("very_engaged > engaged");
  await night();
  expect((await moves("engagement")).filter((move) => move.startsWith("fay"))).toEqual([
    "fay:  > very_engaged (first)",
    "fay: very_engaged > engaged (population_shift)",
  ]);
  expect((await told()).filter((move) => move.startsWith("fay"))).toEqual([]);
});

interface Merge {
  readonly id: string;
  readonly seq: number;
  readonly taken: string;
}

test("a merge hands over what somebody did, and its undoing gives it back", async () => {
  await tell(person("gus"), person("hal"), ...several("gus", 3), ...several("hal", 3), view("hal", "lamp"));
  await start();
  const [gus, hal] = [await rowOf("gus"), await rowOf("hal")];
  await tell({ type: "internal", name: "contact.merged", contact: gus, trust: "internal", properties: { loser: hal } });
  const merged = await DB.prepare("SELECT id, status FROM contacts WHERE status = 'merged'").all();
  expect(merged.results).toHaveLength(1);
  expect(await rows()).toHaveLength(1);
  await expectWhole();
  expect(await members("browsing")).toEqual({ gus: "occasional" });
  const merge = await DB.prepare("SELECT id, seq, taken FROM merges WHERE loser = ?1").bind(hal).first<Merge>();
  const { id, seq, taken } = merge ?? { id: "", seq: 0, taken: "{}" };
  const properties = { loser: hal, merge: id, seq, taken: JSON.parse(taken) };
  await tell({ type: "internal", name: "contact.unmerged", contact: gus, trust: "internal", properties });
  expect(await members("browsing")).toEqual({ hal: "occasional" });
  expect(await members("engagement")).toEqual({ gus: "engaged", hal: "very_engaged" });
  await expectWhole();
  expect(await told()).toEqual([]);
});

test("a quiet night writes no row of behaviour, and a process that dies goes on in the same night", async () => {
  await tell(person("ida"), person("jon"), ...several("ida", 3), view("jon", "lamp"));
  await start();
  const written: number[] = [];
  const watch = (fails: number) => {
    let batches = 0;
    const batch = async (statements: D1PreparedStatement[]) => {
      if (++batches === fails) throw new Error("the process dies");
      const results = await DB.batch(statements);
      written.push((results[0]?.meta.changes ?? 0) + (results[1]?.meta.changes ?? 0));
      return results;
    };
    return Object.create(services, {
      env: { value: { ...bindings, DB: { prepare: (sql: string) => DB.prepare(sql), batch } } },
    }) as typeof services;
  };
  pass("P1D");
  const before = await rows();
  const at = services.clock.now();
  await expect(refreshEverybody(watch(2), at, 1)).rejects.toThrow("dies");
  const { after } = (await DB.prepare("SELECT after FROM behaviour_runs").first<{ after: number }>()) ?? { after: 0 };
  expect(after).toBeGreaterThan(0);
  await refreshEverybody(watch(0), at, 1);
  expect(written.every((changes) => changes === 0)).toBe(true);
  expect(await rows()).toEqual(before);
});

test("a mark whose night never began is not the one that contacts were held against", async () => {
  await tell(person("kim"), ...several("kim", 3));
  await start();
  const marks = async () =>
    JSON.parse((await DB.prepare("SELECT ruler FROM behaviour_runs").first<string>("ruler")) ?? "{}");
  const { mark: first } = await marks();
  for (const count of [1, 2]) {
    await tell(...several("kim", count));
    pass("P1D");
    // The process dies before it begins the night.
    await refreshEverybody(services, services.clock.now());
    const { mark, before } = await marks();
    expect(mark.units).toBeGreaterThan(first.units);
    expect(before).toEqual(first);
  }
  await keepSegments(services);
  const { mark: last } = await marks();
  pass("P1D");
  await refreshEverybody(services, services.clock.now());
  expect((await marks()).before).toEqual(last);
});
