import { describe, expect, it } from "vitest";
import { withPreferences } from "../../../src/contacts/preferences";
import { isOwnName } from "../../../src/events/names";
import type { BlockDefinition } from "../../../src/scenarios/block";
import { BLOCKS, blockDefinition } from "../../../src/scenarios/blocks";
import { addEffects, emptyBundle, readBundle } from "../../../src/scenarios/bundle";
import type { ScenarioDefinition } from "../../../src/scenarios/definition";
import { DONE_ANYWAY } from "../../../src/scenarios/gift";
import { checkGraph } from "../../../src/scenarios/graph";
import { Reaction } from "../../../src/scenarios/react";
import type { ContactState } from "../../../src/scenarios/state";
import { EMPTY_STATE } from "../../../src/scenarios/state";
import type { Surroundings } from "../../../src/scenarios/surroundings";
import type { MessageData } from "../../../src/sends/message";
import { scopeOf } from "../../../src/sends/scope";
import { SEND_COLUMNS, sendRow } from "../../../src/sends/send-row";
import { PERFORMERS } from "../../../src/services/acts/catalog";
import { DAY, MINUTE } from "../../../src/shared/clock";
import { facts, NOW, playbook } from "./facts";
import { scenario } from "./scenario";

const policy = () => ({ killed: [], ready: ["email"], holdout: 0, maxLatenessMs: DAY });

function reaction(state: ContactState, definition: ScenarioDefinition, now: number, is?: "paused") {
  const surroundings: Surroundings = { playbook: playbook({ s: definition }, is), facts: facts(), policy, now };
  return new Reaction(state, surroundings);
}

const ends = {
  issued: { type: "exit", params: { reason: "issued" } },
  none: { type: "exit", params: { reason: "none" } },
};
const coupon = scenario({
  start: { type: "start.event", params: { event: "Trigger" }, next: { next: "give" } },
  give: { type: "issue.coupon", params: { offer: "welcome" }, next: { issued: "issued", none: "none" } },
  ...ends,
});
const trigger = { type: "event", at: NOW, id: "e1", name: "Trigger", properties: { size: "M" } } as const;

function begun() {
  const first = reaction(EMPTY_STATE, coupon, NOW);
  first.hear(trigger);
  const act = first.effects.find((effect) => effect.kind === "acted");
  if (act?.kind !== "acted") throw new Error("nothing was to be done");
  return { state: first.state, act };
}

describe("blocks that have something done", () => {
  const examples = Object.entries(BLOCKS as Record<string, BlockDefinition<unknown>>).flatMap(([type, definition]) => {
    if (definition.category !== "action" || type.startsWith("send.")) return [];
    const params = definition.params.parse(definition.example) as Record<string, unknown>;
    return [[type, definition, params] as const];
  });

  it.each(examples)("%s: somebody does what its example asks for, and it can be stored", (type, definition, params) => {
    const { state } = begun();
    const [run] = state.runs;
    if (!run) throw new Error("no run");
    const step = definition.enter(params, { at: NOW, now: NOW, run, block: "act", facts: facts() });
    expect(step.do).toBe("act");
    if (step.do !== "act") return;
    expect(step.act.kind).toBe(type);
    expect(Object.keys(PERFORMERS)).toContain(step.act.kind);
    expect(JSON.parse(JSON.stringify(step.act))).toEqual({ kind: type, details: expect.any(Object) });
  });

  it("and what is done in any case is one of them", () => {
    expect(Object.keys(PERFORMERS)).toEqual(expect.arrayContaining([...DONE_ANYWAY]));
  });

  it("and nobody is there for what no block asks for", () => {
    const [run] = begun().state.runs;
    if (!run) throw new Error("no run");
    const kinds = Object.values(BLOCKS as Record<string, BlockDefinition<unknown>>).flatMap((definition) => {
      const params = definition.params.parse(definition.example);
      const step = definition.enter(params, { at: NOW, now: NOW, run, block: "act", facts: facts() });
      return step.do === "act" ? [step.act.kind] : [];
    });
    expect(Object.keys(PERFORMERS).sort()).toEqual([...new Set(kinds)].sort());
  });
});

