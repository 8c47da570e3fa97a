import { describe, expect, it } from "vitest";
import type { ScenarioDefinition } from "../../../src/scenarios/definition";
import { definitionInput } from "../../../src/scenarios/definition";
import type { Stimulus } from "../../../src/scenarios/stimulus";
import { DAY, HOUR } from "../../../src/shared/clock";
import { Days } from "./days";
import { facts, NOW } from "./facts";
import { scenario } from "./scenario";

const begin = { type: "start.event", params: { event: "Begun" }, next: { next: "wait" } };
const blocks = {
  start: begin,
  wait: { type: "wait.for", params: { duration: "P3D" }, next: { next: "send" } },
  send: { type: "send.email", params: { content: "hello" } },
};
const journey = (rest: Partial<ScenarioDefinition> = {}) => scenario(blocks, rest);
const told = (at: number, name: string, id = `${name}-${at}`, properties: object = {}): Stimulus => {
  return { type: "event", at, id, name, properties: properties as Record<string, unknown> };
};

describe("a goal", () => {
  const bought = { event: "Paid", where: [{ property: "total", as: "number", op: "gte", value: 50 }] } as const;

  it("is reached by the event that says so, and by no other", () => {
    const days = new Days({ definitions: { s: journey({ goal: bought }) } }).hear(NOW, told(NOW, "Begun"));
    days.hear(NOW + HOUR, told(NOW + HOUR, "Paid", "p-1", { total: 49.5 }), told(NOW + HOUR, "Seen"));
    expect(days.told).toEqual(["entered"]);
    days.hear(NOW + DAY, told(NOW + DAY, "Paid", "p-2", { total: "50" }));
    expect(days.told).toEqual(["entered", "exited:goal", "stopped:goal"]);
    expect(days.state.past).toMatchObject([{ outcome: "goal" }]);
  });

  it("is not reached by what came before the run", () => {
    const days = new Days({ definitions: { s: journey({ goal: bought }) } }).hear(NOW, told(NOW, "Begun"));
    expect(days.hear(NOW + 1, told(NOW - 1, "Paid", "p-0", { total: 99 })).told).toEqual(["entered"]);
  });

  it("may be a rule, asked of whatever happens and before anything else", () => {
    const vip = { rule: { type: "attribute", name: "vip", as: "boolean", op: "is", value: true } };
    const definitions = { s: journey({ goal: vip }) };
    const before = new Days({ definitions }).hear(NOW, told(NOW, "Begun"));
    const after = new Days({ definitions, facts: facts({ profile: { attributes: { vip: true } } }) });
    after.state = before.state;
    // The wait is over in the very moment that the goal is reached: nothing is sent.
    after.hear(NOW + 3 * DAY - 1, { type: "activity", at: NOW + 3 * DAY - 1 }).hear(NOW + 3 * DAY);
    expect(after.told).toEqual(["exited:goal", "stopped:goal"]);
  });

  it("that is reached already lets nobody in", () => {
    const goal = { rule: { type: "attribute", name: "vip", as: "boolean", op: "is", value: true } };
    const known = facts({ profile: { attributes: { vip: true } } });
    const days = new Days({ definitions: { s: journey({ goal }) }, facts: known }).hear(NOW, told(NOW, "Begun"));
    expect(days.told).toEqual(["refused:goal_reached"]);
  });

  it("names an event or a rule, and asks for properties of an event only", () => {
    const fault = (goal: object) => definitionInput.safeParse({ ...journey(), goal }).error?.issues[0]?.path;
    expect(fault({ event: "Paid" })).toBeUndefined();
    expect(fault({})).toEqual(["goal"]);
    expect(fault({ rule: { all: [] }, where: [] })).toEqual(["goal"]);
    expect(fault({ event: "Paid", where: [{ property: "total", as: "number", op: "near" }] })).toEqual([
      "goal",
      "where",
      0,
      "op",
    ]);
  });
});

describe("a stop condition", () => {
  it("ends a run without its goal", () => {
    const definitions = { s: journey({ stop_when: [{ event: "Complained" }, { event: "Moved" }] }) };
    const days = new Days({ definitions }).hear(NOW, told(NOW, "Begun")).hear(NOW + 1, told(NOW + 1, "Moved"));
    expect(days.told).toEqual(["entered", "exited:stop_condition", "stopped:stop_condition"]);
    expect(days.state.past).toMatchObject([{ outcome: "interrupted" }]);
  });
});

