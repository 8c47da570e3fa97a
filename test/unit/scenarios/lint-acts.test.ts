import { describe, expect, it } from "vitest";
import type { ScenarioDefinition } from "../../../src/scenarios/definition";
import { checkGraph } from "../../../src/scenarios/graph";
import { lint } from "../../../src/scenarios/lint";
import type { OtherScenario } from "../../../src/scenarios/lint-acts";
import { checkOutboundUrl } from "../../../src/shared/outbound-url";
import { scenario } from "./scenario";

const policy = { isLocal: false, hosts: ["hooks.shop.example"] };
const refusesCall = (url: string): string | null => {
  const checked = checkOutboundUrl(url, policy);
  return checked.ok ? null : checked.reason;
};

function acting(type: string, params: object, event = "Trigger"): ScenarioDefinition {
  return scenario({
    start: { type: "start.event", params: { event }, next: { next: "act" } },
    act: { type, params, next: { next: "end" } },
    end: { type: "exit" },
  });
}

const codes = (definition: ScenarioDefinition, known: object): string[] =>
  lint(definition, { contents: [], channels: [], self: "self", ...known }).map(({ code }) => code);

describe("an address that a scenario calls, in production", () => {
  it.each([
    ["F01", "http://127.0.0.1/"],
    ["F01", "https://2130706433/"],
    ["F01", "https://0x7f.1/"],
    ["F01", "https://127.1/"],
    ["F01", "https://①②⑦.0.0.1/"],
    ["F02", "https://[::1]/"],
    ["F02", "https://[::ffff:127.0.0.1]/"],
    ["F02", "https://[fd00::1]/"],
    ["F02", "https://[fe80::1]/"],
    ["F05", "https://rebind.attacker.example/"],
    ["F06", "https://hooks.shop.example:22/"],
    ["F06", "https://hooks.shop.example:25/"],
    ["F06", "https://hooks.shop.example:6379/"],
    ["F06", "http://hooks.shop.example/"],
    ["F06", "ftp://hooks.shop.example/"],
    ["F06", "file:///etc/passwd"],
    ["F06", "gopher://hooks.shop.example/"],
  ])("%s: %s is refused when it is saved, at its place", (_, url) => {
    const faults = checkGraph(acting("webhook", { url }), refusesCall);
    expect(faults).toMatchObject([{ pointer: "/blocks/act/params/url" }]);
  });

  it("is taken on the operator's list, and refused at activation once it is off it", () => {
    const definition = acting("webhook", { url: "https://hooks.shop.example/a" });
    expect(checkGraph(definition, refusesCall)).toEqual([]);
    expect(codes(definition, { refusesCall })).not.toContain("address_refused");
    const refusesAll = () => "names a host that the operator has not allowed";
    expect(codes(definition, { refusesCall: refusesAll })).toContain("address_refused");
  });
});

