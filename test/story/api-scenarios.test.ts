import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiAnswer, Server } from "../support/server";
import { startServer } from "../support/server";

let server: Server;

beforeAll(async () => {
  server = await startServer({ tick: 0, at: "2026-01-05T10:00:00Z" });
});

afterAll(async () => {
  await server.stop();
});

function post(path: string, json: object = {}, headers: Record<string, string> = {}): Promise<ApiAnswer> {
  return server.api(path, { method: "POST", json, headers });
}

function put(id: string, json: object, ifMatch?: string): Promise<ApiAnswer> {
  return server.api(`/api/scenarios/${id}`, {
    method: "PUT",
    json,
    ...(ifMatch && { headers: { "If-Match": ifMatch } }),
  });
}

const blocks = {
  start: { type: "start.event", params: { event: "Signed Up" }, next: { next: "hello" } },
  hello: { type: "send.email", params: { content: "cart_1" }, next: { next: "done" } },
  done: { type: "exit" },
};
const definition = { name: "Hello", stop_on: ["withdrawal"], start: "start", blocks };

describe("a scenario", () => {
  test("is made of a template, and read as sentences", async () => {
    const made = await post("/api/scenarios", {
      template: "abandoned-cart",
      preset: "seed_24h",
      params: { holdout: 0 },
      name: "Carts",
    });
    expect(made.status).toBe(201);
    expect(made.headers.get("location")).toBe(`/api/scenarios/${made.json.id}`);
    expect(made.json).toMatchObject({
      name: "Carts",
      state: "draft",
      version: 1,
      live_version: null,
      template: "abandoned-cart",
    });
    expect(made.json.definition).toMatchObject({
      holdout: 0,
      priority: 75,
      stop_on: ["order", "emptied", "withdrawal"],
    });
    expect(made.json.blocks[1]).toMatchObject({
      block: "wait_1",
      sentence: { en: "Waits 1 day.", fr: "Attend 1 jour." },
    });
    const read = await server.api(`/api/scenarios/${made.json.id}`);
    expect(read.json).toEqual(made.json);
    expect(read.headers.get("etag")).toBe('"1"');
    const { json } = await server.api("/api/scenarios");
    expect(json.data.map(({ id }: { id: string }) => id)).toContain(made.json.id);
  });

  test("is made of a definition, with what was left out filled in", async () => {
    const made = await post("/api/scenarios", { definition });
    expect(made.json.definition.blocks.done).toEqual({
      type: "exit",
      params: { outcome: "completed", reason: "end" },
      next: {},
    });
    expect(made.json.definition.reentry).toEqual({ policy: "by_key" });
  });

  test("is refused with the places of what is wrong", async () => {
    for (const [body, status, pointers] of [
      [{}, 400, ["/template"]],
      [{ template: "abandoned-cart", colour: "red" }, 400, ["/colour"]],
      [{ template: "abandoned-cart", preset: "slow" }, 400, ["/preset"]],
      [
        { template: "abandoned-cart", params: { inactivity: { duration: "half an hour" } } },
        400,
        ["/params/inactivity/duration"],
      ],
      [{ definition: { ...definition, weight: 3 } }, 400, ["/definition/weight"]],
      [{ definition: { ...definition, filter: { type: "moon" } } }, 400, ["/definition/filter/type"]],
      [{ definition: { ...definition, start: "nowhere" } }, 422, ["/definition/start"]],
      [
        { definition: { ...definition, blocks: { ...blocks, done: { type: "leave" } } } },
        422,
        ["/definition/blocks/done/type"],
      ],
    ] as const) {
      const answer = await post("/api/scenarios", body);
      expect([answer.status, answer.json.errors.map(({ pointer }: { pointer: string }) => pointer)]).toEqual([
        status,
        pointers,
      ]);
    }
  });

  test("is not there", async () => {
    for (const [method, path] of [
      ["GET", ""],
      ["GET", "/runs"],
      ["GET", "/funnel"],
      ["POST", "/lint"],
      ["POST", "/activate"],
      ["POST", "/pause"],
      ["POST", "/archive"],
    ]) {
      expect((await server.api(`/api/scenarios/scn_none${path}`, { method: method ?? "" })).status, path).toBe(404);
    }
    expect((await put("scn_none", { definition })).status).toBe(404);
  });
});

describe("two editors", () => {
  test("do not overwrite each other: the second is told", async () => {
    const { id } = (await post("/api/scenarios", { definition })).json;
    const first = await put(id, { definition: { ...definition, name: "First" } }, '"1"');
    expect([first.status, first.json.version, first.headers.get("etag")]).toEqual([200, 2, '"2"']);
    const second = await put(id, { definition: { ...definition, name: "Second" } }, '"1"');
    expect([second.status, second.json.type]).toEqual([412, "https://relance.dev/problems/precondition-failed"]);
    expect((await put(id, { definition }, "yesterday")).status).toBe(412);
    expect((await post(`/api/scenarios/${id}/activate`, {}, { "If-Match": '"1"' })).status).toBe(412);
    expect((await server.api(`/api/scenarios/${id}`)).json.name).toBe("First");
  });

  test("at once make one version each, none lost", async () => {
    const { id } = (await post("/api/scenarios", { definition })).json;
    const names = ["A", "B", "C", "D"];
    const answers = await Promise.all(names.map((name) => put(id, { definition: { ...definition, name } }, '"1"')));
    expect(answers.map(({ status }) => `${status}`).toSorted()).toEqual(["200", "412", "412", "412"]);
    expect((await server.api(`/api/scenarios/${id}`)).json.version).toBe(2);
  });
});

