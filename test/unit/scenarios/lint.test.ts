import { describe, expect, it } from "vitest";
import type { ScenarioDefinition } from "../../../src/scenarios/definition";
import { checkGraph } from "../../../src/scenarios/graph";
import type { Known } from "../../../src/scenarios/lint";
import { lint } from "../../../src/scenarios/lint";
import { withDefaults } from "../../../src/scenarios/live";
import { scenario } from "./scenario";

const known: Known = {
  contents: [
    { key: "hello", channel: "email" },
    { key: "ring", channel: "sms" },
  ],
  channels: ["email", "sms"],
};

/** Level, code and path of every finding of a graph that can be stored. */
function findings(definition: ScenarioDefinition, about = known): string[] {
  expect(checkGraph(definition)).toEqual([]);
  return lint(withDefaults(definition), about).map(({ level, code, path }) => `${level} ${code} ${path.join(">")}`);
}

const done = { type: "exit" };
const wait = (next: string, duration = "P1D") => ({ type: "wait.for", params: { duration }, next: { next } });
const branch = (yes: string, no: string) => ({
  type: "if.targeting",
  params: { rule: { all: [] } },
  next: { yes, no },
});
const email = (next: string, content = "hello") => ({ type: "send.email", params: { content }, next: { next } });
const start = (next: string) => ({ type: "start.event", params: { event: "Signed Up" }, next: { next } });
const cart = (next: string) => ({ type: "start.event", params: { event: "cart.abandoned" }, next: { next } });
const reaction = (block: string, yes: string, timeout: string) => ({
  type: "wait.message",
  params: { block, on: "engaged", timeout: "P5D" },
  next: { yes, timeout },
});

