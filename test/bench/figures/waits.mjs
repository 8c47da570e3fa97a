import { setTimeout as sleep } from "node:timers/promises";
import { now } from "../now.mjs";
import { activate, letterAfter } from "../scenarios.mjs";
import { measure, startStack, untilAccepted } from "../stack.mjs";
import { percentile } from "../statistics.mjs";
import { noted } from "./ingest.mjs";
import { receivedTimes } from "./messages.mjs";

const EVENT = "Bench Wait";
const WAITS = 1_000;
const MINUTE = 60_000;
/** Time for the requests that start the waits, before the first is due. */
const LEAD = 5_000;

/**
 * A thousand contacts whose waits end evenly over one minute: they are started together by events with the times of
 * the minute before. From the moment a wait is due until the provider has the message.
 */
export async function runWaits() {
  const stack = await startStack({ connections: 4 });
  const { host, load, provider } = stack;
  try {
    await activate(host, letterAfter(EVENT, `PT${(MINUTE + LEAD) / 1_000}S`));
    await load.call("prepare", { kind: "people", path: "/v1/batch", name: "run", count: WAITS });
    await load.call("drive");
    await host.call("settled");
    const start = Math.floor(now()) - MINUTE;
    const times = Array.from({ length: WAITS }, (_, index) => start + Math.floor((index * MINUTE) / WAITS));
    const shape = { kind: "triggers", path: "/v1/batch", name: "run", event: EVENT, count: WAITS, size: 100, times };
    await load.call("prepare", shape);
    const measured = await measure(stack, async () => {
      await load.call("drive");
      await host.call("settled");
      if (now() > start + MINUTE + LEAD) throw new Error("the first waits were due before all had begun");
      await sleep(start + 2 * MINUTE + LEAD - now());
      await untilAccepted(provider, WAITS);
    });
    const received = await receivedTimes(provider, 0, WAITS);
    const late = times.map((time, index) => received.get(index) - (time + MINUTE + LEAD));
    if (Math.min(...late) < -1) throw new Error(`a wait ended ${-Math.min(...late)} ms too early`);
    return {
      p50: percentile(late, 0.5),
      p95: percentile(late, 0.95),
      max: Math.max(...late),
      cpu: (measured.cpu / WAITS) * 1_000,
      ...noted(measured),
    };
  } finally {
    await stack.stop();
  }
}
