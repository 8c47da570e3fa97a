import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Server } from "../support/server";
import { keys, startServer } from "../support/server";

let server: Server;
/** Every route of the admin API, out of the document that is made of the routes themselves. */
let routes: { method: string; path: string }[];

beforeAll(async () => {
  server = await startServer({ tick: 0 });
  const { paths } = (await server.api("/openapi.json")).json as { paths: Record<string, object> };
  routes = Object.entries(paths).flatMap(([path, methods]) =>
    path.startsWith("/api/") ? Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })) : [],
  );
});

afterAll(async () => {
  await server.stop();
});

describe("nobody gets in without an admin key", () => {
  const wanted = { "no key": [undefined, 401], "an unknown key": ["Bearer nope", 401] } as const;
  const known = { "the write key": [keys.write, 403], "the secret key": [keys.secret, 403] } as const;
  const bearers = Object.entries(known).map(([name, [key, status]]) => [name, `Bearer ${key}`, status] as const);
  const all = [
    ...Object.entries(wanted).map(([name, [header, status]]) => [name, header, status] as const),
    ...bearers,
  ];

  test.each(all)("with %s, on any route", async (_name, authorization, status) => {
    expect(routes.length).toBeGreaterThan(20);
    for (const { method, path } of routes) {
      const headers = authorization === undefined ? {} : { authorization };
      const answer = await fetch(server.url + path.replaceAll(/\{\w+\}/g, "x"), { method, headers });
      expect(answer.status, `${method} ${path}`).toBe(status);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      await answer.body?.cancel();
    }
  });

  test("nor by an odd spelling of the path", async () => {
    for (const path of [
      "//api/contacts",
      "/API/contacts",
      "/api%2fcontacts",
      "/api/../api/contacts",
      "/x/../api/contacts",
    ]) {
      const answer = await fetch(server.url + path);
      expect([401, 404], path).toContain(answer.status);
      await answer.body?.cancel();
    }
  });
});

describe("every list", () => {
  test("caps its limit, refuses what it does not know, and takes only its own cursors", async () => {
    const lists = routes.filter(
      ({ method, path }) =>
        method === "GET" &&
        /^\/api\/(contacts|sends|decisions|scenarios|rejected-events|tables|products|stores)$/.test(path),
    );
    expect(lists).toHaveLength(8);
    for (const { path } of lists) {
      const good = await server.api(`${path}?limit=1000000`);
      expect([good.status, Object.keys(good.json)]).toEqual([200, ["data", "next_cursor"]]);
      for (const [query, pointer] of [
        ["limit=0", "/limit"],
        ["limit=x", "/limit"],
        ["sort=name", "/sort"],
        ["cursor=abc.def", "/cursor"],
      ] as const) {
        const bad = await server.api(`${path}?${query}`);
        expect([bad.status, bad.json.errors[0].pointer], `${path}?${query}`).toEqual([400, pointer]);
      }
    }
  });

  test("goes through all of its rows once, by cursors that no other list takes", async () => {
    for (let index = 0; index < 5; index++) {
      await server.send("identify", { userId: `page-${index}`, traits: { email: `page-${index}@example.com` } });
    }
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const { json } = await server.api(`/api/contacts?limit=2${query}`);
      seen.push(...json.data.map(({ external_id }: { external_id: string }) => external_id));
      cursor = json.next_cursor;
      if (cursor === null) continue;
      expect((await server.api(`/api/sends?cursor=${cursor}`)).status).toBe(400);
      expect((await server.api(`/api/contacts?cursor=${cursor.slice(0, -1)}_`)).status).toBe(400);
    }
    expect(seen).toEqual(["page-4", "page-3", "page-2", "page-1", "page-0"]);
  });
});

describe("a body", () => {
  const post = (body: string, headers: Record<string, string> = {}) =>
    server.api("/api/switches/kill", { method: "POST", body, headers });

  test("is JSON whatever its type says, and refused with its places otherwise", async () => {
    expect((await post('{"on":false}', { "content-type": "text/plain" })).status).toBe(200);
    const bad = await post("{on:false}");
    expect([bad.status, bad.json.type]).toEqual([400, "https://relance.dev/problems/invalid-json"]);
    const unknown = await post('{"on":false,"for":"ever"}');
    expect([unknown.status, unknown.json.errors[0].pointer]).toEqual([400, "/for"]);
    expect((await post("")).json.errors[0].pointer).toBe("/on");
  });

  test("is bounded, also where its length is not told", async () => {
    const large = `{"on":${" ".repeat(600_000)}false}`;
    expect((await post(large)).status).toBe(413);
    const stream = new Blob([large]).stream();
    const headers = { authorization: `Bearer ${keys.admin}` };
    const init = { method: "POST", body: stream, duplex: "half", headers } as RequestInit;
    const answer = await fetch(`${server.url}/api/switches/kill`, init);
    expect(answer.status).toBe(413);
    await answer.body?.cancel();
  });
});

describe("an Idempotency-Key", () => {
  const create = (key: string, json: object) =>
    server.api("/api/scenarios", { method: "POST", json, headers: { "Idempotency-Key": key } });

  test("makes a repeat answer as the first and change nothing", async () => {
    const first = await create("k1", { template: "abandoned-cart" });
    const again = await create("k1", { template: "abandoned-cart" });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.json).toEqual(first.json);
    expect((await create("k2", { template: "abandoned-cart" })).json.id).not.toBe(first.json.id);
  });

  test("is refused for another request, and free again after a refusal", async () => {
    await create("k3", { template: "abandoned-cart" });
    expect((await create("k3", { template: "second-purchase" })).status).toBe(422);
    expect((await create("k4", { template: "nope" })).status).toBe(400);
    expect((await create("k4", { template: "nope" })).status).toBe(400);
    expect((await create("k4", { template: "abandoned-cart" })).status).toBe(201);
  });

  test("makes one of two requests at once", async () => {
    const both = await Promise.all([1, 2].map(() => create("k5", { template: "abandoned-cart" })));
    const made = both.filter(({ status }) => status === 201).map(({ json }) => json.id as string);
    expect(new Set(made).size).toBe(1);
    expect(both.every(({ status }) => status === 201 || status === 409)).toBe(true);
  });
});

describe("the description", () => {
  test("has every route of the contract, and only references that lead somewhere", async () => {
    const { json, text } = await server.api("/openapi.json");
    expect(json.openapi).toBe("3.1.0");
    for (const path of [
      "/v1/batch",
      "/c/{token}",
      "/s/{code}",
      "/w/{token}",
      "/l/{token}",
      "/f/{token}",
      "/api/reports/scenarios/{id}",
      "/u/{token}",
      "/r.js",
      "/api/imports",
      "/api/scenarios/{id}/funnel",
    ]) {
      expect(Object.keys(json.paths)).toContain(path);
    }
    const used = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
    expect(new Set(used).size).toBeGreaterThan(10);
    expect(used.filter((name) => !Object.hasOwn(json.components.schemas, name ?? ""))).toEqual([]);
  });

  test("is a page for people that runs nothing and loads nothing", async () => {
    const page = await fetch(`${server.url}/docs`);
    const html = await page.text();
    expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(html).toContain("/api/scenarios/{id}/activate");
    expect(html).not.toMatch(/<script|<link|src=|style=/);
  });
});
