// `npm run prove -- rehearsals`: see scripts/prove.mjs.
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";

const option = (value) => ({ type: "string", default: String(value) });
const { values } = parseArgs({
  options: { worlds: option(4), days: option(30), people: option(8), slices: option(60), seed: option(1) },
});
const seed = Number(values.seed);

console.log(`Scenarios at random: ${values.slices} worlds of 3 days, ${values.worlds} of ${values.days} days`);
const [slices, months] = await Promise.all([
  worlds({ SEEDS: values.slices, DAYS: 3, FIRST_SEED: seed }),
  worlds({ SEEDS: values.worlds, DAYS: values.days, PEOPLE: values.people, FIRST_SEED: seed + 10_000 }),
]);
process.exit(slices || months);

/** Some worlds, in a process of their own. */
function worlds(settings) {
  const env = Object.fromEntries(Object.entries(settings).map(([name, value]) => [`RELANCE_${name}`, String(value)]));
  const args = ["node_modules/vitest/vitest.mjs", "run", "--project", "unit", "test/sim/rehearsals.test.ts"];
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: "inherit" });
  return new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
}
