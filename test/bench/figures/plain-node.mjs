import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

/**
 * What a call costs in plain Node: no database, no object, no clock. `entry` (beside this folder) exports `once`, whose
 * first answer `check` refuses by throwing.
 */
export async function runPlain(entry, times, check) {
  const outfile = join(tmpdir(), `relance-bench-${process.pid}-${Date.now()}.mjs`);
  const entryPoints = [fileURLToPath(new URL(`../${entry}`, import.meta.url))];
  // Some packages are CommonJS and ask for modules of Node.
  const banner = { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' };
  await build({ entryPoints, bundle: true, format: "esm", platform: "node", target: "node22", outfile, banner });
  try {
    const { once } = await import(pathToFileURL(outfile).href);
    check(once());
    for (let index = 0; index < times / 5; index++) once();
    const before = process.cpuUsage();
    for (let index = 0; index < times; index++) once();
    const { user, system } = process.cpuUsage(before);
    const micros = (user + system) / times;
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
