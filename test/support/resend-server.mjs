/**
 * A local server that behaves like Resend where sending is concerned: idempotency keys for 24 hours, its error
 * names and headers, and a ledger of its own of what it accepted. It fails on command.
 *
 *   node test/support/resend-server.mjs --port 9999 --ledger /path/to/ledger.ndjson --seed 1
 *
 * `POST /_control` sets faults, clock and quota, `GET /_control` tells where things stand, `GET /_ledger` lists
 * what was accepted. `resend-server.d.mts` holds the shapes.
 */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { FaultPlan } from "./resend-faults.mjs";
import { ResendLedger } from "./resend-ledger.mjs";

const DAY_MS = 24 * 60 * 60_000;
const MAX_BATCH = 100;

function refusal(statusCode, name, message, headers = {}) {
  return { status: statusCode, body: { statusCode, name, message }, headers };
}

function rateLimited(seconds) {
  const limits = { "ratelimit-limit": "2", "ratelimit-remaining": "0", "ratelimit-reset": String(seconds) };
  return refusal(429, "rate_limit_exceeded", "Too many requests.", { "retry-after": String(seconds), ...limits });
}

const overQuota = () => refusal(429, "daily_quota_exceeded", "You have reached your daily email sending quota.");
const broken = (status) => refusal(status, "internal_server_error", "An unexpected error occurred.");
const invalid = (message) => refusal(422, "validation_error", message);
const missing = (field) => refusal(422, "missing_required_field", `Missing \`${field}\` field.`);

function validate(payload) {
  if (typeof payload !== "object" || payload === null) return invalid("The email must be an object.");
  const absent = ["from", "to", "subject"].find((field) => payload[field] === undefined);
  if (absent !== undefined) return missing(absent);
  if (payload.html === undefined && payload.text === undefined) return missing("html");
  const addresses = Array.isArray(payload.to) ? payload.to : [payload.to];
  const isAddress = (one) => typeof one === "string" && /^[^\s@<>]+@[^\s@<>]+$|<[^\s@<>]+@[^\s@<>]+>$/.test(one);
  if (addresses.length === 0 || addresses.length > 50 || !addresses.every(isAddress)) {
    return invalid("Invalid `to` field.");
  }
  const isTag = ({ name, value }) => /^[\w-]{1,256}$/.test(name) && /^[\w-]{1,256}$/.test(value);
  if (!(payload.tags ?? []).every(isTag)) return invalid("Tags hold ASCII letters, numbers, underscores or dashes.");
  return null;
}

function parsePayloads(path, body) {
  let parsed;
  try {
    parsed = JSON.parse(body);
  } catch {
    return { payloads: [], error: invalid("The body is not JSON.") };
  }
  if (path === "/emails") return { payloads: [parsed], error: validate(parsed) };
  if (!Array.isArray(parsed) || parsed.length === 0 || parsed.length > MAX_BATCH) {
    return { payloads: [], error: invalid(`A batch holds 1 to ${MAX_BATCH} emails.`) };
  }
  return { payloads: parsed, error: parsed.map(validate).find((error) => error !== null) ?? null };
}

class ResendServer {
  counters = { requests: 0, accepted: 0, repeated: 0, conflicts: 0, concurrent: 0, unauthorized: 0, invalid: 0 };
  /** Addresses that were taken off the list of suppressions. */
  forgiven = [];
  inFlight = new Set();
  /** What releases each of the requests that are held. */
  held = new Set();
  offset = 0;
  dailyQuota = Number.POSITIVE_INFINITY;
  today = { day: -1, emails: 0 };

  constructor({ apiKey, ledger, seed = 1, now = Date.now, chances, script, defaults }) {
    this.apiKey = apiKey;
    this.clock = now;
    this.ledger = new ResendLedger(ledger);
    this.plan = new FaultPlan(seed);
    this.plan.set({ chances, script, defaults });
  }

  now() {
    return this.clock() + this.offset;
  }

  state() {
    const { counters, plan, ledger } = this;
    const left = { chances: plan.chances, script: plan.script, faults: plan.counts };
    return {
      counters,
      ...left,
      emails: ledger.entries.length,
      held: this.held.size,
      doubled: ledger.doubled(),
      now: this.now(),
    };
  }

  control({ chances, script, defaults, advance, dailyQuota, release }) {
    this.plan.set({ chances, script, defaults });
    if (release !== undefined) for (const [index, free] of [...this.held].entries()) free(index < release);
    if (advance !== undefined) this.offset += advance;
    if (dailyQuota !== undefined) this.dailyQuota = dailyQuota ?? Number.POSITIVE_INFINITY;
    return this.state();
  }

  authorize(authorization) {
    const key = /^Bearer (.+)$/.exec(authorization ?? "")?.[1];
    if (key === undefined) return refusal(401, "missing_api_key", "Missing API key in the authorization header.");
    if (this.apiKey !== undefined && key !== this.apiKey) return refusal(403, "invalid_api_key", "API key is invalid.");
    return null;
  }

  /** Answers one POST; null means that the connection is to be reset. */
  async post(path, headers, body) {
    this.counters.requests += 1;
    const denied = this.authorize(headers.authorization);
    if (denied !== null) {
      this.counters.unauthorized += 1;
      return denied;
    }
    const fault = this.plan.next();
    if (fault.fault === "rate_limit") return rateLimited(fault.retryAfter);
    if (fault.fault === "daily_quota") return overQuota();
    if (fault.fault === "invalid") return invalid("Invalid `to` field.");
    if (fault.fault === "error_before") return broken(fault.status);
    if (fault.fault === "reset_before") return null;
    const answer = await this.send(path, headers["idempotency-key"] ?? null, body, fault);
    if (fault.fault === "error_after") return broken(fault.status);
    if (fault.fault === "reset_after") return null;
    if (fault.fault === "delay_after") await sleep(fault.delayMs);
    return answer;
  }

