import { describe, expect, test } from "vitest";
import { mayRetry } from "../../../src/admin/act-actions";
import { changesOf, choiceOf } from "../../../src/console/publishing";
import type { View } from "../../../src/console/view";
import { actName, detailsText, inputName, inputValue } from "../../../src/console/words/acts";
import { decide } from "../../../src/decisions/gate";
import { PERFORMERS } from "../../../src/services/acts/catalog";
import { DAY } from "../../../src/shared/clock";
import { facts, NOW } from "../scenarios/facts";
import { scenario } from "../scenarios/scenario";

const view = { language: "en", now: NOW, zone: "Europe/Paris", say: (en: string) => en } as unknown as View;

const begins = { type: "start.event", params: { event: "Begun" }, next: { next: "rest" } };
const out = { type: "exit", params: {}, next: {} };
const rest = (duration: string, next = "out") => ({ type: "wait.for", params: { duration }, next: { next } });

describe("publishing", () => {
  test("tells what is new, what is changed, what leads elsewhere and what is gone", () => {
    const live = scenario({ start: begins, rest: rest("P1D"), late: rest("P9D"), out });
    const draft = scenario({
      start: { ...begins, next: { next: "nap" } },
      nap: rest("P1D", "rest"),
      rest: rest("P2D"),
      out: { next: {}, params: {}, type: "exit" },
    });
    expect(changesOf(live, draft).map(({ block, change }) => `${block} ${change}`)).toEqual([
      "start rewired",
      "nap new",
      "rest changed",
      "late gone",
    ]);
    expect(changesOf(live, live)).toEqual([]);
  });

  test("reads its form: whoever chooses nothing keeps everybody where they are", () => {
    expect(choiceOf(new URLSearchParams())).toEqual({ runs: "keep", share: 50, unmatched: "stay", blocks: {} });
    const form = new URLSearchParams("runs=migrate&unmatched=exit&to.rest=nap&to.late=&_token=x");
    expect(choiceOf(form)).toEqual({ runs: "migrate", share: 50, unmatched: "exit", blocks: { rest: "nap" } });
    expect(choiceOf(new URLSearchParams("runs=beside&share=20"))).toMatchObject({ runs: "beside", share: 20 });
    expect(choiceOf(new URLSearchParams("runs=beside&share=100"))).toMatchObject({ share: 50 });
  });
});

describe("what the gate looked at", () => {
  const intent = {
    run: "r",
    scenario: "s",
    block: "b",
    channel: "email",
    content: "c",
    class: "marketing",
    plannedAt: NOW - 90_000,
  } as const;
  const policy = { killed: [], holdout: 0.1, maxLatenessMs: DAY, ready: ["email"] };
  const { inputs } = decide(intent, facts(), { ...policy, holdout: 0 }, NOW);

  test("has a name and a value in words", () => {
    expect(Object.keys(inputs).length).toBeGreaterThan(6);
    expect(Object.keys(inputs).filter((name) => inputName(name, "en") === name)).toEqual([]);
    const told = Object.entries(inputs).map(
      ([name, value]) => `${inputName(name, "en")}: ${inputValue(name, value, view)}`,
    );
    expect(told).toEqual(
      expect.arrayContaining([
        "Kill switch on for: none",
        "Contact: Verified",
        "Has an address there: yes",
        "Consent: Granted",
        "Late by: 1 minute 30 seconds",
        "Size of the control group: 0%",
        "Channels that can send: Email",
      ]),
    );
  });

  test("is shown as it is where a later release looks at more", () => {
    expect(inputName("caps", "fr")).toBe("caps");
    expect(inputValue("caps", { day: 2 }, view)).toBe('{"day":2}');
    expect(inputValue("snoozed_until", NOW, view)).toMatch(/2026/);
  });
});

test("every kind of act has a name, and a call of a contact's own refusal is not tried again", () => {
  expect(Object.keys(PERFORMERS).filter((kind) => actName(kind, "en") === kind)).toEqual([]);
  const call = { kind: "webhook", state: "refused", result: "refused" };
  expect([call, { ...call, state: "failed", result: "given_up" }].map(mayRetry)).toEqual([true, true]);
  const others = [
    { ...call, result: "control_group" },
    { ...call, result: "run_stopped" },
    { ...call, state: "done", result: "delivered" },
    { kind: "award.points", state: "failed", result: "error" },
  ];
  expect(others.map(mayRetry)).toEqual([false, false, false, false]);
});

test("an act says what it was about, and never the headers of a call", () => {
  const text = (details: object): string => detailsText({ details: JSON.stringify(details) }, view);
  expect(text({ url: "https://a.example/x", headers: { authorization: "s3cret" } })).toBe("https://a.example/x");
  expect(text({ points: 20, reason: "r" })).toBe("20 points");
  expect(text({ audience: "lookers" })).toBe("lookers");
  expect(text({ fields: {} })).toBe("");
});