describe("a run that waits for what it had done", () => {
  it("goes on by what came of it, and remembers what it was told", () => {
    const { state, act } = begun();
    const next = reaction(state, coupon, NOW + MINUTE);
    next.hear({ type: "acted", at: NOW + MINUTE, act: act.id, result: "issued", told: { coupon: "AB12" } });
    expect(next.effects).toMatchObject([
      { kind: "exited", reason: "issued", run: { about: { size: "M", coupon: "AB12" } } },
    ]);
  });

  it("hears nothing of what another one had done", () => {
    const { state } = begun();
    const next = reaction(state, coupon, NOW + MINUTE);
    next.hear({ type: "acted", at: NOW + MINUTE, act: "act_other", result: "issued" });
    expect(next.effects).toEqual([]);
  });

  it("goes on without it after a day", () => {
    const { state } = begun();
    const next = reaction(state, coupon, NOW + DAY);
    next.passTime(NOW + DAY);
    expect(next.effects).toMatchObject([{ kind: "exited", reason: "none" }]);
  });

  it("does not lose it to a pause", () => {
    const { state, act } = begun();
    const paused = reaction(state, coupon, NOW + MINUTE, "paused");
    paused.hear({ type: "acted", at: NOW + MINUTE, act: act.id, result: "issued" });
    expect(paused.effects).toEqual([]);
    const resumed = reaction(paused.state, coupon, NOW + DAY);
    resumed.passTime(NOW + DAY);
    expect(resumed.effects).toMatchObject([{ kind: "exited", reason: "issued" }]);
  });
});

describe("what an outbox of an earlier release holds", () => {
  it("is read as what it says, with no acts", () => {
    const { acts: _, ...old } = { ...emptyBundle(), stops: [[1, "run", "order", 5]] };
    expect(readBundle(JSON.stringify(old))).toEqual({ ...old, acts: [] });
  });
});

describe("what a scenario may not do", () => {
  const graph = (type: string, params: object) =>
    checkGraph(
      scenario({
        start: { type: "start.event", params: { event: "Trigger" }, next: { next: "act" } },
        act: { type, params, next: { next: "issued" } },
        issued: ends.issued,
      }),
    );

  it.each([
    "Order Completed",
    "order.completed",
    "Points Earned",
    "Product Added",
    "$segment",
    "consent.granted",
    "scenario.acted",
    "contact.erased",
    "Row Upserted",
  ])("emit the event %s, from which something follows", (event) => {
    expect(isOwnName(event)).toBe(true);
    expect(graph("emit.event", { event })).toMatchObject([{ pointer: "/blocks/act/params/event" }]);
  });

  it.each(["id", "email", "consent", "Consent_email", "topics", "preferences", "birth_date", "phone"])(
    "set %s as an attribute",
    (name) => {
      const faults = graph("update.profile", { attributes: { [name]: "x" } });
      expect(faults.map(({ pointer }) => pointer)).toContain(`/blocks/act/params/attributes/${name}`);
    },
  );

  it("say that somebody agreed", () => {
    expect(graph("subscribe", { consents: ["email"] })).not.toEqual([]);
    expect(graph("subscribe", { topics: [], ask: ["push"] })).not.toEqual([]);
  });
});

describe("topics that come and go", () => {
  it("leave those that were chosen meanwhile", () => {
    const before = { topics: ["sales", "news"], other: 1 };
    expect(withPreferences(before, { topics_joined: ["shoes"] })).toEqual({
      ...before,
      topics: ["sales", "news", "shoes"],
    });
    expect(withPreferences(before, { topics_left: ["sales"] })).toEqual({ ...before, topics: ["news"] });
    expect(withPreferences({}, { topics_joined: ["shoes"] })).toEqual({ topics: ["shoes"] });
  });
});

describe("a coupon's end", () => {
  const asked = (params: object) => {
    const give = {
      type: "issue.coupon",
      params: { offer: "welcome", ...params },
      next: { issued: "none", none: "none" },
    };
    const first = reaction(EMPTY_STATE, scenario({ ...coupon.blocks, give }), NOW);
    first.hear(trigger);
    const act = first.effects.find((effect) => effect.kind === "acted");
    return act?.kind === "acted" ? act.act.details : {};
  };

  it("is asked for as a time, or as the end of a day of the shop", () => {
    expect(asked({})).toEqual({ offer: "welcome" });
    expect(asked({ valid_for: "P14D" })).toEqual({ offer: "welcome", valid_for: "P14D" });
    expect(asked({ valid_until: "2026-07-14" })).toEqual({ offer: "welcome", ends_at: "2026-07-14T22:00:00.000Z" });
  });

  it("is one or the other", () => {
    const both = { offer: "welcome", valid_for: "P14D", valid_until: "2026-07-14" };
    expect(blockDefinition("issue.coupon")?.params.safeParse(both)).toMatchObject({ success: false });
  });
});

