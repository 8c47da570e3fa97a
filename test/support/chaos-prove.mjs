// `npm run prove`: see scripts/prove.mjs.
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { runChaos, table } from "./chaos.mjs";

const option = (value) => ({ type: "string", default: String(value) });
const { values } = parseArgs({
  options: { kills: option(10), each: option(2), seeds: option(1_000), fortnights: option(10_000), seed: option(1) },
});
const number = (name) => Number(values[name]);
const started = Date.now();
const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;

const [seeds, fortnights] = [number("seeds"), number("fortnights")];
if (fortnights > 0) console.log(`Made scenarios over 16 days: ${fortnights} seeds of mishaps in virtual time`);
let simulated = fortnights === 0 || (await simulate(["test/sim/fortnight.test.ts"], fortnights));
if (fortnights > 0) console.log(`  ${seconds()}`);
if (seeds > 0) console.log(`A busy day, and people's histories: ${seeds} seeds`);
const others = ["test/sim/simulation.test.ts", "test/sim/histories.test.ts"];
simulated = (seeds === 0 || (await simulate(others, seeds))) && simulated;

const tell = (line) => console.log(`  ${seconds().padStart(6)}  ${line}`);
const [random, atEach, seed] = [number("kills"), number("each"), number("seed")];
console.log(`\nThe product on disk: ${random} kills at random, ${atEach} at each kill point`);
const result = await runChaos({ random, atEach, seed, tell });
console.log(`\n${table(result)}\n`);
if (!result.good) console.log("What the product said:", Object.fromEntries(result.said));

console.log("The control: the same with a provider that forgets its idempotency keys");
const control = await runChaos({ random: 0, atEach: 3, points: ["after-provider"], forgetful: true, seed, tell });
console.log(`  ${control.doubled} messages doubled; none would mean that this proves nothing\n`);

const good = simulated && result.good && control.doubled > 0;
console.log(good ? `Nothing lost, nothing doubled; ${seconds()}.` : `A promise was broken; ${seconds()}.`);
process.exit(good ? 0 : 1);

/** Two halves at once, each in a process of its own. */
async function simulate(files, all) {
  const half = Math.ceil(all / 2);
  const codes = await Promise.all([vitest(files, 1, half), vitest(files, half + 1, all - half)]);
  return codes.every((code) => code === 0);
}

function vitest(files, first, count) {
  const args = ["node_modules/vitest/vitest.mjs", "run", "--project", "unit", ...files, "-t", "no promise is broken"];
  const env = { ...process.env, RELANCE_FIRST_SEED: String(first), RELANCE_SEEDS: String(count) };
  const child = spawn(process.execPath, args, { env, stdio: "inherit" });
  return new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
}
