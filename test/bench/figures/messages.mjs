import { activate, letterOn } from "../scenarios.mjs";
import { measure, startStack, untilAccepted } from "../stack.mjs";
import { percentile } from "../statistics.mjs";
import { addressOf, indexOf } from "../traffic.mjs";
import { noted } from "./ingest.mjs";

const EVENT = "Bench Trigger";

/** A stack with contacts that may be written to; the first `warm` of them have had a letter already. */
async function withPeople({ warm, count, connections }) {
  const stack = await startStack({ connections });
  const { host, load, provider } = stack;
  await activate(host, letterOn(EVENT));
  await load.call("prepare", { kind: "people", path: "/v1/batch", name: "warm", count: warm });
  await load.call("drive");
  await load.call("prepare", { kind: "people", path: "/v1/batch", name: "run", count });
  await load.call("drive");
  await load.call("prepare", { kind: "triggers", path: "/v1/track", name: "warm", event: EVENT, count: warm });
  await load.call("drive");
  await untilAccepted(provider, warm);
  await host.call("settled");
  return stack;
}

/** Fails unless each contact got exactly one message; tells when, by the contact's number. */
export async function receivedTimes(provider, from, count) {
  const received = await provider.call("received", from);
  const times = new Map(received.map(({ to, at }) => [indexOf(to), at]));
  if (received.length !== count || times.size !== count || (await provider.call("doubled")) > 0)
    throw new Error(`${received.length} messages for ${times.size} of ${count} contacts`);
  if (received.some(({ to }) => to !== addressOf("run", indexOf(to)))) throw new Error("a message went astray");
  return times;
}

const LATENCY_EVENTS = 100;

/** One event every 200 ms; from sending each request until the provider's server has the call for its contact. */
export async function runLatency() {
  const warm = 100;
  const stack = await withPeople({ warm, count: LATENCY_EVENTS, connections: 4 });
  const { load, provider } = stack;
  try {
    const shape = { kind: "triggers", path: "/v1/track", name: "run", event: EVENT, count: LATENCY_EVENTS };
    await load.call("prepare", shape);
    const measured = await measure(stack, async () => {
      const sent = await load.call("pace", 5);
      await untilAccepted(provider, warm + LATENCY_EVENTS);
      return sent;
    });
    const received = await receivedTimes(provider, warm, LATENCY_EVENTS);
    const waits = measured.result.map((sentAt, index) => received.get(index) - sentAt);
    return {
      p50: percentile(waits, 0.5),
      p95: percentile(waits, 0.95),
      max: Math.max(...waits),
      cpu: (measured.cpu / LATENCY_EVENTS) * 1_000,
      ...noted(measured),
    };
  } finally {
    await stack.stop();
  }
}

const BURST = 1_000;

/** A thousand events for as many contacts at once; from the first request until the provider has the last message. */
function burst({ path, size }) {
  return async function run() {
    const warm = 200;
    const stack = await withPeople({ warm, count: BURST, connections: 32 });
    const { load, provider } = stack;
    try {
      await load.call("prepare", { kind: "triggers", path, name: "run", event: EVENT, count: BURST, size });
      const measured = await measure(stack, async () => {
        const { started } = await load.call("drive");
        await untilAccepted(provider, warm + BURST);
        return started;
      });
      const received = await receivedTimes(provider, warm, BURST);
      const last = Math.max(...received.values());
      return {
        value: BURST / ((last - measured.result) / 1_000),
        cpu: (measured.cpu / BURST) * 1_000,
        ...noted(measured),
      };
    } finally {
      await stack.stop();
    }
  };
}

export const runBurst = burst({ path: "/v1/track", size: 1 });
export const runBurstInBatches = burst({ path: "/v1/batch", size: 100 });