describe("a scenario that begins itself again (H10)", () => {
  const other = (id: string, definition: ScenarioDefinition): OtherScenario => ({ id, definition });

  it("is refused: by its own id", () => {
    expect(codes(acting("begin.scenario", { scenario: "self" }), { others: [] })).toContain("circle");
  });

  it("is refused: by the event on which it starts", () => {
    expect(codes(acting("emit.event", { event: "Trigger" }), { others: [] })).toContain("circle");
  });

  it("is refused: through two others, by id and by event", () => {
    const others = [
      other("b", acting("emit.event", { event: "Middle" }, "Never")),
      other("c", acting("begin.scenario", { scenario: "self" }, "Middle")),
    ];
    const definition = acting("begin.scenario", { scenario: "b" });
    const found = lint(definition, { contents: [], channels: [], self: "self", others });
    expect(found.find(({ code }) => code === "circle")).toMatchObject({ level: "error", path: ["act"] });
  });

  const earns = (on: object, points: number) =>
    scenario({
      start: { type: "start.loyalty", params: on, next: { next: "act" } },
      act: { type: "award.points", params: { points }, next: { next: "end" } },
      end: { type: "exit" },
    });

  it("is refused: by points that are enough to begin it", () => {
    const asks = { on: "points_earned", at_least: 100 };
    const found = lint(earns(asks, 100), { contents: [], channels: [], self: "self", others: [] });
    expect(found.find(({ code }) => code === "circle")).toMatchObject({ level: "error", path: ["act"] });
  });

  it.each([
    ["points that are too few to begin it", earns({ on: "points_earned", at_least: 100 }, 99)],
    ["points that were spent", earns({ on: "points_spent", at_least: 1 }, 100)],
    ["a number of points that is passed once", earns({ on: "points_reached", at_least: 500 }, 100)],
    ["a tier that is reached once", earns({ on: "tier_reached" }, 100)],
    ["a tier that is near until it is reached", earns({ on: "near_tier" }, 100)],
  ])("is not one that begins with %s", (_, definition) => {
    expect(codes(definition, { others: [] })).not.toContain("circle");
  });

  const number = (property: string, op: string, value: number) => ({ property, as: "number", op, value });
  it.each([
    ["nothing", [], true],
    ["points that were earned", [number("earned", "gte", 100)], true],
    ["more points than it awards at once", [number("earned", "gte", 101)], false],
    ["points that were spent", [number("spent", "gt", 0)], false],
    ["many points in the account", [number("points", "gte", 500)], true],
    ["an account that was full before", [number("before", "gte", 500)], true],
    ["few points in the account, which grow", [number("points", "lte", 500)], false],
    ["a number that is passed", [number("before", "lt", 500), number("points", "gte", 500)], false],
    ["what is missing to a tier", [number("missing", "lte", 50)], false],
    ["a tier", [{ property: "tier", as: "text", op: "is", value: "gold" }], true],
  ])("by points, on whose event it starts itself and asks for %s", (_, where, isCircle) => {
    const definition = scenario({
      start: { type: "start.event", params: { event: "loyalty.points_changed", where }, next: { next: "act" } },
      act: { type: "award.points", params: { points: 100 }, next: { next: "end" } },
      end: { type: "exit" },
    });
    expect(codes(definition, { others: [] }).includes("circle")).toBe(isCircle);
  });

  it.each([
    ["says what the start asks for", { level: "gold" }, true],
    ["says something else", { level: "silver" }, false],
    ["may say it, as the event that began the run did", {}, true],
  ])("by an event that %s", (_, properties, isCircle) => {
    const where = [{ property: "level", as: "text", op: "is", value: "gold" }];
    const definition = scenario({
      start: { type: "start.event", params: { event: "Trigger", where }, next: { next: "act" } },
      act: { type: "emit.event", params: { event: "Trigger", properties }, next: { next: "end" } },
      end: { type: "exit" },
    });
    expect(codes(definition, { others: [] }).includes("circle")).toBe(isCircle);
  });

  it("is not one that begins another, which ends, or others that go round without it", () => {
    const others = [
      other("b", acting("emit.event", { event: "Middle" }, "Never")),
      other("c", acting("begin.scenario", { scenario: "b" }, "Middle")),
    ];
    expect(codes(acting("begin.scenario", { scenario: "b" }), { others })).not.toContain("circle");
  });
});

describe("what a block needs to be there", () => {
  it("is said where it is not", () => {
    const coupon = scenario({
      start: { type: "start.event", params: { event: "Trigger" }, next: { next: "act" } },
      act: { type: "issue.coupon", params: { offer: "gone" }, next: { issued: "end", none: "end" } },
      end: { type: "exit" },
    });
    expect(codes(coupon, { offers: ["welcome"] })).toContain("offer_missing");
    expect(codes(coupon, { offers: ["gone"] })).not.toContain("offer_missing");
    expect(codes(acting("begin.scenario", { scenario: "gone" }), { others: [] })).toContain("scenario_not_active");
  });
});
