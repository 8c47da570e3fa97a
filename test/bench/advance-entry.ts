import { advance } from "../../src/scenarios/advance";
import { withDefaults } from "../../src/scenarios/live";
import type { Run } from "../../src/scenarios/state";
import { facts, NOW } from "../unit/scenarios/facts";
import { scenario } from "../unit/scenarios/scenario";

const BLOCKS = 20;
const RULE = {
  all: [
    { type: "orders.count", op: "eq", value: 0 },
    { type: "consent", key: "email" },
  ],
};

/** A way of twenty blocks without a wait: a start, questions of two conditions with a message after every third, an exit. */
function longWay() {
  const blocks: Record<string, { type: string; params: object; next?: object }> = {
    b0: { type: "start.event", params: { event: "Begun" }, next: { next: "b1" } },
    [`b${BLOCKS - 1}`]: { type: "exit", params: {} },
  };
  for (let index = 1; index < BLOCKS - 1; index++) {
    const next = `b${index + 1}`;
    blocks[`b${index}`] =
      index % 4 === 0
        ? { type: "send.email", params: { content: "hello" }, next: { next } }
        : { type: "if.targeting", params: { rule: RULE }, next: { yes: next, no: next } };
  }
  return withDefaults(scenario(blocks, { start: "b0" }));
}

const definition = longWay();
const known = facts();
const run: Run = {
  id: "run_4q0v7e2m9k1d8f3h5a6c",
  scenario: "scn_1",
  version: 1,
  entryKey: "k",
  enteredAt: NOW,
  since: NOW,
  cart: null,
  block: "b0",
  visits: { b0: 1 },
  due: null,
  sends: {},
  lastSendAt: null,
  signals: {},
};

/** Moves a run through all of it once; tells how many blocks it left. */
export function once(): number {
  return advance(run, { kind: "enter" }, NOW, known, definition).run.path?.length ?? 0;
}
