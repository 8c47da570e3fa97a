import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contactRow, stableFraction } from "../../src/shared/ids";
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
      [{ definition: { ...definition, colour: 3 } }, 400, ["/definition/colour"]],
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
      ["POST", "/resume"],
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

  test("explains in one call why somebody did or did not get its message (Appendix B 40)", async () => {
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
      "Sends an email: “cart_1”.",
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

  test("takes nobody while it is paused, and resumes in the version that ran, whatever its draft is by then", async () => {
    expect((await post(`/api/scenarios/${id}/pause`)).json.state).toBe("paused");
    await signUp("cho", true);
    expect((await runs()).map((run: { external_id: string }) => run.external_id)).not.toContain("cho");
    await put(id, { definition: { ...definition, blocks: { ...blocks, hello: { type: "exit" } } } });
    for (let turn = 0; turn < 2; turn++) {
      const resumed = await post(`/api/scenarios/${id}/resume`);
      expect(resumed.json).toMatchObject({ state: "active", version: 3, live_version: 2 });
    }
    await signUp("dee", true);
    expect((await runs())[0]).toMatchObject({ external_id: "dee", version: 2 });
  });

  test("sends behind a pause what fell due in it, and asks anew of what was put off", async () => {
    const nap = { type: "wait.for", params: { duration: "PT2H" }, next: { next: "hello" } };
    const napping = { ...blocks, start: { ...blocks.start, next: { next: "nap" } }, nap };
    const { id: naps } = (await post("/api/scenarios", { definition: { ...definition, blocks: napping } })).json;
    const sent = async () =>
      (await server.api(`/api/scenarios/${naps}/runs`)).json.data.map(
        (run: { external_id: string; messages: { state: string }[] }) =>
          [run.external_id, run.messages.map(({ state }) => state).join()].join(" "),
      );
    await post(`/api/scenarios/${id}/pause`);
    await post(`/api/scenarios/${naps}/activate`);
    await signUp("hal", true);
    await server.moveClock({ advance: "PT1H" });
    await signUp("ina", true);
    await post("/api/switches/kill", { on: true });
    await server.moveClock({ advance: "PT1H" });
    await post(`/api/scenarios/${naps}/pause`);
    await post("/api/switches/kill", { on: false });
    await server.moveClock({ advance: "PT2H" });
    expect(await sent()).toEqual(["ina ", "hal "]);
    await post(`/api/scenarios/${naps}/resume`);
    await server.moveClock({ advance: "PT1M" });
    expect(await sent()).toEqual(["ina sent", "hal sent"]);
    await post(`/api/scenarios/${naps}/archive`);
    await post(`/api/scenarios/${id}/resume`);
  });

  test("keeps who is on the way in their version, until one takes over (Appendix B 37)", async () => {
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
    const astray = await activate({ runs: "migrate", blocks: { wait: "moon", start: "hello", tide: "wait" } });
    expect([astray.status, astray.json.errors]).toEqual([
      422,
      [
        { pointer: "/blocks/wait", detail: "names no block of the draft" },
        {
          pointer: "/blocks/start",
          detail: "names a block of another kind: start.event cannot go on as send.email",
        },
        { pointer: "/blocks/tide", detail: "is no block of an earlier version" },
      ],
    ]);
    expect((await server.api(`/api/scenarios/${versions}`)).json).toMatchObject({ version: 2, live_version: 1 });
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
    await post(`/api/scenarios/${id}/resume`);
  });

  test("tries a version beside the one that runs, for a share of those who come, until one is kept", async () => {
    const named = (name: string, event = "Came Along") => ({
      ...definition,
      name,
      goal: { event: "Joined" },
      blocks: {
        ...blocks,
        start: { type: "start.event", params: { event }, next: { next: "hello" } },
        hello: { ...blocks.hello, next: { next: "wait" } },
        wait: { type: "wait.for", params: { duration: "P1D" }, next: { next: "done" } },
      },
    });
    const { id: tested } = (await post("/api/scenarios", { definition: named("First") })).json;
    const path = `/api/scenarios/${tested}`;
    const beside = (share = 0.5) => post(`${path}/activate`, { side_by_side: { share } });
    expect((await beside()).status).toBe(409);
    await post(`${path}/activate`);
    await put(tested, { definition: named("Elsewhere", "Went Off") });
    const refused = await beside();
    expect([refused.status, refused.json.errors.map(({ pointer }: { pointer: string }) => pointer)]).toEqual([
      422,
      ["/definition/blocks/start/params/event"],
    ]);
    await put(tested, { definition: named("Second") });
    expect((await post(`${path}/activate`, { runs: "migrate", side_by_side: { share: 0.5 } })).status).toBe(400);
    expect((await beside()).json).toMatchObject({ live_version: 1, side_by_side: { version: 3, share: 0.5 } });
    expect((await beside()).status).toBe(200);
    const busy = [await beside(0.2), await post(`${path}/activate`)];
    for (const { status, json } of busy) expect([status, json.detail]).toEqual([409, expect.stringContaining("/keep")]);
    // A pause holds both, and ends no test.
    await post(`${path}/pause`);
    expect((await post(`${path}/activate`)).json).toMatchObject({ state: "active", side_by_side: { version: 3 } });

    const people = ["hal", "ida", "jon", "kay", "leo", "mia"];
    for (const userId of people) {
      await server.send("identify", { userId, traits: { email: `${userId}@example.com`, consent: { email: true } } });
      const cart = { product_id: "p", price: 5, cart_id: userId };
      await server.send("track", { userId, event: "Product Added", properties: cart });
      await server.send("track", { userId, event: "Came Along" });
    }
    await server.moveClock({ advance: "PT1M" });
    await server.send("track", { userId: "hal", event: "Joined" });
    await server.moveClock({ advance: "PT1M" });
    const came: { external_id: string; contact_id: string; version: number }[] = (await server.api(`${path}/runs`)).json
      .data;
    const wayOf = (contact: string) => (stableFraction("versus", tested, 3, contactRow(contact) ?? 0) < 0.5 ? 3 : 1);
    expect(came.map(({ version }) => version)).toEqual(came.map(({ contact_id: contact }) => wayOf(contact)));
    expect(came).toHaveLength(people.length);
    const joined = came.find(({ external_id: user }) => user === "hal")?.version;
    const { data, last } = (await server.api(`${path}/versus`)).json;
    expect(last).toBeNull();
    for (const [index, version] of [1, 3].entries()) {
      const entered = came.filter((run) => run.version === version).length;
      const goals = version === joined ? 1 : 0;
      expect(data[index]).toEqual({
        version,
        role: version === 1 ? "live" : "challenger",
        share: 0.5,
        entered,
        running: entered - goals,
        sent: entered,
        goals,
        goal_share: entered === 0 ? null : goals / entered,
      });
    }

    expect((await post(`${path}/versions/2/keep`)).status).toBe(409);
    for (const _twice of [1, 2]) {
      const kept = await post(`${path}/versions/3/keep`);
      expect([kept.status, kept.json.live_version, kept.json.side_by_side]).toEqual([200, 3, null]);
    }
    const over = (await server.api(`${path}/versus`)).json;
    expect(over).toMatchObject({ since: null, data: [], last: { kept: 3, data } });
    expect(Date.parse(over.last.until)).toBeGreaterThan(Date.parse(over.last.since));
    await server.send("track", { userId: "hal", event: "Came Along" });
    await server.moveClock({ advance: "P2D" });
    // Who comes in later is no matter of the test; what becomes of those who came in while it ran is.
    const entered = (sides: { entered: number }[]) => sides.map((side) => side.entered);
    expect(entered((await server.api(`${path}/versus`)).json.last.data)).toEqual(entered(data));
    const after: typeof came = (await server.api(`${path}/runs`)).json.data;
    expect(after.map(({ version }) => version)).toEqual([3, ...came.map(({ version }) => version)]);
    await post(`${path}/archive`);
  });

  test("lets in whom the API names, once for each key, where it starts by the API", async () => {
    const asked = { start: { type: "start.api", next: { next: "done" } }, done: blocks.done };
    const entry = { external_id: "fay", key: "ticket-1", properties: { ticket: 1 } };
    const { id: other } = (await post("/api/scenarios", { definition })).json;
    const { id: api } = (await post("/api/scenarios", { definition: { ...definition, blocks: asked } })).json;
    expect((await post(`/api/scenarios/${api}/enter`, entry)).status).toBe(409);
    await post(`/api/scenarios/${api}/activate`);
    const first = await post(`/api/scenarios/${api}/enter`, entry);
    expect(first.status).toBe(202);
    expect(first.json).toMatchObject({ entry_key: "api:ticket-1" });
    await post(`/api/scenarios/${api}/enter`, { contact: first.json.contact, key: "ticket-1" });
    for (const [path, body, status] of [
      [api, { external_id: "nobody-at-all" }, 404],
      [api, {}, 400],
      [api, { external_id: "fay", contact: first.json.contact }, 400],
      [other, entry, 409],
    ] as const) {
      expect((await post(`/api/scenarios/${path}/enter`, body)).status).toBe(status);
    }
    await expect
      .poll(async () => (await server.api(`/api/scenarios/${api}/runs`)).json.data)
      .toMatchObject([{ external_id: "fay", entry_key: "api:ticket-1", outcome: "completed" }]);
    await post(`/api/scenarios/${api}/archive`);
  });

  test("sends on channels without a provider to the inbox, each message with the address of its channel", async () => {
    const text = { title: "Hello", body: "Look at {{ shop.url }}" };
    const channels = ["push", "wallet", "print"];
    for (const channel of channels) {
      const key = `hello_${channel}`;
      expect((await post("/api/contents", { key, channel, texts: { en: text, fr: text } })).status).toBe(201);
    }
    const address = { street: "3 rue du Port", postal_code: "69002", city: "Lyon" };
    const traits = { email: "pat@example.com", address, consent: { push: true, email: true } };
    await server.send("identify", { userId: "pat", traits });
    const next = [...channels, "done"];
    const sending = channels.map((channel, index) => {
      const params = { content: `hello_${channel}` };
      return [channel, { type: `send.${channel}`, params, next: { next: next[index + 1] } }];
    });
    const graph = {
      start: { type: "start.api", next: { next: "open" } },
      open: {
        type: "wait.window",
        params: { days: ["mon", "tue", "wed", "thu", "fri", "sat"] },
        next: { next: "push" },
      },
      ...Object.fromEntries(sending),
      done: blocks.done,
    };
    const made = await post("/api/scenarios", { definition: { ...definition, blocks: graph } });
    await post(`/api/scenarios/${made.json.id}/activate`);
    expect((await post(`/api/scenarios/${made.json.id}/enter`, { external_id: "pat" })).status).toBe(202);
    await server.moveClock({ advance: "PT1M" });
    const inbox = async (channel: string) => (await server.api(`/dev/inbox.json?channel=${channel}`)).json.data;
    expect(await inbox("push")).toMatchObject([{ to: "pat", subject: "Hello", block: "push" }]);
    expect(await inbox("wallet")).toMatchObject([{ to: "pat" }]);
    expect(await inbox("print")).toMatchObject([{ to: "3 rue du Port\n69002 Lyon" }]);
    await post(`/api/scenarios/${made.json.id}/archive`);
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
    for (const action of ["activate", "pause", "resume"])
      expect((await post(`/api/scenarios/${id}/${action}`)).status).toBe(409);
    expect((await put(id, { definition })).status).toBe(409);
  });

  test("cannot be paused or resumed as a draft", async () => {
    const draft = (await post("/api/scenarios", { definition })).json;
    expect((await post(`/api/scenarios/${draft.id}/pause`)).status).toBe(409);
    const resumed = await post(`/api/scenarios/${draft.id}/resume`);
    expect([resumed.status, resumed.json.detail]).toEqual([409, expect.stringContaining("activate it")]);
  });
});

test("the gallery has the templates with the schema of their parameters", async () => {
  const { json } = await server.api("/api/templates");
  expect(json.data.map(({ key }: { key: string }) => key)).toEqual(["abandoned-cart", "second-purchase"]);
  expect(json.data[0].params.properties.inactivity.default).toEqual({ duration: "PT30M", moved_by: "any_event" });
});
