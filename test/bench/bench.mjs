import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { FIGURES } from "./figures.mjs";
import { quietMachine } from "./proc.mjs";
import { asJson, report } from "./report.mjs";

const USAGE = `npm run bench -- [options]
  --runs N       runs of each figure, 3 by default; medians are printed
  --only a,b     of ${Object.keys(FIGURES).join(", ")}
  --patience N   seconds to wait for a quiet machine before each run, 60 by default
  --json FILE    writes every run to a file`;

const text = { type: "string" };
const { values } = parseArgs({
  options: { runs: text, only: text, patience: text, json: text, help: { type: "boolean" } },
});

if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const names = values.only?.split(",") ?? Object.keys(FIGURES);
const unknown = names.filter((name) => !Object.hasOwn(FIGURES, name));
if (unknown.length > 0) {
  console.error(`There is no figure ${unknown.join(", ")}.\n${USAGE}`);
  process.exit(1);
}

const results = Object.fromEntries(names.map((name) => [name, []]));
// One run of each after the other, so that a slow spell of the machine spoils a run of several figures rather than
// every run of one.
for (let index = 0; index < Number(values.runs ?? 3); index++) {
  for (const name of names) {
    await quietMachine(Number(values.patience ?? 60));
    const run = await FIGURES[name].run(index);
    results[name].push(run);
    console.log(`${name}: ${summary(run)}`);
  }
}
report(results);
if (values.json) writeFileSync(values.json, `${JSON.stringify(asJson(results), null, 2)}\n`);

function summary({ value, p50, p95, cpu, memory, others }) {
  const parts = [
    value === undefined ? `p50 ${p50.toFixed(1)} p95 ${p95.toFixed(1)} ms` : `${Math.round(value)}/s`,
    `${cpu.toFixed(3)} CPU-s per 1,000`,
    `${Math.round(memory.sum)} MB`,
    `others ${others.toFixed(2)} cores`,
  ];
  return parts.join(", ");
}
