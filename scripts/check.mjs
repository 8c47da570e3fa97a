// `npm run check`: what can be said of the code without running the product. Every step runs even
// where an earlier one failed, so that one run shows all there is to mend.
import { spawn } from "node:child_process";
import { buildSnippet, main, nodeBinary, root, setup } from "./setup.mjs";

const tsc = "node_modules/typescript/bin/tsc";
const steps = [
  ["format and lint (biome)", "node_modules/@biomejs/biome/bin/biome", ["check", "--error-on-warnings"]],
  ["lint with types (oxlint)", "node_modules/oxlint/bin/oxlint", ["--type-aware", "--deny-warnings"]],
  ["types of src", tsc, []],
  ["types of the browser snippet", tsc, ["-p", "src/storefront/snippet"]],
  ["types of the demo shop's pages", tsc, ["-p", "src/local/demo/client"]],
  ["types of the console's script", tsc, ["-p", "src/console/client"]],
  ["types of test", tsc, ["-p", "test"]],
  ["types of scripts", tsc, ["-p", "scripts"]],
  [
    "rules of the house, and of links (D18)",
    "node_modules/vitest/vitest.mjs",
    ["run", "--project", "unit", "test/architecture.test.ts", "test/unit/tracking/addresses.test.ts"],
  ],
  ["unused code (knip)", "node_modules/knip/bin/knip.js", []],
];

await main(async () => {
  await setup();
  await buildSnippet();
  const started = Date.now();
  // Two at a time: half of the steps are quick and wait for the disk.
  const queue = [...steps];
  const failed = [];
  const work = async () => {
    for (let step = queue.shift(); step; step = queue.shift()) {
      if (!(await runStep(...step))) failed.push(step[0]);
    }
  };
  await Promise.all([work(), work()]);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(failed.length ? `check: failed in ${seconds} s: ${failed.join("; ")}` : `check: good in ${seconds} s`);
  return failed.length ? 1 : 0;
});

/** Prints a step's own words only where it fails. */
function runStep(name, script, args) {
  return new Promise((resolve) => {
    const started = Date.now();
    const output = [];
    const child = spawn(nodeBinary(), [script, ...args], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => output.push(chunk));
    child.once("close", (code) => {
      const good = code === 0;
      console.log(`${good ? "✓" : "✗"} ${name} ${((Date.now() - started) / 1000).toFixed(1)} s`);
      if (!good) process.stdout.write(Buffer.concat(output));
      resolve(good);
    });
  });
}
