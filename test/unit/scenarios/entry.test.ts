import { describe, expect, it } from "vitest";
import type { ScenarioDefinition } from "../../../src/scenarios/definition";
import type { Entry } from "../../../src/scenarios/entry";
import { refusalOf } from "../../../src/scenarios/entry";
import type { ContactState, PastRun, Run } from "../../../src/scenarios/state";
import { EMPTY_STATE } from "../../../src/scenarios/state";
import { DAY } from "../../../src/shared/clock";
import { cart, facts, NOW } from "./facts";
import { scenario } from "./scenario";

const entry: Entry = { scenario: "s", entryKey: "k", at: NOW, cart: null };

function refusal(
  rest: Partial<ScenarioDefinition> = {},
  state: Partial<ContactState> = {},
  known = facts(),
  wanted: Entry = entry,
): string | null {
  return refusalOf(wanted, scenario({}, rest), { ...EMPTY_STATE, ...state }, known);
}

function past(change: Partial<PastRun> = {}): PastRun {
  const times = { enteredAt: NOW - 10 * DAY, endedAt: NOW - 9 * DAY, lastSendAt: NOW - 9 * DAY };
  return { scenario: "s", entryKey: "before", outcome: "completed", ...times, ...change };
}

function open(change: Partial<Run> = {}): Run {
  const blank = { visits: {}, due: null, sends: {}, lastSendAt: null, signals: {}, cart: null };
  const about = { id: "run_1", scenario: "s", version: 1, entryKey: "before", enteredAt: NOW - DAY, since: NOW - DAY };
  return { ...about, block: "b", ...blank, ...change };
}

describe("somebody at the door of a scenario", () => {
  it("is let in where nothing speaks against it", () => expect(refusal()).toBeNull());

  it("is refused while nobody has verified who it is", () => {
    expect(refusal({}, {}, facts({ profile: { status: "anonymous" } }))).toBe("identity_unverified");
  });

  it("is refused when the cart that it is about is no longer the open one", () => {
    const about = { ...entry, cart: "cart-1" };
    expect(refusal({}, {}, facts({ commerce: { cart: cart("cart-1") } }), about)).toBeNull();
    expect(refusal({}, {}, facts({ commerce: { cart: cart("cart-2") } }), about)).toBe("cart_gone");
    expect(refusal({}, {}, facts(), about)).toBe("cart_gone");
  });

  it("is refused by the filter, which is named by the condition that failed", () => {
    const filter = {
      all: [
        { type: "consent", key: "email" },
        { type: "orders.count", op: "gte", value: 1 },
      ],
    };
    expect(refusal({ filter })).toBe("filter:orders.count");
    const single = { type: "consent", key: "push" };
    expect(refusal({ filter: single })).toBe("filter:consent");
    expect(refusal({ filter: { not: { all: [] } } })).toBe("filter");
  });
});

describe("the same entry again", () => {
  it("is a repeat, in an open run and in one that is over", () => {
    expect(refusal({}, { runs: [open({ entryKey: "k" })] })).toBe("repeat");
    expect(refusal({}, { past: [past({ entryKey: "k" })] })).toBe("repeat");
  });

  it("of another scenario is none", () => {
    expect(refusal({}, { runs: [open({ entryKey: "k", scenario: "other" })] })).toBeNull();
  });

  it("goes before every other reason, so that one answer is given once", () => {
    expect(refusal({}, { past: [past({ entryKey: "k" })] }, facts({ profile: { status: "anonymous" } }))).toBe(
      "repeat",
    );
  });
});

describe("whoever may enter once in a life", () => {
  const once = { reentry: { policy: "once" } } as const;

  it("is refused for ever after one run", () => {
    expect(refusal(once, { past: [past()] })).toBe("already_entered");
    expect(refusal(once, { runs: [open()] })).toBe("already_entered");
  });

  it("may come again after a refusal, under the same key", () => {
    expect(refusal(once, { past: [past({ outcome: "refused", entryKey: "k" })] })).toBeNull();
  });
});

describe("a scenario that has written lately", () => {
  const paced = { reentry: { policy: "by_key", after_message: "P7D" } } as const;

  it("lets nobody in again before its time", () => {
    expect(refusal(paced, { past: [past({ lastSendAt: NOW - 7 * DAY + 1 })] })).toBe("recent_message");
    expect(refusal(paced, { past: [past({ lastSendAt: NOW - 7 * DAY })] })).toBeNull();
    expect(refusal(paced, { runs: [open({ lastSendAt: NOW - DAY })] })).toBe("recent_message");
  });

  it("counts messages of its own, and runs that wrote", () => {
    expect(refusal(paced, { past: [past({ scenario: "other", lastSendAt: NOW })] })).toBeNull();
    expect(refusal(paced, { past: [past({ lastSendAt: null })] })).toBeNull();
  });
});

describe("a scenario that may run so many times", () => {
  const counted = { reentry: { policy: "by_key", max_runs: { count: 2, within: "P30D" } } } as const;
  const runs = (...changes: Partial<PastRun>[]) => ({
    past: changes.map((change, index) => past({ entryKey: `before-${index}`, ...change })),
  });

  it("refuses the next one within its time", () => {
    expect(refusal(counted, runs({}))).toBeNull();
    expect(refusal(counted, runs({}, {}))).toBe("too_many_runs");
    expect(refusal(counted, runs({}, { endedAt: NOW - 30 * DAY }))).toBeNull();
    expect(refusal(counted, runs({}, { endedAt: NOW - 30 * DAY + 1 }))).toBe("too_many_runs");
  });

  it("counts runs that wrote to the contact, no refusals", () => {
    expect(refusal(counted, runs({}, { lastSendAt: null }))).toBeNull();
    expect(refusal(counted, runs({}, { outcome: "refused" }))).toBeNull();
  });
});
