// The process that `npm start` would be: Miniflare and the Worker, and nothing of the benchmark but these calls.
import { readFileSync } from "node:fs";
import { applyMigrations, bundleWorker, startWorker } from "../../scripts/lib/worker.mjs";
import { answerCalls } from "./child.mjs";

let worker;

async function ledger() {
  const namespace = await worker.mf.getDurableObjectNamespace("LEDGER");
  return namespace.get(namespace.idFromName("ledger-0"));
}

async function query(sql, ...values) {
  const db = await worker.mf.getD1Database("DB");
  return (
    await db
      .prepare(sql)
      .bind(...values)
      .all()
  ).results;
}

/** The module at `bare` instead of the product, or `entry` instead of src/index.ts. */
async function codeOf({ bare, entry }) {
  if (bare !== undefined) return readFileSync(bare, "utf8");
  return (await bundleWorker({ local: true, entry })).code;
}

const methods = {
  async start({ statePath, vars, bare, entry, inspected }) {
    if (bare === undefined) await applyMigrations(statePath);
    // A bare Worker has no crons, and a tick that fails would be printed.
    const tick = bare === undefined ? 1_000 : 0;
    const code = await codeOf({ bare, entry });
    const inspector = inspected ? { inspectorPort: 0 } : {};
    worker = await startWorker({ statePath, vars, code, tick, envFile: ".dev.vars.example", ...inspector });
    const told = { url: worker.url, port: worker.port, pid: worker.pid() };
    return inspected ? { ...told, inspector: String(await worker.mf.getInspectorURL()) } : told;
  },
  query,
  /** Makes the ledger read scenarios and switches anew. */
  refresh: async () => (await ledger()).refresh(),
  /** Resolves when all that was accepted is applied and every shard knows of it. */
  settled: async () => (await ledger()).settled(),
  stop: () => worker?.stop(),
};

answerCalls(methods, () => worker?.stop());
