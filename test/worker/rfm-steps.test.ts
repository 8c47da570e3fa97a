import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { localClock } from "../../src/local/clock";
import { putSetting } from "../../src/platform/settings";
import { rfmInput } from "../../src/segments/rfm/definition";
import { readRuns } from "../../src/segments/rfm/rfm-store";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { beginRun, goOn } from "../../src/services/rfm";
import { rescore } from "../../src/services/rfm-rescore";
import { readDefinition } from "../../src/services/rfm-terms";
import { DAY, MINUTE } from "../../src/shared/clock";
import { type Fate, faultyD1 } from "../support/chaos-d1";
import type { Purchase } from "../support/rfm-world";
import { change, plainScores, purchase, store, storedScores, verified } from "../support/rfm-world";

const bindings = env as unknown as Env;
const { DB } = bindings;
const ZONE = "Europe/Paris";
const shop = { SHOP_TIMEZONE: ZONE, SHOP_CURRENCY: "EUR" };
const services = servicesOf({ ...bindings, ...shop });
const NOW = Date.parse("2026-07-15T12:00:00+02:00");
const FOREVER = Number.MAX_SAFE_INTEGER;
const SIZE = 40;

const people = Array.from({ length: SIZE }, (_, index) => verified(index + 1));
const orders = Array.from({ length: SIZE * 2 }, (_, index): Purchase => {
  return purchase(`o${index}`, (index % SIZE) + 1, NOW - ((index * 37) % 600) * DAY, 500 + ((index * 7_919) % 30_000));
});
const world = { people, orders, rates: [] };
const definition = rfmInput.parse({ small_bases: false });

async function open() {
  await store(world, ZONE);
  await putSetting(DB, "rfm", JSON.stringify(definition)).run();
  localClock.move(NOW, 0);
  await beginRun(services, (await readRuns(DB)).live, NOW, await readDefinition(DB));
}

/** Goes on in slices of seven contacts, over a database that fails now and then, as whoever comes next would. */
async function struggle(fates: readonly Fate[], between: (round: number) => Promise<void> = async () => undefined) {
  let call = 0;
  const shaky = faultyD1(DB, (sql) => (sql.includes("rfm_") ? (fates[call++] ?? "well") : "well"));
  const failing = { env: { DB: shaky }, clock: services.clock, terms: services.terms };
  for (let round = 0; ; round++) {
    const { open: run, done } = (await readRuns(DB)).live;
    if (run === null) return { done, round };
    expect(round).toBeLessThan(500);
    await goOn(failing, "live", run, FOREVER, 7).catch(() => undefined);
    await between(round);
  }
}

describe("a run in steps", () => {
  test("that dies anywhere, before or after what it did, comes to the same end", async () => {
    let rounds = 0;
    const fate = fc.constantFrom<Fate>("well", "well", "overloaded", "answer lost");
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { minLength: 3, maxLength: 60 }), async (fates) => {
        await open();
        const { done, round } = await struggle(fates);
        expect(await storedScores()).toEqual(plainScores(world, definition, ZONE, NOW));
        expect(done).toMatchObject({ day: "2026-07-15", rulers: { customers: SIZE } });
        const history = await DB.prepare("SELECT sum(contacts) AS contacts FROM rfm_history").first("contacts");
        expect(history).toBe(SIZE);
        rounds = Math.max(rounds, round);
      }),
      { numRuns: 15 },
    );
    expect(rounds).toBeGreaterThan(2);
  });

  test("scores whoever changes on its way as they are by then, wherever it is", async () => {
    await open();
    let now = world;
    let id = 0;
    const steps = new Set<string>();
    // A step at a time, with somebody buying after each.
    for (let run = (await readRuns(DB)).live.open; run !== null; run = (await readRuns(DB)).live.open) {
      steps.add(run.step);
      await goOn(services, "live", run, 1, 7, 1);
      const contact = ((id * 11) % SIZE) + 1;
      // Later than the moment that the run is of, but on its day.
      localClock.move(NOW + (id + 1) * MINUTE, 0);
      const when = services.clock.now();
      now = { ...now, orders: [...now.orders, purchase(`n${id++}`, contact, when, 20_000, { changedAt: when })] };
      await change(now);
      await rescore(services, [contact]);
    }
    expect([...steps]).toEqual(["figures", "rulers", "scores", "history"]);
    const { done } = (await readRuns(DB)).live;
    expect(await storedScores()).toEqual(plainScores(now, definition, ZONE, services.clock.now(), done?.rulers));
  });

  test("writes nothing of contacts who are as they were", async () => {
    await open();
    await struggle([]);
    const before = await DB.prepare("SELECT * FROM rfm_scores ORDER BY contact").all();
    localClock.move(NOW + 5 * DAY, 0);
    await beginRun(services, (await readRuns(DB)).live, NOW + 5 * DAY, await readDefinition(DB));
    await struggle([]);
    expect((await DB.prepare("SELECT * FROM rfm_scores ORDER BY contact").all()).results).toEqual(before.results);
    expect(await DB.prepare("SELECT count(DISTINCT day) AS days FROM rfm_history").first("days")).toBe(1);
  });
});
