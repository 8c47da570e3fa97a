import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const entry = fileURLToPath(new URL("../shard-entry.ts", import.meta.url));
const WARM = 200;

/** What a shard does for one contact with 10 runs and 50 timers that are all due, in plain Node over SQLite. */
export async function runShard() {
  // Beside the sources: what the bundle leaves to Node is found from there.
  const outfile = join(fileURLToPath(new URL("..", import.meta.url)), `.shard-${process.pid}-${Date.now()}.mjs`);
  await build({ entryPoints: [entry], bundle: true, format: "esm", platform: "node", target: "node22", outfile });
  try {
    const { handle, bare, SIZE } = await import(pathToFileURL(outfile).href);
    const half = SIZE.contacts / 2;
    for (let contact = 1; contact <= WARM; contact++) {
      if (handle(contact) !== SIZE.decisions) throw new Error("not everything that was due was decided");
      bare(half + contact);
    }
    const ms = perCall(WARM + 1, half, handle);
    const floor = perCall(half + WARM + 1, SIZE.contacts, bare);
    const memory = { sum: process.memoryUsage().rss / 2 ** 20 };
    return { value: 1_000 / ms, ms, floor, times: ms / floor, cpu: ms, memory, others: 0 };
  } finally {
    rmSync(outfile, { force: true });
  }
}

function perCall(from, to, call) {
  const before = process.cpuUsage();
  for (let contact = from; contact <= to; contact++) call(contact);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / (to - from + 1);
}
