import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app";
import { servicesOf } from "../../src/services";
import type { Env } from "../../src/services/env";
import { track } from "../support/chaos-ledger";
import { scenario } from "../unit/scenarios/scenario";

const bound = env as unknown as Env;
const services = servicesOf(bound);
const app = createApp();

async function ask(path: string, init: RequestInit = {}): Promise<string> {
  const context = createExecutionContext();
  const headers = { Authorization: "Bearer ak_local" };
  const answer = await app.fetch(new Request(`https://relance.test${path}`, { ...init, headers }), bound, context);
  await waitOnExecutionContext(context);
  return (await answer.text()).replace(/<[^>]+>/g, " ").replace(/[\s\u00a0\u202f]+/g, " ");
}

const post = (path: string, fields: Readonly<Record<string, string>>) =>
  ask(path, { method: "POST", body: new URLSearchParams(fields) });
const store = (json: object) => ask("/api/segments", { method: "POST", body: JSON.stringify(json) });

beforeAll(async () => {
  await services.ready();
  const order = track("m-1", "ann", "Order Completed", { order_id: "o-1", total: 20, currency: "EUR", products: [] });
  const { user: _user, ...view } = track("m-2", "x", "Product Viewed", { product_id: "lamp" });
  const events = [order, { ...view, trust: "write" as const, anon: "browser-1" }];
  await services.append({ receivedAt: Date.now(), events }, null);
  const many = { type: "orders.count", op: "gte", value: 5 };
  await store({
    key: "basket",
    name: "Paniers",
    segments: [{ key: "many", name: "Plusieurs", rule: many }],
    rest: { key: "few", name: "Peu" },
  });
  await store({ key: "small", name: "Petits", rule: { type: "segment", family: "basket", segment: "few" } });
});

describe("a rule in words", () => {
  test("names a segment as the shop does, and the one that somebody is in", async () => {
    const page = await ask("/admin/segments/small?lang=fr&contact=ann");
    expect(page).toContain("Est dans « Paniers : Peu »");
    expect(page).toMatch(/trouvé : « Paniers : Peu » \(/);
    expect(await ask("/admin/segments/small?lang=en")).toContain("Is in “Paniers: Peu”");
    const form = { kind: "simple", do: "preview", active: "1", "rule#type": "segment" };
    const typed = { ...form, "rule/segment": "many", "rule/family": "basket" };
    expect(await post("/admin/segments/new", typed)).toContain("Is in “Paniers: Plusieurs”");
  });
});

test("a scenario names the segment that it asks about", async () => {
  const rule = { type: "segment", family: "basket", segment: "few" };
  const definition = scenario({
    start: { type: "start.targeting", params: { rule, every: "P1D" }, next: { next: "end" } },
    end: { type: "exit" },
  });
  await bound.DB.batch([
    bound.DB.prepare(
      "INSERT INTO scenarios (id, name, state, draft_version, live_version, created_at, updated_at) VALUES ('few', 'Few', 'paused', 1, 1, 0, 0)",
    ),
    bound.DB.prepare(
      "INSERT INTO scenario_versions (scenario, version, definition, created_at) VALUES ('few', 1, ?1, 0)",
    ).bind(JSON.stringify(definition)),
  ]);
  for (const path of ["/admin/scenarios/few", "/admin"]) {
    expect(await ask(`${path}?lang=fr`)).toContain("pour chaque contact qui est dans « Paniers : Peu »");
  }
});

describe("a segment that cannot be saved", () => {
  const form = { kind: "simple", do: "save", name: "Essai", "rule#type": "segment" };

  test("says in French which segments a family has", async () => {
    const page = await post("/admin/segments/new?lang=fr", {
      ...form,
      "rule/segment": "none",
      "rule/family": "basket",
    });
    expect(page).toContain("basket n’a pas de segment none. Elle a many, few.");
  });

  test("says in French what would go and who looks at it", async () => {
    const part = { "segments/0/key": "many", "segments/0/name": "Plusieurs", "segments/0/rule#kind": "all" };
    const page = await post("/admin/segments/basket/edit?lang=fr", {
      kind: "exclusive",
      do: "save",
      name: "Paniers",
      ...part,
    });
    expect(page).toContain("few disparaîtrait et est utilisé : segment small.");
  });

  test("says at the list of segments what is wrong with all of them", async () => {
    const parts = Array.from({ length: 31 }, (_none, index) => [
      [`segments/${index}/name`, `S${index}`],
      [`segments/${index}/rule#kind`, "all"],
    ]).flat();
    const page = await post("/admin/segments/new?lang=en", {
      kind: "exclusive",
      do: "save",
      name: "Too many",
      ...Object.fromEntries(parts),
    });
    expect(page).toContain("That is too much.");
  });
});

describe("why somebody is out", () => {
  test("is told of a browser that nobody knows, however well the rule fits", async () => {
    const page = await ask("/admin/segments/small?lang=en&contact=browser-1");
    expect(page).toContain("is not in it");
    expect(page).toContain("Nobody knows who this is");
  });
});
