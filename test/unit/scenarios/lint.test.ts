import { describe, expect, it } from "vitest";
import { offerInput } from "../../../src/commerce/coupon";
import type { ScenarioDefinition } from "../../../src/scenarios/definition";
import { checkGraph } from "../../../src/scenarios/graph";
import type { Known } from "../../../src/scenarios/lint";
import { lint } from "../../../src/scenarios/lint";
import { withDefaults } from "../../../src/scenarios/live";
import { Days } from "./days";
import { NOW } from "./facts";
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

  it("finds a loop without a wait, with the way around it, once (Appendix B 34)", () => {
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

  it("warns of a message after the purchase wherever somebody is about to buy, with the way to it", () => {
    const looked = { type: "start.event", params: { event: "Checkout Started" }, next: { next: "w" } };
    const blocks = { start: looked, w: wait("a"), a: email("done"), done };
    const on = (rest: Partial<ScenarioDefinition>) => findings(scenario(blocks, { stop_on: ["withdrawal"], ...rest }));
    expect(on({})).toEqual(["warning no_stop_on_order start>w>a"]);
    expect(on({ goal: { event: "Order Completed" } })).toEqual([]);
    expect(on({ stop_when: [{ event: "Order Completed" }] })).toEqual([]);
    expect(on({ stop_on: ["order", "withdrawal"] })).toEqual([]);
    expect(on({ class: "transactional" })).toEqual([]);
  });

  it("warns where a run begins with each telling of an order", () => {
    const ordered = (params: object) => ({
      start: { type: "start.event", params: { event: "Order Completed", ...params }, next: { next: "a" } },
      a: email("done"),
      done,
    });
    expect(findings(scenario(ordered({})))).toEqual(["warning start_without_key start"]);
    expect(findings(scenario(ordered({ key: "order_id" })))).toEqual([]);
    expect(findings(scenario(ordered({}), { reentry: { policy: "once" } }))).toEqual([]);
  });

  it("finds a circle in which what is waited for has come before, and none through whoever sends it", () => {
    const blocks = { start: start("e"), e: email("w"), done };
    const again = { ...blocks, w: reaction("e", "b", "done"), b: branch("w", "done") };
    expect(findings(scenario(again))).toEqual(["error loop_without_wait w>b>w"]);
    expect(findings(scenario({ ...blocks, w: reaction("e", "e", "done") }))).toEqual([]);
    expect(findings(scenario({ ...blocks, w: reaction("e", "done", "w") }))).toEqual([]);
  });

  it("finds a way of more blocks at once than a run is let through, with the way", () => {
    const chain = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => {
          const next = index + 1 < count ? `b${index + 1}` : "done";
          return [`b${index}`, branch(next, "done")];
        }),
      );
    expect(findings(scenario({ start: start("b0"), ...chain(18), done }))).toEqual([]);
    const [found] = findings(scenario({ start: start("b0"), ...chain(19), done }));
    expect(found).toMatch(/^error too_many_at_once start>b0>b1>.*>b18>done$/);
    expect(findings(scenario({ start: start("w"), w: wait("b0"), ...chain(19), done }))).toHaveLength(1);
    const begun = { type: "event", at: NOW, id: "e", name: "Signed Up" } as const;
    const runs = (count: number) =>
      new Days({ definitions: { s: withDefaults(scenario({ start: start("b0"), ...chain(count), done })) } }).hear(
        NOW,
        begun,
      ).told;
    expect([runs(18), runs(19)]).toEqual([
      ["entered", "exited:end"],
      ["entered", "exited:loop_without_wait"],
    ]);
    const half = { ...chain(29), b10: wait("b11") };
    expect(findings(scenario({ start: start("b0"), ...half, done }))).toEqual([]);
  });

  it.each([
    ["wait.event", { event: "Reviewed" }],
    ["wait.message", { block: "a", on: "opened" }],
  ])("%s without a time-out cannot be stored at all: the error says where it is missing", (type, params) => {
    const graph = scenario({
      start: start("a"),
      a: email("w"),
      w: { type, params, next: { yes: "done", timeout: "done" } },
      done,
    });
    expect(checkGraph(graph)).toMatchObject([{ pointer: "/blocks/w/params/timeout" }]);
  });

  it("a coupon without validity cannot be issued, as no offer of one can be stored", () => {
    const offer = offerInput.safeParse({ name: "Welcome", kind: "percent", value: 10 });
    expect(offer.error?.issues).toMatchObject([{ path: ["valid_for"], message: expect.stringContaining("end") }]);
  });

  describe("variables of contents", () => {
    const content = (about: object) => ({ ...known, contents: [{ key: "hello", channel: "email", ...about }] });
    const greets = scenario({ start: start("w"), w: wait("a"), a: email("done"), done });

    it("that are none are refused, with the way to the message", () => {
      const about = content({ names: ["cart.sum"], asked: ["cart"], unknown: ["cart.sum"] });
      expect(findings(greets, about)).toEqual(["error variable_unknown start>w>a"]);
    });

    it("that nothing gives are spoken of: the cart where no cart began the scenario, or the order", () => {
      for (const about of [{ needs: ["cart"] }, { names: ["cart.total"] }, { names: ["order.id"] }]) {
        expect(findings(greets, content(about))).toEqual(["warning variable_not_given start>w>a"]);
      }
      expect(findings(greets, content({ names: ["cart.total"], asked: ["cart"] }))).toEqual([]);
      expect(findings(greets, content({ names: ["contact.first_name", "shop.name"] }))).toEqual([]);
    });

    it("are given by what begins the scenario, or by a rule that asks for them", () => {
      const needs = content({ needs: ["cart"] });
      expect(findings(scenario({ start: cart("a"), a: email("done"), done }), needs)).toEqual([]);
      const filter = { type: "cart.value", op: "gte", value: 1 } as const;
      expect(findings({ ...greets, filter }, needs)).toEqual([]);
      const ordered = {
        type: "start.event",
        params: { event: "Order Completed", key: "order_id" },
        next: { next: "a" },
      };
      expect(findings(scenario({ start: ordered, a: email("done"), done }), content({ needs: ["order"] }))).toEqual([]);
      const first = { type: "start.date", params: { field: "first_order", yearly: true }, next: { next: "a" } };
      expect(findings(scenario({ start: first, a: email("done"), done }), content({ names: ["order.id"] }))).toEqual(
        [],
      );
    });

    it("of a coupon want one issued on every way to the message", () => {
      const coupon = content({ names: ["coupon.code"] });
      const give = (issued: string, none: string) => {
        return { type: "issue.coupon", params: { offer: "welcome" }, next: { issued, none } };
      };
      const blocks = { a: email("done"), done };
      expect(findings(scenario({ start: start("g"), g: give("a", "done"), ...blocks }), coupon)).toEqual([]);
      expect(findings(scenario({ start: start("g"), g: give("a", "a"), ...blocks }), coupon)).toEqual([
        "error coupon_not_issued start>g>a",
      ]);
      const around = { start: start("b"), b: branch("g", "a"), g: give("a", "done"), ...blocks };
      expect(findings(scenario(around), coupon)).toEqual(["error coupon_not_issued start>b>a"]);
      expect(findings(scenario(around), content({ names: ["coupon.code"], asked: ["coupon"] }))).toEqual([]);
    });
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

    it("wants a wait for the days and hours that the law leaves open right before it (Appendix B 34)", () => {
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
    const about = (...others: ScenarioDefinition[]) =>
      findings(own, { ...known, others: others.map((definition, index) => ({ id: `o${index}`, definition })) });
    expect(about({ ...own, name: "Twin" })).toEqual(["warning same_trigger start"]);
    expect(about({ ...own, priority: 51 }, scenario({ start: cart("done"), done }))).toEqual([]);
  });
});
