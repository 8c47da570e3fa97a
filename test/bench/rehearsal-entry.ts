// Gives schemas what the product's own entry gives them before it makes any.
import "@hono/zod-openapi";
import { CART_ABANDONED } from "../../src/scenarios/blocks/start-event";
import { definitionInput } from "../../src/scenarios/definition";
import { BEGINNING } from "../../src/scenarios/rehearsal-plan";
import { findRehearsal, noteRehearsal } from "../../src/scenarios/rehearsal-store";
import type { Services } from "../../src/services";
import { servicesOf } from "../../src/services";
import { archiveKey, writeArchive } from "../../src/services/archive";
import type { Env } from "../../src/services/env";
import { readPage } from "../../src/services/read-journal";
import { rehearseOn } from "../../src/services/rehearsals/work";
import { DAY, HOUR } from "../../src/shared/clock";
import product, { ContactShard, Ledger } from "./metered-entry";

export { ContactShard, Ledger };

const SPAN = 90 * DAY;
const ROWS = 1_000;
/** A visitor has so many events. */
const EACH = 10;
const NAMES = ["Product Viewed", "Product Viewed", "Product Added", "page", "Product Viewed", "Order Completed"];

/** The n-th of so many events: people browse, fill carts, and buy now and then. */
function eventOf(n: number, of: number, start: number): object {
  const people = of / EACH;
  const person = (n * 7_919) % people;
  const at = start + Math.floor((n * SPAN) / of);
  const base = { id: `0190aa5e-7f1c-7d2a-${n.toString(36)}`, at, user: `user-${person}`, anon: `browser-${person}-x` };
  if (n < people) {
    const traits = { email: `person${person}@x.test`, consent: { email: true, sms: true }, country: "FR" };
    return { ...base, type: "identify", name: "identify", trust: "secret", traits };
  }
  const name = NAMES[(n * 31) % NAMES.length] ?? "";
  const product_id = `lamp-${n % 900}`;
  const line = { product_id, name: "A lamp of brass", price: 49.9, quantity: 1, category: "Lamps" };
  const order = { order_id: `o-${n}`, total: 49.9, currency: "EUR", products: [line] };
  const properties = name === "Order Completed" ? order : { ...line, url: `https://shop.test/p/${product_id}` };
  return { ...base, type: name === "page" ? "page" : "track", name, trust: "secret", properties };
}

const DEFINITION = definitionInput.parse({
  name: "Cart",
  holdout: 0.1,
  start: "start",
  stop_on: ["order"],
  reentry: { policy: "by_key" },
  blocks: {
    start: {
      type: "start.event",
      params: { event: CART_ABANDONED, inactivity: { duration: "PT1H", moved_by: "any_event" } },
      next: { next: "wait" },
    },
    wait: { type: "wait.for", params: { duration: "PT4H" }, next: { next: "send" } },
    send: { type: "send.email", params: { content: "cart_1" }, next: { next: "end" } },
    end: { type: "exit", params: {} },
  },
});

const WORK: Readonly<Record<string, (services: Services, query: URLSearchParams) => Promise<unknown>>> = {
  /** Rows of the journal, a thousand: the older half as it lies in the archive. */
  async fill({ env }, query) {
    const [from, of, start] = ["from", "of", "start"].map((name) => Number(query.get(name))) as [
      number,
      number,
      number,
    ];
    const rows = Array.from({ length: ROWS }, (_, index) => {
      const n = from + index;
      return { seq: n + 1, received_at: start + Math.floor((n * SPAN) / of), events: [eventOf(n, of, start)] };
    });
    if (from < of / 2) {
      await writeArchive(
        env.ARCHIVE,
        archiveKey("journal", [from + 1]),
        rows.map((row) => JSON.stringify(row)),
      );
      return;
    }
    const sql =
      "INSERT INTO journal (seq, received_at, body) SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?1)";
    const values = rows.map(({ seq, received_at, events }) => [seq, received_at, JSON.stringify(events)]);
    await env.DB.prepare(sql).bind(JSON.stringify(values)).run();
  },
  /** The least that it can take: the same journal read and parsed once, and nothing else. */
  async read(services) {
    let events = 0;
    for (let page = await readPage(services, BEGINNING); page; page = await readPage(services, page.point)) {
      for (const row of page.rows) events += row.events.length;
    }
    return { events };
  },
  async run(services, query) {
    const { DB } = services.env;
    const start = Number(query.get("start"));
    const id = `reh_${Date.now()}`;
    const insert =
      "INSERT OR IGNORE INTO scenario_versions (scenario, version, definition, created_at) VALUES ('scn_bench', 1, ?1, 0)";
    await DB.prepare(insert).bind(JSON.stringify(DEFINITION)).run();
    const period = { from: start + 60 * DAY, to: start + SPAN + HOUR };
    const plan = { version: 1, compare: null, ...period, assume: null, others: [], until: Number.MAX_SAFE_INTEGER };
    await noteRehearsal(DB, { id, scenario: "scn_bench", plan, createdAt: Date.now() });
    const phases: Record<string, number> = {};
    for (let outcome = "more"; outcome !== "done"; ) {
      const began = Date.now();
      const phase = (await findRehearsal(DB, id))?.step?.phase ?? "";
      outcome = await rehearseOn(services, id);
      if (outcome === "later" || outcome === "taken") throw new Error(`a step was ${outcome}`);
      phases[phase] = (phases[phase] ?? 0) + Date.now() - began;
    }
    const row = await findRehearsal(DB, id);
    return { events: row?.events, entered: row?.result?.totals.entered, status: row?.status, phases };
  },
};

/** The metered product, with routes that rehearse and tell how long that took. */
export default {
  ...product,
  async fetch(request, env, context) {
    const url = new URL(request.url);
    const work = url.pathname.startsWith("/bench/rehearsal/") ? WORK[url.pathname.slice(17)] : undefined;
    if (!work) return product.fetch(request, env, context);
    const started = Date.now();
    const told = await work(servicesOf(env), url.searchParams);
    return Response.json({ ms: Date.now() - started, told: told ?? null });
  },
} satisfies ExportedHandler<Env>;