describe("an entry while another run goes on", () => {
  const twice = (policy: "alongside" | "refuse" | "supersede") => {
    const definitions = { s: journey({ reentry: { policy: "by_key", while_running: policy } }) };
    return new Days({ definitions }).hear(NOW, told(NOW, "Begun")).hear(NOW + DAY, told(NOW + DAY, "Begun"));
  };

  it("goes on beside it, is refused, or takes its place", () => {
    expect(twice("alongside").told).toEqual(["entered", "entered"]);
    expect(twice("refuse").told).toEqual(["entered", "refused:still_in"]);
    const days = twice("supersede");
    expect(days.told).toEqual(["entered", "exited:new_entry", "stopped:new_entry", "entered"]);
    expect(days.state.runs).toMatchObject([{ due: NOW + 4 * DAY }]);
    expect(days.state.past).toMatchObject([{ outcome: "superseded" }]);
  });

  it("that comes again is still the same run", () => {
    const definitions = { s: journey({ reentry: { policy: "by_key", while_running: "supersede" } }) };
    const days = new Days({ definitions }).hear(NOW, told(NOW, "Begun", "b")).hear(NOW + 1, told(NOW, "Begun", "b"));
    expect(days.told).toEqual(["entered"]);
  });

  it("waits for a while after the end, where that is asked for", () => {
    const definitions = { s: journey({ reentry: { policy: "by_key", after_end: "P7D" } }) };
    const days = new Days({ definitions }).hear(NOW, told(NOW, "Begun")).hear(NOW + 3 * DAY);
    days.hear(NOW + 9 * DAY, told(NOW + 9 * DAY, "Begun")).hear(NOW + 10 * DAY, told(NOW + 10 * DAY, "Begun"));
    expect(days.told.filter((word) => /entered|refused/.test(word))).toEqual([
      "entered",
      "refused:recent_run",
      "entered",
    ]);
  });
});

describe("scenarios of one group", () => {
  const start = (event: string) => ({ ...begin, params: { event } });
  const member = (event: string, priority: number) =>
    scenario({ ...blocks, start: start(event) }, { priority, exclusion_group: "care" });
  const definitions = {
    weak: member("Weak", 10),
    strong: member("Strong", 90),
    equal: member("Equal", 90),
    apart: scenario({ ...blocks, start: start("Apart") }, { priority: 1 }),
  };

  it("give way to the one of higher priority, which keeps the others out", () => {
    const days = new Days({ definitions }).hear(NOW, told(NOW, "Weak"), told(NOW, "Apart"));
    days.hear(NOW + 1, told(NOW + 1, "Strong"));
    expect(days.told).toEqual(["entered", "entered", "exited:higher_priority", "stopped:higher_priority", "entered"]);
    days.hear(NOW + 2, told(NOW + 2, "Weak"), told(NOW + 2, "Equal"));
    expect(days.told.slice(5)).toEqual(["refused:group_busy", "refused:group_busy"]);
    expect(days.state.runs.map((run) => run.scenario)).toEqual(["apart", "strong"]);
  });

  it("come one after the other", () => {
    const days = new Days({ definitions }).hear(NOW, told(NOW, "Strong")).hear(NOW + 3 * DAY);
    days.hear(NOW + 3 * DAY + 1, told(NOW + 3 * DAY + 1, "Weak"));
    expect(days.told.at(-1)).toBe("entered");
  });
});

