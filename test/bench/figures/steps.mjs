import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { now } from "../now.mjs";
import { activate, longWay } from "../scenarios.mjs";
import { measure, startStack, untilAccepted } from "../stack.mjs";
import { noted } from "./ingest.mjs";

const entry = fileURLToPath(new URL("../metered-entry.ts", import.meta.url));
const EVENT = "Bench Way";
const CONTACTS = 200;
/** Blocks that a run leaves on the way: a start, two waits, two questions and a message. */
const STEPS = 6;
/** What the event that begins a run costs by itself, whether or not a scenario hears it. */
const OF_THE_EVENT = [" journal", " contacts", " cursor", " source_hours"];
const AT_ONCE = 5_000;
const MINUTE = 60_000;
const LEAD = 25_000;

/** Rows written in D1 and in the objects for each step of a run, from its entry to the last settling of its message. */
export async function runSteps() {
  const stack = await startStack({ connections: 4, entry });
  const { host, load, provider, url } = stack;
  try {
    await activate(host, longWay(EVENT, "PT2S"));
    await people(stack, CONTACTS);
    await load.call("prepare", { kind: "triggers", path: "/v1/track", name: "run", event: EVENT, count: CONTACTS });
    await fetch(`${url}/bench/reset`);
    const measured = await measure(stack, async () => {
      await load.call("drive");
      await untilAccepted(provider, CONTACTS);
      await untilOver(host, CONTACTS);
      // What was sent last is still to be noted as sent.
      await sleep(4_000);
    });
    const counts = await (await fetch(`${url}/bench/counts`)).json();
    const steps = CONTACTS * STEPS;
    const written = Object.entries({ ...counts.writers, "object setAlarm": counts.objects.alarmsSet });
    const all = (place, isOf) =>
      written.reduce((sum, [writer, rows]) => (writer.startsWith(place) && isOf(writer) ? sum + rows : sum), 0) / steps;
    const ofRuns = (writer) => !OF_THE_EVENT.some((table) => writer.endsWith(table));
    const [d1, objects] = [all("d1", ofRuns), all("object", ofRuns)];
    return {
      value: steps / measured.seconds,
      rows: d1 + objects,
      d1,
      objects,
      event: all("", (writer) => !ofRuns(writer)),
      cpu: (measured.cpu / steps) * 1_000,
      ...noted(measured),
    };
  } finally {
    await stack.stop();
  }
}

/** Five thousand waits that end at one instant: until every run of them has gone on and its end is in the database. */
export async function runAtOnce() {
  const stack = await startStack({ connections: 8 });
  const { host, load } = stack;
  try {
    await activate(host, longWay(EVENT, `PT${(MINUTE + LEAD) / 1_000}S`, false));
    await people(stack, AT_ONCE);
    const start = Math.floor(now()) - MINUTE;
    const times = Array.from({ length: AT_ONCE }, () => start);
    const shape = { kind: "triggers", path: "/v1/batch", name: "run", event: EVENT, count: AT_ONCE, size: 100, times };
    await load.call("prepare", shape);
    await load.call("drive");
    await host.call("settled");
    const due = start + MINUTE + LEAD;
    if (now() > due) throw new Error("the waits were due before all had begun");
    await sleep(due - now() - 500);
    const measured = await measure(stack, () => untilOver(host, AT_ONCE));
    const ms = now() - due;
    return { value: (AT_ONCE / ms) * 1_000, ms, cpu: (measured.cpu / AT_ONCE) * 1_000, ...noted(measured) };
  } finally {
    await stack.stop();
  }
}

async function people({ host, load }, count) {
  await load.call("prepare", { kind: "people", path: "/v1/batch", name: "run", count });
  await load.call("drive");
  await host.call("settled");
}

async function untilOver(host, count) {
  for (let tries = 0; tries < 1_200; tries++) {
    const [{ runs }] = await host.call("query", "SELECT count(*) AS runs FROM runs WHERE exited_at IS NOT NULL");
    if (runs >= count) return;
    await sleep(50);
  }
  throw new Error("the runs do not come to their end");
}
