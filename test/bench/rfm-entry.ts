// Gives schemas what the product's own entry gives them before it makes any.
import "@hono/zod-openapi";
import { servicesOf } from "../../src/services";
import { refreshEverybody } from "../../src/services/behaviour";
import type { Env } from "../../src/services/env";
import { recompute } from "../../src/services/rfm";
import { rescore } from "../../src/services/rfm-rescore";
import { counts, metered, resetCounts } from "./meter";
import product, { ContactShard, Ledger } from "./metered-entry";

export { ContactShard, Ledger };

/** What is measured: each told by its name, with nothing around it but the calls of the product. */
const WORK: Readonly<Record<string, (env: Env, url: URL) => Promise<unknown>>> = {
  full: (env) => recompute(servicesOf(env), null),
  contacts: (env, url) => rescore(servicesOf(env), idsIn(url)),
  behaviour: behaviourNight,
  // The least that keeping new figures of as many rows can take.
  bare: (env, url) => {
    const sql = "UPDATE rfm_scores SET moved_at = moved_at + 1 WHERE contact IN (SELECT value FROM json_each(?1))";
    return env.DB.prepare(sql)
      .bind(JSON.stringify(idsIn(url)))
      .run();
  },
};

/** Everybody's behaviour; each batch is a step, and `longest` the longest of them in ms. */
async function behaviourNight(env: Env): Promise<{ steps: number; longest: number }> {
  const taken: number[] = [];
  const timed: D1Database = Object.assign(Object.create(env.DB) as D1Database, {
    async batch<Row>(statements: D1PreparedStatement[]): Promise<D1Result<Row>[]> {
      const started = Date.now();
      const results = await env.DB.batch<Row>(statements);
      taken.push(Date.now() - started);
      return results;
    },
  });
  await refreshEverybody(servicesOf({ ...env, DB: timed }), Date.now());
  return { steps: taken.length, longest: Math.max(...taken) };
}

function idsIn(url: URL): number[] {
  const [every, of] = [Number(url.searchParams.get("every")), Number(url.searchParams.get("of"))];
  return Array.from({ length: Math.floor(of / every) }, (_, index) => (index + 1) * every);
}

/** The metered product, with a route that computes scores and tells how long that took and what it wrote. */
export default {
  ...product,
  async fetch(request, env, context) {
    const url = new URL(request.url);
    const work = url.pathname.startsWith("/bench/rfm/") ? WORK[url.pathname.slice(11)] : undefined;
    if (!work) return product.fetch(request, env, context);
    resetCounts();
    const started = Date.now();
    const told = await work(metered(env), url);
    return Response.json({
      ms: Date.now() - started,
      told: told ?? null,
      written: counts.d1.written,
      writers: counts.writers,
    });
  },
} satisfies ExportedHandler<Env>;