describe("lint", () => {
  it("refuses a draw of so many from all contacts where one contact is asked, and lets percents pass", () => {
    const drawn = (rule: object) => ({ ...branch("done", "done"), params: { rule: { any: [{ not: rule }] } } });
    const asks = (rule: object, filter: object) =>
      findings(scenario({ start: start("a"), a: drawn(rule), done }, { filter: filter as never }));
    const [many, percent] = [
      { type: "sample.count", count: 9 },
      { type: "sample.percent", percent: 9 },
    ];
    expect(asks(many, percent)).toEqual(["error draw_of_all a"]);
    expect(asks(percent, many)).toEqual(["error draw_of_all start"]);
    expect(asks(percent, percent)).toEqual([]);
  });

  it("has nothing to say of a plain scenario", () => {
    expect(findings(scenario({ start: start("a"), a: email("done"), done }))).toEqual([]);
  });

  it("finds blocks that no way leads to", () => {
    expect(findings(scenario({ start: start("done"), done, lost: email("done") }))).toEqual(["error unreachable lost"]);
  });

  it("finds a loop without a wait, with the way around it, once", () => {
    const blocks = { start: start("a"), a: branch("b", "done"), b: email("a"), done };
    expect(findings(scenario(blocks))).toEqual(["error loop_without_wait a>b>a"]);
    expect(findings(scenario({ ...blocks, b: wait("a") }))).toEqual([]);
    expect(findings(scenario({ ...blocks, b: wait("a", "PT0S") }))).toEqual(["error loop_without_wait a>b>a"]);
    expect(findings(scenario({ start: start("a"), a: branch("a", "done"), done }))).toEqual([
      "error loop_without_wait a>a",
    ]);
  });

  it("finds a wait for a message that was not sent before", () => {
    const late = { start: start("w"), w: reaction("a", "a", "a"), a: email("done"), done };
    expect(findings(scenario(late))).toEqual(["error message_not_before w>a"]);
    const none = { start: start("w"), w: reaction("start", "done", "done"), done };
    expect(findings(scenario(none))).toEqual(["error not_a_message w"]);
    const gone = { start: start("w"), w: reaction("nobody", "done", "done"), done };
    expect(findings(scenario(gone))).toEqual(["error not_a_message w"]);
    const perhaps = { start: start("i"), i: branch("a", "w"), a: email("w"), w: reaction("a", "done", "done"), done };
    expect(findings(scenario(perhaps))).toEqual(["warning message_not_certain start>i>w"]);
  });

  it("finds contents that are missing or made for another channel", () => {
    expect(findings(scenario({ start: start("a"), a: email("done", "bye"), done }))).toEqual([
      "error content_missing a",
    ]);
    expect(findings(scenario({ start: start("a"), a: email("done", "ring"), done }))).toEqual([
      "error content_of_other_channel a",
    ]);
  });

  it("warns of a channel that is not set up", () => {
    const blocks = { start: start("a"), a: email("done"), done };
    expect(findings(scenario(blocks), { ...known, channels: ["sms"] })).toEqual(["warning channel_not_ready a"]);
  });

  it("insists that an order stops the recovery of a cart", () => {
    const blocks = { start: cart("a"), a: email("done"), done };
    expect(findings(scenario(blocks, { stop_on: ["withdrawal"] }))).toEqual(["error no_stop_on_order start>a"]);
    expect(findings(scenario({ ...blocks, start: start("a") }, { stop_on: ["withdrawal"] }))).toEqual([]);
  });

  it("warns where marketing goes on after a withdrawal, and only there", () => {
    const blocks = { start: start("a"), a: email("done"), done };
    expect(findings(scenario(blocks, { stop_on: [] }))).toEqual(["warning no_stop_on_withdrawal start"]);
    expect(findings(scenario(blocks, { stop_on: [], class: "transactional" }))).toEqual([]);
  });

  it("warns of a way that ends without an exit, with the way", () => {
    const open = { type: "send.email", params: { content: "hello" }, next: {} };
    expect(findings(scenario({ start: start("w"), w: wait("a"), a: open }))).toEqual(["warning no_exit start>w>a"]);
  });

  it("lists errors before warnings and says each in both languages", () => {
    const found = lint(scenario({ start: start("a"), a: email("done", "bye"), done }, { stop_on: [] }), known);
    expect(found.map(({ level }) => level)).toEqual(["error", "warning"]);
    for (const { message } of found) expect([message.en, message.fr].every((words) => words.endsWith("."))).toBe(true);
  });

  it("finds a rule about a table that the shop does not have, where it is asked", () => {
    const pets = { type: "table", table: "pets", op: "gte", value: 1 };
    const asks = { type: "if.targeting", params: { rule: { not: pets } }, next: { yes: "done", no: "done" } };
    const terms = { shop: { zone: "UTC", currency: "EUR" }, table: () => undefined };
    const definition = scenario({ start: start("asks"), asks, done }, { filter: pets });
    expect(findings(definition, { ...known, terms } as typeof known)).toEqual([
      "error rule_without_table asks",
      "error rule_without_table start",
    ]);
    expect(findings(definition)).toEqual([]);
  });

  it("finds a rule that is longer than the database takes, where it is asked", () => {
    const lines = Array.from({ length: 5 }, () => Array(10).fill({ field: "brand", op: "is", value: "Nord" }));
    const long = { any: Array(20).fill({ type: "orders.count", op: "gte", value: 1, lines }) };
    const asks = { type: "if.targeting", params: { rule: long }, next: { yes: "done", no: "done" } };
    const terms = { shop: { zone: "UTC", currency: "EUR" }, table: () => undefined };
    const definition = scenario({ start: start("asks"), asks, done });
    expect(findings(definition, { ...known, terms } as typeof known)).toEqual(["error rule_too_long asks"]);
  });

  describe("of what rings", () => {
    const sms = { type: "send.sms", params: { content: "ring" }, next: { next: "done" } };
    const hours = (change: object = {}, next = "ring") => ({
      type: "wait.window",
      params: { days: ["mon", "sat"], from: "08:00", to: "20:00", ...change },
      next: { next },
    });

    it("wants a wait for the days and hours that the law leaves open right before it", () => {
      const behind = (...waits: { type: string; params: object; next: object }[]) =>
        findings(
          scenario({
            start: start("w0"),
            ...Object.fromEntries(waits.map((one, index) => [`w${index}`, one])),
            ring: sms,
            done,
          }),
        );
      expect(findings(scenario({ start: start("ring"), ring: sms, done }))).toEqual([
        "error rings_at_any_hour start>ring",
      ]);
      expect(behind(hours())).toEqual([]);
      const wide = ["error rings_at_any_hour start>w0>ring"];
      expect(behind(hours({ days: ["sat", "sun"] }))).toEqual(wide);
      expect(behind(hours({ from: "07:59" }))).toEqual(wide);
      expect(behind(hours({ to: "20:01" }))).toEqual(wide);
      expect(behind(hours({ from: "20:00", to: "08:00" }))).toEqual(wide);
      expect(behind(hours({ holidays: "include" }))).toEqual(wide);
      // Whatever waits between may end on a Sunday.
      expect(behind(hours({}, "w1"), wait("ring"))).toEqual(["error rings_at_any_hour start>w0>w1>ring"]);
      expect(behind(wait("w1"), hours())).toEqual([]);
    });

    it("shows the way that goes around the wait", () => {
      const blocks = { start: start("a"), a: branch("w", "ring"), w: hours(), ring: sms, done };
      expect(findings(scenario(blocks))).toEqual(["error rings_at_any_hour start>a>ring"]);
    });

    it("leaves alone what is no marketing, and what does not ring", () => {
      expect(findings(scenario({ start: start("ring"), ring: sms, done }, { class: "transactional" }))).toEqual([]);
      expect(findings(scenario({ start: start("a"), a: email("done"), done }))).toEqual([]);
    });
  });

  it("says where another active scenario begins with the same thing and neither goes first", () => {
    const own = scenario({ start: start("a"), a: email("done"), done });
    const about = (...others: ScenarioDefinition[]) => findings(own, { ...known, others });
    expect(about({ ...own, name: "Twin" })).toEqual(["warning same_trigger start"]);
    expect(about({ ...own, priority: 51 }, scenario({ start: cart("done"), done }))).toEqual([]);
  });
});
