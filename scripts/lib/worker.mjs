// Runs the Worker on this machine: Miniflare as a library, with workerd listening on the port itself.
// That serves several times the requests of `wrangler dev`, and is what `npm start`, the stories and
// the benchmarks all use. wrangler.toml stays the only description of the Worker.
import { fork } from "node:child_process";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { collectGarbage } from "./lean.mjs";
import { assertFree, freePort, portTaken } from "./port.mjs";
import { openTether } from "./tether.mjs";

export { PortTaken } from "./port.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

// V8 lets what is short-lived grow to dozens of megabytes for each of workerd's isolates before it looks for garbage.
process.env.MINIFLARE_WORKERD_V8_FLAGS ??= "--max-semi-space-size=4";

/** Where `npm start` keeps its state, and what `wrangler --persist-to` is given for the same state. */
export const defaultStatePath = join(root, ".wrangler", "state");

const plans = new Map();

/**
 * The Worker's options and the migrations, once for each env file. To work them out takes a second: as JSON they can be
 * handed to a process that starts the same Worker.
 *
 * @param {string} envFile as for `startWorker`
 */
export function planFor(envFile) {
  if (!plans.has(envFile)) plans.set(envFile, ask({ options: { envFile }, migrations: {} }));
  return plans.get(envFile);
}

/** Answers of toolchain.mjs by question. */
function ask(questions) {
  const env = { ...process.env, WRANGLER_LOG: process.env.WRANGLER_LOG ?? "warn" };
  const child = fork(fileURLToPath(new URL("toolchain.mjs", import.meta.url)), [], { execArgv: [], env });
  return new Promise((done, fail) => {
    child.once("message", (answer) => {
      child.disconnect();
      const { result, error } = /** @type {{ result?: any, error?: string }} */ (answer);
      if (error === undefined) done(result);
      else fail(new Error(error));
    });
    child.once("error", fail);
    child.once("exit", (code) => fail(new Error(`The bundler ended with ${code}.`)));
    child.send(questions);
  });
}

/**
 * Bundles src/index.ts the way wrangler does.
 *
 * @param {{local: boolean, entry?: string, outfile?: string, minify?: boolean}} options `local` is the
 *   value of the constant `__LOCAL__`: false leaves out everything that exists on a developer's machine
 *   only; `entry` is a module that wraps src/index.ts
 * @returns {Promise<{code: string, inputs: string[]}>} the module, and the paths of the files in it
 */
export async function bundleWorker(options) {
  return (await ask({ bundle: options })).bundle;
}

/**
 * Brings the database under a state folder up to date with migrations/*.sql, with the bookkeeping
 * table that `wrangler d1 migrations` uses, so that either can follow the other. It runs without the
 * Worker: an object's alarm may fire as soon as the Worker is up, and must find the tables it knows.
 *
 * @param {string} statePath
 * @param {string} [envFile] as for `startWorker`
 * @returns {Promise<string[]>} the names of the migrations that were applied now
 */
export async function applyMigrations(statePath = defaultStatePath, envFile = ".dev.vars.example") {
  const { options, migrations } = await planFor(envFile);
  const runtime = await launch(statePath, {
    compatibilityDate: options.compatibilityDate,
    modules: true,
    script: "export default {}",
    d1Databases: options.d1Databases,
  });
  try {
    const db = await runtime.mf.getD1Database("DB");
    await db
      .prepare(
        "CREATE TABLE IF NOT EXISTS d1_migrations(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, " +
          "applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)",
      )
      .run();
    const done = new Set((await db.prepare("SELECT name FROM d1_migrations").raw()).flat());
    const pending = migrations.filter(({ name }) => !done.has(name));
    for (const { name, statements } of pending) {
      // A batch is a transaction: a migration is applied as a whole and noted, or not at all.
      await db.batch([
        ...statements.map((sql) => db.prepare(sql)),
        db.prepare("INSERT INTO d1_migrations (name) VALUES (?1)").bind(name),
      ]);
    }
    return pending.map(({ name }) => name);
  } finally {
    await runtime.end();
  }
}

/**
 * Starts the Worker. The database must have its tables: call `applyMigrations` first.
 *
 * @param {object} [options]
 * @param {number} [options.port] 0 takes a free one
 * @param {string} [options.host] the address to listen on
 * @param {string} [options.statePath] databases and objects live under `{statePath}/v3`
 * @param {string} [options.envFile] variables and secrets, over those of wrangler.toml
 * @param {Record<string, string>} [options.vars] over both
 * @param {number} [options.tick] milliseconds between two calls of `scheduled("local-tick")`; 0 for none
 * @param {boolean} [options.local] the value of `__LOCAL__`
 * @param {string} [options.code] a bundle made before, to spare making it again
 * @param {object} [options.plan] what `planFor` said of the env file before, to spare asking again
 * @param {(input: Request) => Promise<Response> | Response} [options.outbound] takes what the Worker fetches
 * @param {number} [options.inspectorPort] where workerd's inspector listens, 0 for a free port; left out, it does not
 * @param {(line: string) => void} [options.said] takes what the Worker logs, in place of this process' own output
 */
