import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import type { Bundle } from "../../src/scenarios/bundle";
import { emptyBundle } from "../../src/scenarios/bundle";
import { CopyLine } from "../../src/scenarios/copy-line";
import { bundleWriter } from "../../src/scenarios/store";
import { SENDS_SQL } from "../../src/sends/store";

const { DB } = env as unknown as { DB: D1Database };

const line = () => new CopyLine({ write: bundleWriter(DB, SENDS_SQL), enqueue: () => Promise.resolve() });

const owes = (life: string, ...bundles: Partial<Bundle>[]) => ({
  life,
  rows: bundles.map((bundle, index) => ({ id: index + 1, body: JSON.stringify({ ...emptyBundle(), ...bundle }) })),
});

const parked = async (): Promise<unknown[]> =>
  (await DB.prepare("SELECT contact, reason FROM parked_contacts ORDER BY contact").all()).results;

describe("what one batch says of a parked contact", () => {
  beforeEach(async () => {
    await DB.exec("DELETE FROM parked_contacts");
  });

  test("is that it is parked where it was freed and parked again", async () => {
    await line().copy(owes("a", { parked: [[1, "first", 0]] }));
    await line().copy(owes("b", { unparked: [1] }, { parked: [[1, "again", 1]] }));
    expect(await parked()).toEqual([{ contact: 1, reason: "again" }]);
  });

  test("is that it is free where that was said last", async () => {
    await line().copy(owes("c", { parked: [[1, "first", 0]] }, { unparked: [1] }, { parked: [[2, "other", 0]] }));
    expect(await parked()).toEqual([{ contact: 2, reason: "other" }]);
  });
});
