import { describe, expect, it } from "vitest";
import type { ScenarioDefinition } from "../../../src/scenarios/definition";
import { definitionInput } from "../../../src/scenarios/definition";
import { describeScenario } from "../../../src/scenarios/describe";
import { checkGraph } from "../../../src/scenarios/graph";
import { withDefaults } from "../../../src/scenarios/live";
import type { Stimulus } from "../../../src/scenarios/stimulus";
import { AT } from "../../../src/segments/collection";
import type { Facts } from "../../../src/segments/facts";
import { DAY, HOUR } from "../../../src/shared/clock";
import { Days } from "./days";
import { facts, NOW } from "./facts";
import { scenario } from "./scenario";

const start = { type: "start.event", params: { event: "Begun" }, next: { next: "wait" } };
const wait = { type: "wait.for", params: { duration: "P1D" }, next: { next: "ask" } };
const told = (at: number, name: string, id = `${name}-${at}`, properties: object = {}): Stimulus => {
  return { type: "event", at, id, name, properties: properties as Record<string, unknown> };
};
const leave = (reason: string) => ({ type: "exit", params: { reason } });

/** A scenario that waits a day, asks, and leaves with the name of the way. */
function asking(type: string, params: object, ways: readonly string[]): ScenarioDefinition {
  const next = Object.fromEntries(ways.map((way) => [way, `out_${way.replaceAll("-", "_")}`]));
  const exits = Object.fromEntries(ways.map((way) => [`out_${way.replaceAll("-", "_")}`, leave(way)]));
  return withDefaults(scenario({ start, wait, ask: { type, params, next }, ...exits }));
}

/** The ways that people take, one event each, after what happens to them meanwhile. */
function ways(definition: ScenarioDefinition, known: Facts, people: number, ...meanwhile: Stimulus[]): string[] {
  const days = new Days({ definitions: { s: definition }, facts: known });
  days.hear(NOW, ...Array.from({ length: people }, (_, index) => told(NOW, "Begun", `e-${index}`)));
  days.hear(NOW + HOUR, ...meanwhile).hear(NOW + DAY);
  return days.effects.flatMap((effect) => (effect.kind === "exited" ? [effect.reason] : []));
}

describe("a split at random", () => {
  const arms = [
    { name: "a", weight: 1 },
    { name: "b", weight: 3 },
  ];
  const split = (params: object) => asking("split.random", params, ["a", "b"]);

  it("goes by weights, and the same way whenever it is worked out", () => {
    const taken = ways(split({ arms }), facts(), 150);
    const share = taken.filter((way) => way === "a").length / taken.length;
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.36);
    expect(ways(split({ arms }), facts(), 150)).toEqual(taken);
  });

  it("sends everybody to the winner, once there is one", () => {
    expect(new Set(ways(split({ arms, winner: "a" }), facts(), 40))).toEqual(new Set(["a"]));
  });

  it("says by what its winner is found, and wants that said whole", () => {
    const by = (winner_by: object, winner?: string) => split({ arms, winner_by, ...(winner && { winner }) });
    const faults = (winner_by: object) => checkGraph(by(winner_by)).map(({ pointer }) => pointer);
    const place = "/blocks/ask/params/winner_by";
    expect(faults({ figure: "goal", after_entries: 20, after: "P14D" })).toEqual([]);
    expect(faults({ figure: "goal", after_entries: 19 })).toEqual([`${place}/after_entries`]);
    expect(faults({ figure: "clicked", after: "a week" })).toEqual([`${place}/after`]);
    expect(faults({ figure: "clicked", after: "PT0S" })).toEqual([`${place}/after`]);
    expect(faults({ figure: "goal" })).toEqual([place]);
    const sentence = (definition: ScenarioDefinition) =>
      describeScenario(definition).find(({ block }) => block === "ask")?.sentence;
    expect(sentence(by({ figure: "goal", after_entries: 200, after: "P14D" }))).toEqual({
      en: "Splits the contacts at random: “a” 25%, “b” 75%; the arm whose runs reach the goal more often wins once 200 finished runs of each show it, after 14 days at the latest.",
      fr: "Répartit les contacts au hasard : « a » 25 %, « b » 75 % ; la branche dont les parcours atteignent plus souvent l’objectif l’emporte dès que 200 parcours terminés par branche le montrent, au plus tard après 14 jours.",
    });
    expect(sentence(by({ figure: "clicked", after: "P7D" }))?.en).toContain("bring more clicks wins after 7 days.");
    // Until then arms are drawn as ever.
    expect(ways(by({ figure: "goal", after_entries: 20 }), facts(), 40)).toEqual(ways(split({ arms }), facts(), 40));
    expect(sentence(by({ figure: "goal", after_entries: 20 }, "a"))?.en).toBe("Sends everybody to “a”.");
  });

  it("wants two arms of different names, a way for each, and a winner among them", () => {
    const faults = (params: object, out: readonly string[] = ["a", "b"]) =>
      checkGraph(asking("split.random", params, out)).map(({ pointer }) => pointer);
    expect(faults({ arms })).toEqual([]);
    expect(faults({ arms }, ["a"])).toEqual(["/blocks/ask/next/b"]);
    expect(faults({ arms }, ["a", "b", "c"])).toEqual(["/blocks/ask/next/c"]);
    expect(faults({ arms: [arms[0], arms[0]] }, ["a"])).toEqual(["/blocks/ask/params/arms"]);
    expect(faults({ arms, winner: "c" })).toEqual(["/blocks/ask/params/winner"]);
    expect(faults({ arms: [arms[0], { name: "b", weight: 0 }] })).toEqual(["/blocks/ask/params/arms/1/weight"]);
  });
});

