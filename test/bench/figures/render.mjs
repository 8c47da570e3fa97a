import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const entry = fileURLToPath(new URL("../render-entry.ts", import.meta.url));
const TIMES = 10_000;

/** Letters of the library rendered one after the other, in plain Node: published before, parsed once. */
export async function runRender() {
  const outfile = join(tmpdir(), `relance-render-${process.pid}-${Date.now()}.mjs`);
  await build({ entryPoints: [entry], bundle: true, format: "esm", platform: "node", target: "node22", outfile });
  try {
    const { once } = await import(pathToFileURL(outfile).href);
    if (once() < 5_000) throw new Error("the letter is not whole");
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
