import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readFileSync, writeSync } from "node:fs";

const MAX_KEPT_BODIES = 2_000;

/** A UUID made of the entry's number: the same run gives its emails the same ids. */
function emailId(number) {
  const hex = createHash("sha1").update(`email ${number}`).digest("hex");
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
  return [...parts, hex.slice(20, 32)].join("-");
}

function entryOf({ to, subject, headers, tags, from, html, text }, id) {
  return {
    id,
    from,
    to: Array.isArray(to) ? to : [to],
    subject,
    headers: headers ?? {},
    tags: tags ?? [],
    bytes: (html ?? "").length + (text ?? "").length,
  };
}

/**
 * What was accepted, and what each idempotency key stands for. Kept in memory and, where a file is named, as
 * NDJSON that is only ever appended to: a line is written before its request is answered, so that the file shows
 * after a kill what the provider had taken.
 */
export class ResendLedger {
  entries = [];
  keys = new Map();
  #byId = new Map();
  #bodies = new Map();
  #acceptances = 0;
  #file = null;

  constructor(file) {
    if (file === undefined) return;
    if (existsSync(file)) this.#load(readFileSync(file, "utf8"));
    this.#file = openSync(file, "a");
  }

  #load(ndjson) {
    for (const line of ndjson.split("\n")) {
      // The last line of a killed process may be cut short; nobody was told that it was accepted.
      if (!line.endsWith("}")) continue;
      const record = JSON.parse(line);
      if (record.type === "accepted") this.#apply(record);
      else this.#count(record.ids);
    }
  }

  #write(record) {
    if (this.#file !== null) writeSync(this.#file, `${JSON.stringify(record)}\n`);
  }

  #apply({ key, hash, at, emails }) {
    this.#acceptances += 1;
    for (const email of emails) {
      const entry = { ...email, idempotencyKey: key, at, acceptance: this.#acceptances, calls: 1 };
      this.entries.push(entry);
      this.#byId.set(email.id, entry);
    }
    if (key !== null) this.keys.set(key, { hash, at, ids: emails.map((email) => email.id) });
  }

  #count(ids) {
    for (const id of ids) {
      const entry = this.#byId.get(id);
      if (entry !== undefined) entry.calls += 1;
    }
  }

  /** Takes emails in and gives back their ids. */
  accept(key, hash, at, payloads) {
    const emails = payloads.map((payload, index) => entryOf(payload, emailId(this.entries.length + index)));
    const record = { type: "accepted", key, hash, at, emails };
    this.#write(record);
    this.#apply(record);
    for (const [index, { id }] of emails.entries()) this.#keep(id, payloads[index]);
    return emails.map((email) => email.id);
  }

  /** Notes that a request came again under its key. */
  repeat({ ids }) {
    this.#write({ type: "repeated", ids });
    this.#count(ids);
  }

  // Bodies are kept for the latest only: a hundred thousand mails would fill the memory.
  #keep(id, { html, text }) {
    this.#bodies.set(id, { html: html ?? null, text: text ?? null });
    if (this.#bodies.size > MAX_KEPT_BODIES) this.#bodies.delete(this.#bodies.keys().next().value);
  }

  /** One email as `GET /emails/:id` shows it, or null. */
  find(id) {
    const entry = this.#byId.get(id);
    if (entry === undefined) return null;
    const { from, to, subject, tags, at } = entry;
    const body = this.#bodies.get(id) ?? { html: null, text: null };
    const created = new Date(at).toISOString();
    return { object: "email", id, from, to, subject, tags, ...body, created_at: created, last_event: "delivered" };
  }

  /** Keys under which more than one request was accepted: mails that a person has in the inbox twice. */
  doubled() {
    const seen = new Map();
    for (const { idempotencyKey: key, acceptance } of this.entries) {
      if (key !== null) seen.set(key, (seen.get(key) ?? new Set()).add(acceptance));
    }
    return [...seen].filter(([, acceptances]) => acceptances.size > 1).map(([key]) => key);
  }

  close() {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }
}