  async send(path, key, body, fault) {
    if (key !== null && (key.length < 1 || key.length > 256)) {
      return refusal(400, "invalid_idempotency_key", "The key must be between 1-256 chars.");
    }
    if (key === null || !this.inFlight.has(key)) return this.take(path, key, body, fault);
    this.counters.concurrent += 1;
    return refusal(409, "concurrent_idempotent_requests", "The original request is still in progress.");
  }

  async take(path, key, body, fault) {
    const hash = createHash("sha1").update(path).update(body).digest("base64");
    const known = key === null ? undefined : this.ledger.keys.get(key);
    if (known !== undefined && this.now() - known.at < DAY_MS) return this.again(path, known, hash);
    const { payloads, error } = parsePayloads(path, body);
    if (error !== null) {
      this.counters.invalid += 1;
      return error;
    }
    if (key !== null) this.inFlight.add(key);
    if (fault.fault === "delay_before") await sleep(fault.delayMs);
    const isTaken = fault.fault !== "hold" || (await this.hold());
    if (key !== null) this.inFlight.delete(key);
    if (!isTaken) return null;
    if (!this.withinQuota(payloads.length)) return overQuota();
    const ids = this.ledger.accept(key, hash, this.now(), payloads);
    this.counters.accepted += ids.length;
    return this.accepted(path, ids);
  }

  /** Waits to be released; whether the request is accepted then. */
  async hold() {
    let free = (_isTaken) => {};
    const freed = new Promise((resolve) => {
      free = resolve;
    });
    this.held.add(free);
    const isTaken = await freed;
    this.held.delete(free);
    return isTaken;
  }

  again(path, known, hash) {
    if (known.hash !== hash) {
      this.counters.conflicts += 1;
      return refusal(409, "invalid_idempotent_request", "Same idempotency key used with a different payload.");
    }
    this.counters.repeated += 1;
    this.ledger.repeat(known);
    return this.accepted(path, known.ids);
  }

  accepted(path, ids) {
    const body = path === "/emails" ? { id: ids[0] } : { data: ids.map((id) => ({ id })) };
    return { status: 200, body, headers: {} };
  }

  withinQuota(emails) {
    const day = Math.floor(this.now() / DAY_MS);
    if (this.today.day !== day) this.today = { day, emails: 0 };
    if (this.today.emails + emails > this.dailyQuota) return false;
    this.today.emails += emails;
    return true;
  }

  get(path, headers) {
    if (path === "/_control") return { status: 200, body: this.state(), headers: {} };
    if (path === "/_ledger") return { status: 200, body: this.ledger.entries, headers: {} };
    const id = /^\/emails\/([\w-]+)$/.exec(path)?.[1];
    const email = id === undefined ? null : this.ledger.find(id);
    const found = email === null ? refusal(404, "not_found", "Email not found.") : { status: 200, body: email };
    return this.authorize(headers.authorization) ?? found;
  }

  async answer({ method, url, headers }, body) {
    const path = (url ?? "/").split("?")[0];
    if (method === "GET") return this.get(path, headers);
    if (method === "POST" && path === "/_control") {
      return { status: 200, body: this.control(JSON.parse(body || "{}")), headers: {} };
    }
    if (method === "POST" && path === "/suppressions/batch/remove") {
      const { emails } = JSON.parse(body);
      this.forgiven.push(...emails);
      return {
        status: 200,
        body: { data: emails.map((id) => ({ object: "suppression", id, deleted: true })) },
        headers: {},
      };
    }
    if (method === "POST" && (path === "/emails" || path === "/emails/batch")) return this.post(path, headers, body);
    return refusal(404, "not_found", "The requested endpoint does not exist.");
  }
}

function respond(request, response, answer) {
  if (answer === null) {
    request.socket.resetAndDestroy();
    return;
  }
  const body = Buffer.from(JSON.stringify(answer.body));
  const type = { "content-type": "application/json; charset=utf-8", "content-length": body.length };
  response.writeHead(answer.status, { ...type, ...answer.headers });
  response.end(body);
}

function listener(server) {
  return (request, response) => {
    const chunks = [];
    request.on("error", () => {});
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const body = chunks.length === 1 ? chunks[0].toString() : Buffer.concat(chunks).toString();
      server
        .answer(request, body)
        .catch((error) => refusal(400, "invalid_parameter", String(error?.message ?? error)))
        .then((answer) => respond(request, response, answer));
    });
  };
}

/** Starts a server on `port` (0: any free one) of 127.0.0.1. */
export async function startResendServer(options = {}) {
  const server = new ResendServer(options);
  // A kept connection that closes just as a client writes to it would look like a fault nobody asked for.
  const http = createServer({ keepAliveTimeout: 65_000 }, listener(server));
  await new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${http.address().port}`,
    port: http.address().port,
    ledger: server.ledger.entries,
    counters: server.counters,
    forgiven: server.forgiven,
    faults: server.plan.counts,
    state: () => server.state(),
    control: (wanted) => server.control(wanted),
    email: (id) => server.ledger.find(id),
    doubled: () => server.ledger.doubled(),
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      server.ledger.close();
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = { type: "string" };
  const { values } = parseArgs({ options: { port: text, ledger: text, seed: text, key: text } });
  const { port = "9999", ledger, seed = "1", key } = values;
  const running = await startResendServer({ port: Number(port), ledger, seed: Number(seed), apiKey: key });
  process.stdout.write(`${running.url}\n`);
  for (const signal of ["SIGINT", "SIGTERM"])
    process.once(signal, () => void running.close().then(() => process.exit(0)));
}
