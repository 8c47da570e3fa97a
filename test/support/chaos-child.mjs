// The product in a process of its own, to be killed with everything that it started. See chaos-host.mjs.
import { readFileSync } from "node:fs";
import { applyMigrations, startWorker } from "../../scripts/lib/worker.mjs";

let worker;

async function shards() {
  const [namespace, db] = [await worker.mf.getDurableObjectNamespace("SHARDS"), await worker.mf.getD1Database("DB")];
  const row = await db.prepare("SELECT value FROM settings WHERE key = 'contact_shards'").first();
  const names = Array.from({ length: Number(row?.value ?? 16) }, (_, index) => `shard-${index}`);
  return names.map((name) => namespace.get(namespace.idFromName(name)));
}

const methods = {
  migrate: ({ statePath }) => applyMigrations(statePath),
  async start({ code, plan, ...options }) {
    const told = { code: readFileSync(code, "utf8"), plan: JSON.parse(readFileSync(plan, "utf8")) };
    // No tick: the sweeps come when the test says so.
    worker = await startWorker({ ...options, ...told, tick: 0, envFile: ".dev.vars.example" });
    return worker.url;
  },
  async query(sql, values = []) {
    const db = await worker.mf.getD1Database("DB");
    return (
      await db
        .prepare(sql)
        .bind(...values)
        .all()
    ).results;
  },
  sweep: () => worker.scheduled("*/5 * * * *").then(({ outcome }) => outcome),
  /** What the shards still owe or wait for. */
  async shards() {
    return Promise.all((await shards()).map(async (shard) => JSON.parse(JSON.stringify(await shard.status()))));
  },
  stop: () => worker?.stop(),
};

process.on("message", async ({ id, method, args }) => {
  try {
    process.send({ id, result: await methods[method](...args) });
  } catch (error) {
    process.send({ id, error: String(error?.stack ?? error) });
  }
});
process.once("disconnect", () => process.exit(0));
