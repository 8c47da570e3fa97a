import { existsSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyMigrations, startWorker } from "../../scripts/lib/worker.mjs";
import { unaccounted } from "./account";
import { preparedState, readPrepared } from "./prepared";

/** The keys of .dev.vars.example, which the server of a test is started with. */
export const keys = { write: "wk_local", secret: "sk_local", admin: "ak_local" } as const;

export interface ServerOptions {
  /** State of an earlier server, which `stop` leaves in place. Without it, a new folder that `stop` removes. */
  statePath?: string;
  /** 0, the default, takes a free port. */
  port?: number;
  /** Variables over those of wrangler.toml and .dev.vars.example. */
  vars?: Record<string, string>;
  /** Where the local clock begins, ISO 8601; now without it. A restart leaves it where it is. */
  at?: string;
  /** Milliseconds between two local ticks; 0 for none. The default is a second, as in `npm start`. */
  tick?: number;
  /** Takes every line that the Worker logs. */
  said?: (line: string) => void;
  /** Answers everything that the Worker fetches from the network. */
  outbound?: (request: Request) => Response | Promise<Response>;
}

export interface Server extends Awaited<ReturnType<typeof open>> {
  /** Ends workerd like a power cut if it runs, and starts a new one on the same state and port. */
  restart(changes?: Pick<ServerOptions, "vars" | "tick" | "outbound">): Promise<Server>;
}

/** Starts the product with its database migrated, and resolves when /health is 200. */
export async function startServer({ at, ...options }: ServerOptions = {}): Promise<Server> {
  const owned = options.statePath === undefined;
  const statePath = options.statePath ?? (await mkdtemp(join(tmpdir(), "relance-state-")));
  const server = await serve({ ...options, statePath }, owned);
  if (at !== undefined) await server.moveClock({ set: at });
  return server;
}

type Located = Omit<ServerOptions, "at"> & { statePath: string };

/** @param owned whether the state is this server's own, to be removed when it stops */
async function serve(options: Located, owned: boolean): Promise<Server> {
  const server = await open(options, owned);
  const restart: Server["restart"] = async (changes = {}) => {
    await server.kill();
    return serve({ ...options, ...changes, port: server.port }, owned);
  };
  return { ...server, restart };
}

async function open(options: Located, owned: boolean) {
  const { statePath } = options;
  const removeState = async () => {
    if (owned) await rm(statePath, { recursive: true, force: true });
  };
  // What `npm start` does where a database is there already; a new one is a copy of the one that was migrated for all.
  if (existsSync(join(statePath, "v3"))) await applyMigrations(statePath);
  else await cp(preparedState(), statePath, { recursive: true });
  const worker = await startWorker({ ...options, ...readPrepared(), envFile: ".dev.vars.example" });
  try {
    await until(async () => (await fetch(`${worker.url}/health`)).ok, { what: "GET /health to be 200" });
  } catch (error) {
    await worker.stop();
    await removeState();
    throw error;
  }

  const rows = async <Row = Record<string, unknown>>(sql: string, ...values: unknown[]): Promise<Row[]> => {
    const db = await worker.mf.getD1Database("DB");
    return (
      await db
        .prepare(sql)
        .bind(...values)
        .all<Row>()
    ).results;
  };
  const api = (path: string, init: ApiInit = {}) => request(worker.url + path, `Bearer ${keys.admin}`, init);
  return {
    url: worker.url,
    port: worker.port,
    statePath,
    /** Miniflare itself, for what no request can reach: `mf.getD1Database("DB")`. */
    mf: worker.mf,
    /** workerd's process id. */
    pid: worker.pid,
    /** Calls the Worker's cron handler under this name. */
    scheduled: worker.scheduled,
    /** A request to the admin API with the admin key; `json` is sent as the body. */
    api,
    post: (path: string, json: unknown = {}) => api(path, { method: "POST", json }),
    put: (path: string, json: unknown) => api(path, { method: "PUT", json }),
    /** Moves the local clock: `{ set }` to a time, `{ advance }` by a duration, `{ scale }` its speed. */
    moveClock: (by: object) => api("/dev/clock", { method: "POST", json: by }),
    /** Rows of the product's database. */
    rows,
    /** Events with the secret key, as a shop's server sends them: `track`, `identify`, `batch` … */
    send: (type: string, body: unknown) =>
      request(`${worker.url}/v1/${type}`, `Basic ${btoa(`${keys.secret}:`)}`, { method: "POST", json: body }),
    /**
     * Ends the server; removes the state unless it was given. Fails where a message is not accounted for, whatever the tests
     * of it had looked at.
     */
    stop: async () => {
      let faults: string[];
      try {
        faults = await unaccounted(rows);
      } finally {
        await worker.stop();
        await removeState();
      }
      if (faults.length > 0) throw new Error(`messages are not accounted for:\n${faults.join("\n")}`);
    },
    /** Ends workerd like a power cut, in the middle of what it does, and leaves the state as it is. */
    kill: worker.kill,
  };
}

export interface ApiInit extends RequestInit {
  json?: unknown;
}

/** Any answer with its body read; `json` is undefined where the body is none. */
export interface ApiAnswer {
  status: number;
  headers: Headers;
  text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test says what it expects by looking at it
  json: any;
}

async function request(url: string, authorization: string, { json, ...init }: ApiInit): Promise<ApiAnswer> {
  const headers = new Headers(init.headers);
  if (!headers.has("authorization")) headers.set("authorization", authorization);
  if (json !== undefined) headers.set("content-type", "application/json");
  const answer = await fetch(url, { ...init, headers, ...(json === undefined ? {} : { body: JSON.stringify(json) }) });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Asks again and again until the answer is truthy, and resolves with it; a test that waits for
 * something never waits a fixed time. Fails with `what` after `timeout` milliseconds.
 */
export async function until<T>(
  ask: () => T | Promise<T>,
  { what, timeout = 90_000, every = 50 }: { what: string; timeout?: number; every?: number },
): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeout;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`waited ${timeout} ms for ${what}; last: ${String(last)}`);
    await new Promise((done) => setTimeout(done, every));
  }
}
