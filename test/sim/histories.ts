import { programmeInput } from "../../src/commerce/loyalty-programme";
import { keepPrivacy } from "../../src/services/keep";
import { lookUp } from "../../src/services/records";
import { MINUTE } from "../../src/shared/clock";
import { asIs, type Mutation } from "./database";
import { Lives } from "./lives";
import { living, recount } from "./recount";
import type { Verdict } from "./simulate";
import { addScenarios, takeTime } from "./simulate";
import { System } from "./system";
import { randomOf, Timeline } from "./timeline";

const DEEDS = 40;
const PROGRAMME = programmeInput.parse({
  validity: "P30D",
  rules: [{ key: "purchase", name: "Purchase", on: "order", points: 1 }],
});

/** Some people's lives with mishaps, then calm until nothing is left to do, then a recount of all that is stored. */
export async function liveThrough(
  seed: number,
  mutate: Mutation = asIs,
  trace?: (line: string) => void,
): Promise<Verdict> {
  const timeline = new Timeline(randomOf(seed), trace);
  const restore = await takeTime(timeline);
  try {
    const system = new System(timeline, { sweeps: true, idempotencyKeys: true, mutate });
    addScenarios(system);
    system.database.all("INSERT INTO settings (key, value) VALUES ('loyalty', ?1)", [JSON.stringify(PROGRAMME)]);
    const lives = new Lives(timeline, system);
    await over(timeline, lives.live(DEEDS));
    await heal(timeline, system);
    const db = system.attempt("a look", async ({ env }) => {
      const ids = system.database.all<{ id: number }>("SELECT id FROM contacts").map(({ id }) => id);
      return (await lookUp(env.DB, [], ids, { loyalty: true, seal: null })).records;
    });
    const records = living([...((await over(timeline, db)) ?? [])]);
    return { seed, faults: recount(system, lives, records, timeline.now), happened: timeline.happened };
  } catch (error) {
    return { seed, faults: [String(error)], happened: timeline.happened };
  } finally {
    restore();
  }
}

/** Lets time pass until something is done. */
export async function over<T>(timeline: Timeline, work: Promise<T>): Promise<T> {
  let done = false;
  const end = work.finally(() => {
    done = true;
  });
  // What waits for neither a step nor a timer, as the reading of a stream, is waited for here.
  for (let rounds = 0; !done && rounds < 1_000; rounds++) await timeline.run(() => done);
  if (!done) throw new Error("the history does not come to its end");
  return end;
}

/** No more mishaps: leases of processes that are gone run out, and what was begun is carried to its end. */
async function heal(timeline: Timeline, system: System): Promise<void> {
  timeline.calm = true;
  await timeline.run();
  for (let rounds = 0; rounds < 3; rounds++) {
    timeline.now += 20 * MINUTE;
    await over(timeline, system.sweep());
    await over(timeline, system.attempt("keeping", keepPrivacy));
    await timeline.run();
  }
}
