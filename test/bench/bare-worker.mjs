// The ceiling: Workers that do nothing but the one thing that cannot be spared. Served on the bindings of wrangler.toml.
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";

export class ContactShard extends DurableObject {
  constructor(state, env) {
    super(state, env);
    state.storage.sql.exec("CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, body TEXT NOT NULL)");
  }

  write(body) {
    this.ctx.storage.sql.exec("INSERT INTO bare (body) VALUES (?)", body);
  }
}

export class Ledger extends DurableObject {}

const GROUP = 2_500;
const CALL = 100;

/** Messages that nobody asked about: three writes of a row each, and a hundred to a call of the provider. */
async function handOver({ DB, RESEND_BASE_URL: url }, count) {
  await DB.prepare("CREATE TABLE handed (id INTEGER PRIMARY KEY, state TEXT, body TEXT NOT NULL)").run();
  const html = "<p>A letter of some length.</p>".repeat(150);
  for (let from = 0; from < count; from += GROUP) {
    const ids = Array.from({ length: Math.min(GROUP, count - from) }, (_, index) => from + index + 1);
    const all = JSON.stringify(ids);
    const update = "UPDATE handed SET state = ?2 FROM json_each(?1) v WHERE handed.id = v.value";
    await DB.prepare("INSERT INTO handed SELECT value, 'queued', ?2 FROM json_each(?1)")
      .bind(all, "x".repeat(400))
      .run();
    await DB.prepare(update).bind(all, "claimed").run();
    const calls = [];
    for (let at = 0; at < ids.length; at += CALL) calls.push(call(url, ids.slice(at, at + CALL), html));
    await Promise.all(calls);
    await DB.prepare(update).bind(all, "sent").run();
  }
}

async function call(url, ids, html) {
  const mails = ids.map((id) => ({
    from: "a@b.test",
    to: [`bare-${id}@bench.test`],
    subject: "Hello",
    html,
    text: "Hello",
  }));
  const headers = {
    Authorization: "Bearer re_bench",
    "Content-Type": "application/json",
    "Idempotency-Key": `bare-${ids[0]}`,
  };
  const answer = await fetch(`${url}/emails/batch`, { method: "POST", headers, body: JSON.stringify(mails) });
  if (!answer.ok) throw new Error(await answer.text());
  await answer.text();
}

export default class extends WorkerEntrypoint {
  async fetch(request) {
    const { pathname } = new URL(request.url);
    const { DB, SHARDS } = this.env;
    if (pathname === "/tables") {
      await DB.prepare("CREATE TABLE bare (id INTEGER PRIMARY KEY, body TEXT NOT NULL)").run();
    } else if (pathname === "/insert") {
      await DB.prepare("INSERT INTO bare (body) VALUES (?1)")
        .bind(await request.text())
        .run();
    } else if (pathname === "/object") {
      await SHARDS.get(SHARDS.idFromName("shard-0")).write(await request.text());
    }
    if (pathname === "/campaign") await handOver(this.env, Number(await request.text()));
    return new Response("ok");
  }

  queue() {}
}
