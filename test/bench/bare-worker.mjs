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
    return new Response("ok");
  }

  queue() {}
}
