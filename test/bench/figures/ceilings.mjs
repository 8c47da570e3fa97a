import { fileURLToPath } from "node:url";
import { measure, startStack } from "../stack.mjs";
import { noted } from "./ingest.mjs";

const bare = fileURLToPath(new URL("../bare-worker.mjs", import.meta.url));

/** The same requests to a Worker that does one thing for each and looks at nothing. */
function ceiling({ kind, path, size, events }) {
  return async function run() {
    const stack = await startStack({ bare });
    const { load } = stack;
    try {
      const shape = { kind, size, users: 100_000, seed: 1, name: "bare" };
      await load.call("prepare", { ...shape, kind: "singles", path: "/tables", count: 1 });
      await load.call("drive");
      await load.call("prepare", { ...shape, path, count: events });
      await load.call("drive", Math.ceil(events / size / 10));
      const measured = await measure(stack, () => load.call("drive"));
      const driven = measured.result.requests * size;
      return { value: driven / measured.seconds, cpu: (measured.cpu / driven) * 1_000, ...noted(measured) };
    } finally {
      await stack.stop();
    }
  };
}

export const bareInsert = ceiling({ kind: "singles", path: "/insert", size: 1, events: 8_000 });
export const bareInsertOfBatch = ceiling({ kind: "batches", path: "/insert", size: 100, events: 200_000 });
export const bareObject = ceiling({ kind: "singles", path: "/object", size: 1, events: 8_000 });
