import { cpus, loadavg } from "node:os";
import { FIGURES, MEMORY } from "./figures.mjs";
import { spread } from "./statistics.mjs";

/** Cores taken by other processes from which on a run is marked. */
const NOISY = 0.2;

function digits(value) {
  if (value >= 1_000) return Math.round(value).toLocaleString("en");
  return value.toFixed(value >= 100 ? 0 : value >= 1 ? 1 : 3);
}

function verdict(target, median) {
  if (!target) return "";
  return `${target.words.padEnd(10)} ${target.meets(median) ? "met" : "MISSED"}`;
}

function line(label, { median, min, max }, unit, end = "") {
  const middle = digits(median).padStart(9);
  const range = `(${digits(min)} – ${digits(max)})`.padEnd(20);
  return `  ${label.padEnd(2)}${middle} ${unit.padEnd(24)} ${range} ${end}`.trimEnd();
}

function printFigure(name, runs, results) {
  const { title, values, ceiling } = FIGURES[name];
  const noisy = runs.filter(({ others }) => others > NOISY).length;
  console.log(`\n${title}  [${name}, ${runs.length} runs]`);
  for (const { field, unit, target } of values) {
    const over = spread(runs, (run) => run[field]);
    if (over) console.log(line("", over, unit, verdict(target, over.median)));
  }
  const bare = ceiling && results[ceiling] && spread(results[ceiling], ({ value }) => value);
  const reached = spread(runs, ({ value }) => value);
  if (bare && reached) {
    const share = `${Math.round((reached.median / bare.median) * 100)} % of it`;
    console.log(line("", bare, `ceiling (${ceiling})`, share));
  }
  const memory = spread(runs, (run) => run.memory.sum);
  console.log(line("", memory, "MB workerd + host, peak"));
  if (noisy > 0) console.log(`  ${noisy} of the runs shared the machine with more than ${NOISY} cores of other work.`);
}

function printMemory(results) {
  const runs = Object.entries(results).flatMap(([name, list]) => (name.startsWith("bare") ? [] : list));
  if (runs.length === 0) return;
  console.log(`\n${MEMORY.title}  [peak over ${runs.length} runs]`);
  for (const process of ["sum", "workerd", "host"]) {
    const over = spread(runs, ({ memory }) => memory[process]);
    const end = process === "sum" ? verdict(MEMORY.target, over.max) : "";
    // A figure of plain Node has no workerd beside it.
    if (over) console.log(line("", { ...over, median: over.max }, `MB ${process}`, end));
  }
}

/** Prints what came of the runs: `results` holds the list of runs by the figure's name. */
export function report(results) {
  console.log(`\nnode ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown CPU"}`);
  for (const [name, runs] of Object.entries(results)) if (runs.length > 0) printFigure(name, runs, results);
  printMemory(results);
}

/** The same for machines to read. */
export function asJson(results) {
  const figures = Object.entries(results).map(([name, runs]) => {
    const { title, values } = FIGURES[name];
    const told = values.map(({ field, unit, target }) => ({
      field,
      unit,
      target: target?.words ?? null,
      ...spread(runs, (run) => run[field]),
    }));
    return [name, { title, values: told, runs }];
  });
  const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model, load: loadavg() };
  return { at: new Date().toISOString(), machine, figures: Object.fromEntries(figures) };
}