describe("lint", () => {
  const faulty = {
    ...definition,
    stop_on: [],
    blocks: { ...blocks, hello: { ...blocks.hello, params: { content: "gone" } }, lost: { type: "exit" } },
  };

  test("lists what is wrong, and keeps it from being activated", async () => {
    const { id } = (await post("/api/scenarios", { definition: faulty })).json;
    const { json } = await post(`/api/scenarios/${id}/lint`);
    expect(json.ok).toBe(false);
    const found = json.data.map(
      ({ level, code, path }: { level: string; code: string; path: string[] }) => `${level} ${code} ${path.join(">")}`,
    );
    expect(found).toEqual([
      "error unreachable lost",
      "error content_missing hello",
      "warning no_stop_on_withdrawal start",
    ]);
    const refused = await post(`/api/scenarios/${id}/activate`);
    expect(refused.status).toBe(422);
    expect(refused.json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      "/definition/blocks/lost",
      "/definition/blocks/hello",
    ]);
    expect((await server.api(`/api/scenarios/${id}`)).json.state).toBe("draft");
  });
});

describe("an active scenario", () => {
  let id: string;

  beforeAll(async () => {
    id = (await post("/api/scenarios", { definition: { ...definition, name: "Active" } })).json.id;
  });

  const signUp = async (user: string, consent: boolean) => {
    await server.send("identify", {
      userId: user,
      traits: { email: `${user}@example.com`, consent: { email: consent } },
    });
    await server.send("track", {
      userId: user,
      event: "Product Added",
      properties: { product_id: "p", price: 5, cart_id: user },
    });
    await server.send("track", { userId: user, event: "Signed Up" });
    await server.moveClock({ advance: "PT1M" });
  };
  const runs = async (query = "") => (await server.api(`/api/scenarios/${id}/runs${query}`)).json.data;

  test("lets people in from the moment it is activated", async () => {
    await signUp("early", true);
    const active = await post(`/api/scenarios/${id}/activate`);
    expect([active.status, active.json.state, active.json.live_version]).toEqual([200, "active", 1]);
    await signUp("ann", true);
    await signUp("bob", false);
    const [bob, ann] = await runs();
    expect(ann).toMatchObject({ external_id: "ann", outcome: "completed", version: 1 });
    expect(ann.path.map(({ block, output }: { block: string; output: string }) => `${block} ${output}`)).toEqual([
      "start next",
      "hello next",
    ]);
    expect(ann.messages).toEqual([
      expect.objectContaining({
        block: "hello",
        channel: "email",
        decision: "send",
        reason: "permitted",
        state: "sent",
      }),
    ]);
    expect(bob.messages).toEqual([
      expect.objectContaining({ decision: "suppressed", reason: "no_consent", state: null }),
    ]);
    expect(await runs("?outcome=running")).toEqual([]);
  });

  test("explains in one call why somebody did or did not get its message", async () => {
    const whyOf = async (user: string) => {
      const [{ id: contact }] = (await server.api(`/api/contacts?external_id=${user}`)).json.data;
      return (await server.api(`/api/contacts/${contact}/why?scenario=${id}`)).json;
    };
    const words = ({ runs: [run] }: { runs: { steps: { words: { en: string } }[] }[] }) =>
      run?.steps.map((step) => step.words.en);
    const ann = await whyOf("ann");
    expect(ann).toMatchObject({ name: "Active", state: "active", fits: { en: { holds: true } } });
    expect(words(ann)).toEqual([
      "Came in.",
      "Starts on the event “Signed Up”.",
      "Send an email: “cart_1”.",
      "The message “hello” (email) was sent.",
      "Left: Went all the way.",
    ]);
    expect(words(await whyOf("bob"))).toContain(
      "The message “hello” (email) was not sent. No consent for this channel.",
    );
    const early = await whyOf("early");
    expect(early).toMatchObject({ runs: [], start: { en: "Starts on the event “Signed Up”." } });
    expect((await server.api("/api/contacts/ct_0000000000/why?scenario=x")).status).toBe(404);
    expect((await server.api(`/api/contacts/${ann.id}/why`)).status).toBe(400);
  });

  test("counts every message in its funnel", async () => {
    const { json } = await server.api(`/api/scenarios/${id}/funnel`);
    expect(json).toMatchObject({ entered: 2, running: 0, outcomes: { completed: 2 }, refused: {} });
    expect(json.blocks).toEqual([
      {
        block: "hello",
        channel: "email",
        decided: 2,
        sent: 1,
        suppressed: 1,
        failed: 0,
        unknown: 0,
        pending: 0,
        reasons: { no_consent: 1 },
      },
    ]);
  });

  test("is not changed by a new draft until that is activated", async () => {
    await put(id, { definition: { ...definition, name: "Next" } });
    expect((await server.api(`/api/scenarios/${id}`)).json).toMatchObject({
      version: 2,
      live_version: 1,
      name: "Next",
    });
    expect((await post(`/api/scenarios/${id}/activate`)).json.live_version).toBe(2);
  });

  test("takes nobody while it is paused, and goes on afterwards", async () => {
    expect((await post(`/api/scenarios/${id}/pause`)).json.state).toBe("paused");
    await signUp("cho", true);
    expect((await runs()).map((run: { external_id: string }) => run.external_id)).not.toContain("cho");
    expect((await post(`/api/scenarios/${id}/activate`)).json.state).toBe("active");
    await signUp("dee", true);
    expect((await runs())[0]).toMatchObject({ external_id: "dee", version: 2 });
  });

  test("keeps who is on the way in their version, until one takes over", async () => {
    const named = (name: string, wait: string) => ({
      ...definition,
      name,
      blocks: {
        ...blocks,
        start: { ...blocks.start, next: { next: "wait" } },
        wait: { type: "wait.for", params: { duration: wait }, next: { next: "hello" } },
      },
    });
    const { id: versions } = (await post("/api/scenarios", { definition: named("Slow", "P1D") })).json;
    const positions = async () => (await server.api(`/api/scenarios/${versions}/positions`)).json.data;
    const activate = (body: object = {}) => post(`/api/scenarios/${versions}/activate`, body);
    await post(`/api/scenarios/${id}/pause`);
    await activate();
    await signUp("fay", true);
    await put(versions, { definition: named("Slower", "P9D") });
    expect((await activate({ runs: "migrate", blocks: { wait: "moon" } })).json.errors).toEqual([
      { pointer: "/blocks/wait", detail: "names no block of the draft" },
    ]);
    expect((await activate({ runs: "leave" })).status).toBe(400);
    expect((await activate()).json.live_version).toBe(2);
    await signUp("gil", true);
    expect(await positions()).toEqual([
      { version: 1, block: "wait", runs: 1, in_draft: "wait" },
      { version: 2, block: "wait", runs: 1, in_draft: "wait" },
    ]);
    // Both go on, side by side, each at its own pace.
    await server.moveClock({ advance: "P2D" });
    expect(await positions()).toEqual([{ version: 2, block: "wait", runs: 1, in_draft: "wait" }]);
    await put(versions, { definition: named("Quick", "P1D") });
    await activate({ runs: "migrate" });
    expect(await positions()).toEqual([{ version: 3, block: "wait", runs: 1, in_draft: "wait" }]);
    // Who was taken over waits for what they waited for.
    await server.moveClock({ advance: "P2D" });
    expect(await positions()).toHaveLength(1);
    await server.moveClock({ advance: "P6D" });
    expect(await positions()).toEqual([]);
    const { data } = (await server.api(`/api/scenarios/${versions}/runs`)).json;
    expect(data).toMatchObject([
      { external_id: "gil", version: 3, outcome: "completed" },
      { external_id: "fay", version: 1, outcome: "completed" },
    ]);
    await post(`/api/scenarios/${versions}/archive`);
    await post(`/api/scenarios/${id}/activate`);
  });

  test("ends for good with everybody in it when it is archived", async () => {
    const waiting = {
      ...blocks,
      start: { ...blocks.start, next: { next: "wait" } },
      wait: { type: "wait.for", params: { duration: "P1D" }, next: { next: "hello" } },
    };
    await put(id, { definition: { ...definition, blocks: waiting } });
    await post(`/api/scenarios/${id}/activate`);
    await signUp("eve", true);
    expect(await runs("?outcome=running")).toHaveLength(1);
    expect((await post(`/api/scenarios/${id}/archive`)).json.state).toBe("archived");
    expect((await runs())[0]).toMatchObject({
      external_id: "eve",
      outcome: "interrupted",
      reason: "scenario_archived",
    });
    await server.moveClock({ advance: "P2D" });
    expect((await runs())[0].messages).toEqual([]);
    for (const action of ["activate", "pause"]) expect((await post(`/api/scenarios/${id}/${action}`)).status).toBe(409);
    expect((await put(id, { definition })).status).toBe(409);
  });

  test("cannot be paused as a draft", async () => {
    const draft = (await post("/api/scenarios", { definition })).json;
    expect((await post(`/api/scenarios/${draft.id}/pause`)).status).toBe(409);
  });
});

test("the gallery has the templates with the schema of their parameters", async () => {
  const { json } = await server.api("/api/templates");
  expect(json.data.map(({ key }: { key: string }) => key)).toEqual(["abandoned-cart", "second-purchase"]);
  expect(json.data[0].params.properties.inactivity.default).toEqual({ duration: "PT30M", moved_by: "any_event" });
});
