// Puts what prepare.ts promises into a folder. In a process of its own: what starts workerd changes its environment, and
// the process of vitest starts others.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { applyMigrations, bundleWorker, planFor } from "../../scripts/lib/worker.mjs";

const [folder = ""] = process.argv.slice(2);
const [{ code }, plan] = await Promise.all([
  bundleWorker({ local: true }),
  planFor(".dev.vars.example"),
  applyMigrations(join(folder, "state")),
]);
writeFileSync(join(folder, "worker.mjs"), code);
writeFileSync(join(folder, "plan.json"), JSON.stringify(plan));