describe("what happened since the start", () => {
  const where = [{ property: "category", as: "text", op: "is", value: "Lamps" }];
  const since = (params: object) => asking("if.since_start", { event: "Product Viewed", ...params }, ["yes", "no"]);
  const view = (at: number, category: string) => told(at, "Product Viewed", `v-${at}-${category}`, { category });

  it("counts from then on, and only what is asked for", () => {
    expect(ways(since({}), facts(), 1)).toEqual(["no"]);
    expect(ways(since({}), facts(), 1, view(NOW + HOUR, "Chairs"))).toEqual(["yes"]);
    // Of before the run, though it is heard of later.
    expect(ways(since({}), facts(), 1, view(NOW - HOUR, "Chairs"))).toEqual(["no"]);
    expect(ways(since({ where }), facts(), 1, view(NOW + HOUR, "Chairs"))).toEqual(["no"]);
    expect(ways(since({ where }), facts(), 1, view(NOW + HOUR, "Lamps"))).toEqual(["yes"]);
    const twice = [view(NOW + HOUR, "Lamps"), view(NOW + HOUR, "Chairs")];
    expect(ways(since({ at_least: 2 }), facts(), 1, ...twice)).toEqual(["yes"]);
    expect(ways(since({ at_least: 2, where }), facts(), 1, ...twice)).toEqual(["no"]);
  });
});

describe("a way by segment", () => {
  const member = (segment: string) => ({ family: "rfm", segment, [AT]: NOW - DAY });
  const known = (...segments: string[]): Facts => ({ ...facts(), rows: { segment_members: segments.map(member) } });
  const going = asking("switch.segment", { family: "rfm", segments: ["champions", "at-risk"] }, [
    "champions",
    "at-risk",
    "other",
  ]);

  it("is the segment’s own, or the one for everybody else", () => {
    const by = (one: Facts) => ways(going, one, 1);
    expect(by(known("champions"))).toEqual(["champions"]);
    expect(by(known("at-risk"))).toEqual(["at-risk"]);
    expect(by(known("lost"))).toEqual(["other"]);
    expect(by(known())).toEqual(["other"]);
  });

  it("has a way for each segment and one for the others", () => {
    const lacking = asking("switch.segment", { family: "rfm", segments: ["champions"] }, ["champions"]);
    expect(checkGraph(lacking).map(({ pointer }) => pointer)).toEqual(["/blocks/ask/next/other"]);
    expect(definitionInput.safeParse(going).success).toBe(true);
  });
});

describe("a way by attribute", () => {
  const asked = asking("if.attribute", { name: "shoe_size", as: "number", op: "gte", value: 42 }, ["yes", "no"]);

  it("reads it as the type that is asked for", () => {
    const sized = (size: unknown) => ways(asked, facts({ profile: { attributes: { shoe_size: size } } }), 1);
    expect([sized(43), sized("42"), sized(41), sized("large"), sized(undefined)]).toEqual([
      ["yes"],
      ["yes"],
      ["no"],
      ["no"],
      ["no"],
    ]);
  });
});

