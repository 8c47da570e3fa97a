import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const entry = fileURLToPath(new URL("../advance-entry.ts", import.meta.url));
const TIMES = 50_000;

/** One advance of a run through twenty blocks, in plain Node: no database, no object, no clock. */
export async function runAdvance() {
  const outfile = join(tmpdir(), `relance-advance-${process.pid}-${Date.now()}.mjs`);
  await build({ entryPoints: [entry], bundle: true, format: "esm", platform: "node", target: "node22", outfile });
  try {
    const { once } = await import(pathToFileURL(outfile).href);
    if (once() !== 19) throw new Error("the run did not come through its blocks");
    for (let index = 0; index < TIMES / 5; index++) once();
    const before = process.cpuUsage();
    for (let index = 0; index < TIMES; index++) once();
    const { user, system } = process.cpuUsage(before);
    const micros = (user + system) / TIMES;
    return {
      value: 1e6 / micros,
      micros,
      cpu: micros / 1_000,
      memory: { sum: process.memoryUsage().rss / 2 ** 20 },
      others: 0,
    };
  } finally {
    rmSync(outfile, { force: true });
  }
}