describe("a start on an event", () => {
  const starts = (params: object) =>
    scenario({ ...blocks, start: { ...begin, params: { event: "Begun", ...params } } });

  it("looks at the event’s properties, those of lists as well", () => {
    const where = [{ property: "products.category", as: "text", op: "is", value: "Lamps" }];
    const days = new Days({ definitions: { s: starts({ where }) } });
    days.hear(NOW, told(NOW, "Begun", "a", { products: [{ category: "Chairs" }] }), told(NOW, "Begun", "b"));
    expect(days.told).toEqual([]);
    days.hear(NOW, told(NOW, "Begun", "c", { products: [{ category: "Chairs" }, { category: "Lamps" }] }));
    expect(days.told).toEqual(["entered"]);
  });

  it("is one run for one order, however many events tell of it", () => {
    const days = new Days({ definitions: { s: starts({ key: "order_id" }) } });
    const tells = (id: string, order?: string) => told(NOW, "Begun", id, order ? { order_id: order } : {});
    days.hear(NOW, tells("a", "o-1"), tells("b", "o-1"), tells("c", "o-2"), tells("d"), tells("e"));
    expect(days.state.runs.map((run) => run.entryKey)).toEqual(["o-1", "o-2", "d", "e"]);
  });

  it("does not begin with an order that a browser claims, and is stopped by it (C01)", () => {
    const order = (claimed: object): Stimulus => {
      return {
        ...(told(NOW, "Begun", "c-1") as Extract<Stimulus, { type: "event" }>),
        name: "Order Completed",
        ...claimed,
      };
    };
    const s = scenario(
      { start: { ...begin, params: { event: "Order Completed" } }, wait: blocks.wait, send: blocks.send },
      { stop_when: [{ event: "Order Completed" }] },
    );
    expect(new Days({ definitions: { s } }).hear(NOW, order({ claimed: true })).told).toEqual([]);
    const days = new Days({ definitions: { s } }).hear(NOW, order({}));
    expect(days.told).toEqual(["entered"]);
    expect(days.hear(NOW, { ...order({ claimed: true }), id: "c-2" } as Stimulus).told).toContain(
      "exited:stop_condition",
    );
  });

  it("keeps what the event said in single values", () => {
    const days = new Days({ definitions: { s: starts({}) } });
    const said = { total: 12.5, gift: true, note: "x".repeat(300), lines: [1], address: { city: "Lyon" }, none: null };
    days.hear(NOW, told(NOW, "Begun", "a", said));
    expect(days.state.runs[0]?.about).toEqual({ total: 12.5, gift: 1, note: "x".repeat(200) });
  });
});

describe("a scenario that goes in circles (H10)", () => {
  it("is left after a hundred blocks within a day, and not when they take longer", () => {
    const round = (duration: string) => ({
      s: scenario({
        start: begin,
        wait: { type: "wait.for", params: { duration }, next: { next: "wait" } },
      }),
    });
    const quick = new Days({ definitions: round("PT10M") }).hear(NOW, told(NOW, "Begun")).hear(NOW + 3 * DAY);
    expect(quick.told).toEqual(["entered", "exited:too_many_steps"]);
    const slow = new Days({ definitions: round("PT1H") }).hear(NOW, told(NOW, "Begun")).hear(NOW + 8 * DAY);
    expect(slow.told).toEqual(["entered"]);
  });

  it("lets nobody in more than twenty times a day", () => {
    const at = (index: number) => NOW + index * 60_000;
    const days = new Days({ definitions: { s: scenario({ start: begin, wait: { type: "exit" } }) } });
    for (let index = 0; index < 25; index++) days.hear(at(index), told(at(index), "Begun"));
    expect(days.told.filter((word) => word === "entered")).toHaveLength(20);
    expect(days.told.filter((word) => word === "refused:too_many_entries")).toHaveLength(5);
    days.hear(NOW + 2 * DAY, told(NOW + 2 * DAY, "Begun"));
    expect(days.told.filter((word) => word === "entered")).toHaveLength(21);
  });

  it("lets in as often what is transactional, where a run has told of it and not the shop", () => {
    const definition = scenario({ start: begin, wait: { type: "exit" } }, { class: "transactional" });
    const enteredBy = (id: (index: number) => string) => {
      const days = new Days({ definitions: { s: definition } });
      for (let index = 0; index < 120; index++) days.hear(NOW + index, told(NOW + index, "Begun", id(index)));
      return days.told.filter((word) => word === "entered").length;
    };
    expect(enteredBy((index) => `order-${index}`)).toBe(100);
    expect(enteredBy((index) => `emitted.act_${index}`)).toBe(20);
    expect(enteredBy((index) => `points.earn.act_${index}`)).toBe(20);
  });
});

describe("a run’s way", () => {
  it("is kept with when it left each block, and how", () => {
    const definitions = {
      s: scenario({
        start: { ...begin, next: { next: "ask" } },
        ask: { type: "if.targeting", params: { rule: { any: [] } }, next: { yes: "send", no: "wait" } },
        wait: { type: "wait.for", params: { duration: "PT2H" }, next: { next: "again" } },
        again: { type: "wait.for", params: { duration: "PT2H" }, next: { next: "send" } },
        send: blocks.send,
      }),
    };
    const days = new Days({ definitions }).hear(NOW, told(NOW, "Begun")).hear(NOW + 3 * HOUR);
    expect(days.state.runs[0]?.path).toEqual([
      { block: "start", at: NOW, output: "next" },
      { block: "ask", at: NOW, output: "no" },
      { block: "wait", at: NOW + 2 * HOUR, output: "next" },
    ]);
  });
});