describe("a way by place", () => {
  const lives = (country: string | null, params: object) =>
    ways(asking("if.place", params, ["yes", "no"]), facts({ profile: { country } }), 1);

  it("is asked by country, by distance, or by both", () => {
    expect(lives("FR", { countries: ["FR", "BE"] })).toEqual(["yes"]);
    expect(lives("DE", { countries: ["FR", "BE"] })).toEqual(["no"]);
    expect(lives(null, { countries: ["FR"] })).toEqual(["no"]);
    expect(lives("FR", { countries: ["FR"], near: { to: "nearest", within_km: 5 } })).toEqual(["no"]);
    const empty = asking("if.place", {}, ["yes", "no"]);
    expect(checkGraph(empty).map(({ pointer }) => pointer)).toEqual(["/blocks/ask/params"]);
  });
});

describe("a way by channel", () => {
  const granted = { state: "granted", at: NOW } as const;
  const going = (params: object, out: readonly string[], profile: Partial<Facts["profile"]>) =>
    ways(asking("switch.channel", params, out), facts({ profile }), 1);
  const all = ["email", "sms", "push", "none"];

  it("is the one that was declared, where the contact can be reached on it", () => {
    const attributes = { preferred_channel: "sms" };
    expect(going({}, all, { attributes })).toEqual(["sms"]);
    expect(going({}, all, { attributes, phone: null })).toEqual(["email"]);
    expect(going({}, all, { attributes, consents: { email: granted } })).toEqual(["email"]);
    expect(going({ channels: ["email"] }, ["email", "none"], { attributes })).toEqual(["email"]);
  });

  it("is the first that reaches them, or none", () => {
    expect(going({}, all, {})).toEqual(["email"]);
    expect(going({}, all, { email: null })).toEqual(["sms"]);
    expect(going({}, all, { consents: { push: granted } })).toEqual(["push"]);
    expect(going({}, all, { consents: {} })).toEqual(["none"]);
  });
});

describe("a message on the preferred channel", () => {
  const letters = (contents: object, profile: Partial<Facts["profile"]> = {}) => {
    const definition = scenario({
      start: { ...start, next: { next: "send" } },
      send: { type: "send.preferred", params: { contents }, next: { next: "out", none: "silent" } },
      out: leave("sent"),
      silent: leave("silent"),
    });
    const days = new Days({ definitions: { s: definition }, facts: facts({ profile }) }).hear(NOW, told(NOW, "Begun"));
    return days.effects.flatMap((effect) =>
      effect.kind === "decided"
        ? [`${effect.intent.channel} ${effect.intent.content}`]
        : "reason" in effect
          ? [effect.reason]
          : [],
    );
  };

  it("is written for each channel, and goes out on one", () => {
    expect(letters({ email: "mail", sms: "text" })).toEqual(["email mail", "sent"]);
    expect(letters({ email: "mail", sms: "text" }, { email: null })).toEqual(["sms text", "sent"]);
    expect(letters({ email: "mail" }, { email: null })).toEqual(["silent"]);
  });
});

describe("a wait for an event", () => {
  const asked = scenario({
    start: { ...start, next: { next: "ask" } },
    ask: { type: "wait.event", params: { event: "Reviewed", timeout: "P2D" }, next: { yes: "yes", timeout: "late" } },
    yes: leave("yes"),
    late: leave("late"),
  });
  const begun = () => new Days({ definitions: { s: asked } }).hear(NOW, told(NOW, "Begun"));

  it("ends with the event, or with the time", () => {
    expect(begun().hear(NOW + DAY, told(NOW + DAY, "Reviewed")).told).toEqual(["entered", "exited:yes"]);
    expect(begun().hear(NOW + DAY, told(NOW + DAY, "Seen")).told).toEqual(["entered"]);
    expect(begun().hear(NOW + 2 * DAY).told).toEqual(["entered", "exited:late"]);
    // An event in the very moment of the time-out comes after it.
    expect(begun().hear(NOW + 2 * DAY, told(NOW + 2 * DAY, "Reviewed")).told).toEqual(["entered", "exited:late"]);
  });
});