describe("a coupon's code", () => {
  const sent = { type: "send.email", params: { content: "cart_1" }, next: { next: "none" } };
  const telling = scenario({
    ...coupon.blocks,
    give: { type: "issue.coupon", params: { offer: "welcome" }, next: { issued: "mail", none: "none" } },
    mail: sent,
  });

  function mailed(properties: object) {
    const first = reaction(EMPTY_STATE, telling, NOW);
    first.hear({ ...trigger, properties: { ...properties } });
    const act = first.effects.find((effect) => effect.kind === "acted");
    const next = reaction(first.state, telling, NOW);
    const told = { coupon: "AB12", coupon_until: "2026-02-01T00:00:00.000Z" };
    next.hear({ type: "acted", at: NOW, act: act?.kind === "acted" ? act.id : "", result: "issued", told });
    return next.effects.find((effect) => effect.kind === "decided");
  }

  it("is frozen with the message behind it, for contents to print", () => {
    const decided = mailed({ coupon: "FROM-THE-BROWSER" });
    if (decided?.kind !== "decided") throw new Error("nothing was decided");
    const content = { key: "cart_1", version: 1 };
    const row = sendRow(
      decided.send,
      decided.intent,
      content,
      facts(),
      { cartUrl: "", utmSource: null, told: decided.told },
      NOW,
    );
    const data = JSON.parse(String(row[SEND_COLUMNS.indexOf("data")])) as MessageData;
    // The inbox for unsubscribes is frozen as well, for marketing mails alone.
    const mailboxOf = (change: object): unknown => {
      const more = { cartUrl: "", utmSource: null, told: undefined, mailbox: "bye@shop.test" };
      const made = sendRow("msg_1", { ...decided.intent, ...change }, content, facts(), more, NOW);
      return (JSON.parse(String(made[SEND_COLUMNS.indexOf("data")])) as { links: { mailbox?: string } }).links.mailbox;
    };
    expect([{}, { class: "transactional" }, { channel: "sms" }].map(mailboxOf)).toEqual([
      "bye@shop.test",
      undefined,
      undefined,
    ]);
    const shop = { name: "Shop", url: "https://shop.test", postalAddress: "Lyon", emailFrom: "a@shop.test" };
    const scope = scopeOf(data, { unsubscribe: "", open: null }, shop);
    const until = Date.UTC(2026, 1, 1);
    expect(scope.coupon).toEqual({ code: "AB12", until, expires_at: until });
  });

  it("is none that an event states", () => {
    const plain = scenario({
      start: { type: "start.event", params: { event: "Trigger" }, next: { next: "mail" } },
      mail: sent,
      none: ends.none,
    });
    const first = reaction(EMPTY_STATE, plain, NOW);
    first.hear({ ...trigger, properties: { ...{ coupon: "FROM-THE-BROWSER" } } as never });
    expect(first.effects.find((effect) => effect.kind === "decided")).not.toHaveProperty("told");
  });
});

describe("who is in the control group", () => {
  const both = scenario({
    start: { type: "start.event", params: { event: "Trigger" }, next: { next: "leave" } },
    leave: { type: "unsubscribe", params: { topics: ["sales"] }, next: { next: "give" } },
    give: { type: "issue.coupon", params: { offer: "welcome" }, next: { issued: "issued", none: "none" } },
    ...ends,
  });
  const measured = (definition: ScenarioDefinition) => {
    const about = { playbook: playbook({ s: definition }), facts: facts(), now: NOW };
    const done = new Reaction(EMPTY_STATE, { ...about, policy: () => ({ ...policy(), holdout: 0.999_999 }) });
    done.hear(trigger);
    const bundle = emptyBundle();
    addEffects(bundle, 1, done.effects, () => null);
    const exits = done.effects.flatMap((effect) => (effect.kind === "exited" ? [effect.reason] : []));
    return { exits, acts: bundle.acts.map(([, , , , , kind, , , , state, result]) => [kind, state, result]) };
  };

  it("is given and told nothing, with a row that says so, and what takes something back is done", () => {
    expect(measured(both)).toEqual({
      exits: ["none"],
      acts: [
        ["unsubscribe", "pending", null],
        ["issue.coupon", "left_out", "control_group"],
      ],
    });
  });

  it("is nobody where no marketing is done", () => {
    expect(measured({ ...both, class: "transactional" }).exits).toEqual([]);
  });
});
