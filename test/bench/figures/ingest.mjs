import { abandonedCart, activate } from "../scenarios.mjs";
import { measure, startStack, verifyStored } from "../stack.mjs";

const USERS = 100_000;
const WARM_UP = 2_000;

/**
 * Events of 100,000 users whom nobody has met before, on 32 connections, while an abandoned-cart scenario is live:
 * from the first request until the last event is in the database and its contact's shard knows of it.
 */
function ingest({ kind, path, size, events, seed }) {
  return async function run(index) {
    const stack = await startStack();
    const { host, load } = stack;
    try {
      await activate(host, abandonedCart());
      const users = { path, size, users: USERS };
      await load.call("prepare", { ...users, kind, name: "warm", count: WARM_UP, seed: 1 });
      await load.call("drive");
      await host.call("settled");
      await load.call("prepare", { ...users, kind, name: "run", count: events, seed: seed + index });
      const measured = await measure(stack, async () => {
        const driven = await load.call("drive");
        await host.call("settled");
        return driven;
      });
      await verifyStored(host, WARM_UP + events);
      return {
        value: events / measured.seconds,
        cpu: (measured.cpu / events) * 1_000,
        hostCpu: (measured.hostCpu / events) * 1_000,
        ...noted(measured),
      };
    } finally {
      await stack.stop();
    }
  };
}

export function noted({ others, peaks }) {
  return { others, memory: peaks };
}

export const runSingles = ingest({ kind: "singles", path: "/v1/track", size: 1, events: 20_000, seed: 10 });
export const runBatches = ingest({ kind: "batches", path: "/v1/batch", size: 100, events: 200_000, seed: 20 });