export async function startWorker({
  port = 0,
  host = "127.0.0.1",
  statePath = defaultStatePath,
  envFile = ".dev.vars",
  vars = {},
  tick = 1000,
  local = true,
  code,
  plan,
  outbound,
  inspectorPort,
  said,
} = {}) {
  const taken = port === 0 ? await freePort(host) : await assertFree(port, host);
  const url = `http://localhost:${taken}`;
  const [bundle, { options }] = await Promise.all([code ?? codeOf(local), plan ?? planFor(envFile)]);
  /** @type {Record<string, string>} */
  const bindings = Object.assign({}, options.bindings, vars);
  if (!bindings.PUBLIC_URL) bindings.PUBLIC_URL = url;
  const runtime = await launch(statePath, {
    ...options,
    bindings,
    modules: [{ type: "ESModule", path: "index.mjs", contents: bundle }],
    unsafeDirectSockets: [{ host, port: taken }],
    ...(outbound ? { outboundService: outbound } : {}),
    ...(inspectorPort === undefined ? {} : { inspectorPort }),
    ...(said ? { handleStructuredLogs: ({ message }) => said(message) } : {}),
  }).catch((error) => {
    throw /address already in use/i.test(String(error)) ? portTaken(taken) : error;
  });
  collectGarbage();
  const { mf, pid } = runtime;
  const ticks = tick > 0 ? startTicking(mf, tick) : undefined;

  let ended;
  const end = async (last) => {
    ticks?.cancel();
    await last;
    await runtime.end();
  };
  const cut = () => {
    const done = end();
    // Miniflare tidies up before it ends workerd, and workerd would go on working meanwhile.
    const id = pid();
    try {
      if (id) process.kill(id, "SIGKILL");
    } catch (error) {
      // ESRCH: it has crashed by itself.
      if (error.code !== "ESRCH") throw error;
    }
    return done;
  };

  return {
    url,
    port: taken,
    mf,
    statePath,
    /** The process id of workerd, where the platform allows to know it. */
    pid,
    /** Calls the Worker's cron handler under a cron's name; resolves when it has finished. */
    scheduled: async (cron) => (await mf.getWorker()).scheduled({ cron }),
    /** Ends workerd once a running tick has finished, or half a second later. */
    stop: () => (ended ??= end(ticks?.settled())),
    /** Ends workerd in the middle of what it does, as a power cut would. */
    kill: () => (ended ??= cut()),
  };
}

async function codeOf(local) {
  return (await bundleWorker({ local })).code;
}

/** Starts workerd with its life tied to this process; resolves when it listens. */
async function launch(statePath, options) {
  const tether = openTether();
  const mf = new Miniflare(
    convertV4MiniflareOptions({
      ...options,
      host: "127.0.0.1",
      port: 0,
      resourcePersistencePath: join(resolve(statePath), "v3"),
      logRequests: false,
      log: new Log(LogLevel.WARN),
      // Otherwise the place of this machine is asked of a server at every start.
      cf: false,
      unsafeRuntimeEnv: tether?.env,
    }),
  );
  const end = async () => {
    await mf.dispose();
    tether?.release();
  };
  try {
    await mf.ready;
  } catch (error) {
    await end();
    throw error;
  }
  return { mf, pid: () => tether?.pid(), end };
}

/** One call at a time: a slow tick delays the next one instead of running beside it. */
function startTicking(mf, every) {
  let cancelled = false;
  let running = Promise.resolve();
  let timer;
  const tick = async () => {
    try {
      const { outcome } = await (await mf.getWorker()).scheduled({ cron: "local-tick" });
      if (outcome !== "ok") console.error(`The Worker's cron "local-tick" ended with: ${outcome}`);
    } catch (error) {
      if (!cancelled) console.error("The Worker's cron could not be called:", error);
    }
    schedule();
  };
  const schedule = () => {
    if (cancelled) return;
    timer = setTimeout(() => {
      running = tick();
    }, every);
  };
  schedule();
  return {
    cancel: () => {
      cancelled = true;
      clearTimeout(timer);
    },
    settled: () => Promise.race([running, sleep(500, undefined, { ref: false })]),
  };
}
