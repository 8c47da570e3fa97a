import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { KINDS } from "./chaos-scenarios.mjs";

/** The shop's server, and a browser. */
const SERVER = `Basic ${btoa("sk_local:")}`;
const BROWSER = `Basic ${btoa("wk_local:")}`;
const TIMEOUT_MS = 10_000;

/** Clients that send each event again, under its one messageId, until it is answered 2xx. */
export class Load {
  /** Every messageId that was answered 2xx. */
  accepted = new Set();
  /** Contacts whose events were all accepted, by name. */
  contacts = new Map();
  requests = 0;
  again = 0;
  #host;
  #next = 0;
  #running = true;
  #clients;

  /** @param {import("./chaos-host.mjs").Host} host */
  constructor(host, clients = 12) {
    this.#host = host;
    this.#clients = Array.from({ length: clients }, () => this.#client());
  }

  /** Resolves when `events` more were accepted, or after `ms`. */
  async goOn(events, ms) {
    const [wanted, deadline] = [this.accepted.size + events, Date.now() + ms];
    while (this.accepted.size < wanted && Date.now() < deadline) await sleep(5);
  }

  /** Lets every contact that has begun come to its end. */
  async finish() {
    this.#running = false;
    await Promise.all(this.#clients);
  }

  async #client() {
    const kinds = Object.entries(KINDS);
    while (this.#running) {
      const number = this.#next++;
      const [kind, { does }] = kinds[number % kinds.length];
      const name = `${kind}-${number}`;
      const traits = { email: `${name}@chaos.test`, firstName: "Ada", consent: { email: true } };
      for (const event of [{ type: "identify", traits }, ...does(name)]) {
        await this.#give(SERVER, { ...event, userId: name });
      }
      this.contacts.set(name, kind);
      // Views of somebody nobody knows: they fill the ledger's groups and wake no one.
      await this.#give(BROWSER, { type: "page", name: "Lamps", anonymousId: randomUUID() });
    }
  }

  async #give(authorization, event) {
    const messageId = randomUUID();
    const body = JSON.stringify({ batch: [{ ...event, messageId, timestamp: new Date().toISOString() }] });
    for (let tries = 0; ; tries++) {
      if (tries > 0) {
        this.again++;
        await sleep(50);
      }
      if (await this.#post(authorization, body)) break;
    }
    this.accepted.add(messageId);
  }

  async #post(authorization, body) {
    if (this.#host.url === "") return false;
    this.requests++;
    const headers = { authorization, "content-type": "application/json" };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const answer = await fetch(`${this.#host.url}/v1/batch`, { method: "POST", headers, body, signal });
      const { accepted } = await answer.json();
      return answer.ok && accepted === 1;
    } catch {
      return false;
    }
  }
}
