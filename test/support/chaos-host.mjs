import { fork } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleWorker, planFor } from "../../scripts/lib/worker.mjs";

const API_KEY = "re_chaos";
const beside = (file) => fileURLToPath(new URL(file, import.meta.url));

/** One life of the product: a process group, and calls to the process that leads it. */
class Life {
  #child;
  #waiting = new Map();
  #next = 0;
  #lines = [];
  ended;

  constructor(temporary, log) {
    // A group of its own, so that one signal ends node, workerd and its guard in the same instant.
    const env = { ...process.env, TMPDIR: temporary };
    this.#child = fork(beside("./chaos-child.mjs"), [], {
      detached: true,
      env,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.on("message", ({ id, error, result }) => {
      const { resolve, reject } = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) resolve(result);
      else reject(new Error(error));
    });
    let trouble = "";
    this.#child.stderr.on("data", (chunk) => {
      trouble = (trouble + chunk).slice(-2_000);
    });
    this.#child.once("exit", (code, signal) => {
      const error = new Error(`the product ended (${signal ?? code}) ${trouble}`);
      for (const { reject } of this.#waiting.values()) reject(error);
      for (const { resolve } of this.#lines.splice(0)) resolve(false);
    });
    this.#child.stdout.on("data", (chunk) => {
      for (const line of String(chunk).split("\n")) if (line !== "") this.#hear(line, log);
    });
  }

  #hear(line, log) {
    log(line);
    for (const waiting of [...this.#lines]) {
      if (!line.includes(waiting.text)) continue;
      this.#lines.splice(this.#lines.indexOf(waiting), 1);
      waiting.resolve(true);
    }
  }

  call(method, ...args) {
    return new Promise((resolve, reject) => {
      if (!this.#child.connected) return reject(new Error("the product does not run"));
      this.#waiting.set(++this.#next, { resolve, reject });
      this.#child.send({ id: this.#next, method, args });
    });
  }

  /** Resolves with true when the log says `text`, with false after `ms` or when the process has ended. */
  line(text, ms) {
    return new Promise((resolve) => {
      this.#lines.push({ text, resolve });
      setTimeout(() => resolve(false), ms).unref();
    });
  }

  async kill() {
    const { pid, exitCode, signalCode } = this.#child;
    // Once it has ended its number may be another's.
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, "SIGKILL");
    await this.ended;
  }
}

/** The product over one state folder, with a provider beside it that outlives every kill. */
export class Host {
  url = "";
  /** Messages of the product's log by how often they came. */
  said = new Map();
  #folder;
  #first = true;
  #life;
  /** The next life, loaded and idle: what a kill costs then is the start of workerd alone. */
  #spare;
  #provider;
  #providerUrl;

  static async open() {
    const host = new Host();
    host.#folder = mkdtempSync(join(tmpdir(), "relance-chaos-"));
    mkdirSync(join(host.#folder, "tmp"));
    const [{ code }, plan] = await Promise.all([
      bundleWorker({ local: true }),
      planFor(".dev.vars.example"),
      host.#startProvider(),
    ]);
    writeFileSync(join(host.#folder, "worker.mjs"), code);
    writeFileSync(join(host.#folder, "plan.json"), JSON.stringify(plan));
    return host;
  }

  async #startProvider() {
    this.#provider = fork(beside("./chaos-provider.mjs"), [join(this.#folder, "provider.ndjson"), API_KEY]);
    this.#providerUrl = await new Promise((resolve, reject) => {
      this.#provider.once("message", resolve);
      this.#provider.once("exit", () => reject(new Error("the provider did not start")));
    });
  }

  /** Starts the product: anew, or on what its last life left. */
  async start() {
    const life = this.#spare ?? this.#newLife();
    this.#life = life;
    this.#spare = this.#newLife();
    const statePath = join(this.#folder, "state");
    if (this.#first) await life.call("migrate", { statePath });
    this.#first = false;
    // The port changes with every life, and with it would every link of a message that is sent again.
    const PUBLIC_URL = "https://relance.test";
    const vars = {
      PUBLIC_URL,
      RESEND_API_KEY: API_KEY,
      RESEND_BASE_URL: this.#providerUrl,
      RESEND_CALLS_PER_SECOND: "0",
    };
    const [code, plan] = [join(this.#folder, "worker.mjs"), join(this.#folder, "plan.json")];
    this.url = await life.call("start", { code, plan, statePath, vars });
  }

  #newLife() {
    return new Life(join(this.#folder, "tmp"), (line) => this.#note(line));
  }

  #note(line) {
    const message = /"message":"([^"]*)"/.exec(line)?.[1];
    if (message !== undefined) this.said.set(message, (this.said.get(message) ?? 0) + 1);
  }

  query(sql, ...values) {
    return this.#life.call("query", sql, values);
  }

  sweep() {
    return this.#life.call("sweep");
  }

  shards() {
    return this.#life.call("shards");
  }

  /** Waits until the product stands at a kill point; false where it never came there. */
  async reach(point, ms) {
    const reached = this.#life.line(`kill-point ${point}`, ms);
    await this.dev("faults", { pauseAt: point });
    return reached;
  }

  async dev(path, body) {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${this.url}/dev/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`/dev/${path}: ${answer.status} ${await answer.text()}`);
  }

  /** SIGKILL to every process of the product at once. */
  async kill() {
    this.url = "";
    await this.#life.kill();
  }

  /** What the provider accepted, by its own ledger. */
  async accepted() {
    return (await fetch(`${this.#providerUrl}/_ledger`)).json();
  }

  async provider(body) {
    const answer = await fetch(`${this.#providerUrl}/_control`, { method: "POST", body: JSON.stringify(body) });
    return answer.json();
  }

  async close() {
    await Promise.all([this.#life?.kill(), this.#spare?.kill()]);
    this.#provider.disconnect();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
