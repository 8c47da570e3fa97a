import { expect, it } from "vitest";
import { funnelOf } from "../../../src/admin/funnel";

const message = { block: "hello", channel: "email", decision: "send", reason: "permitted" };

it("counts every decided message in exactly one fate, with the reason of those that have not left", () => {
  const { blocks } = funnelOf(
    [],
    [
      { ...message, state: "sent", count: 5 },
      { ...message, state: "claimed", count: 1 },
      { ...message, state: "queued", reason: "rate_limited", count: 2 },
      { ...message, state: "failed", reason: "bounced", count: 1 },
      { ...message, state: "unknown", reason: "gave_up", count: 1 },
      { ...message, state: "suppressed", reason: "consent_withdrawn", count: 3 },
      { ...message, decision: "suppressed", state: null, reason: "no_consent", count: 4 },
      { ...message, decision: "held", state: null, reason: "kill_switch", count: 2 },
    ],
  );
  const [block] = blocks;
  expect(block).toMatchObject({ decided: 19, sent: 5, suppressed: 7, failed: 1, unknown: 1, pending: 5 });
  expect(block?.reasons).toEqual({
    permitted: 1,
    rate_limited: 2,
    bounced: 1,
    gave_up: 1,
    consent_withdrawn: 3,
    no_consent: 4,
    kill_switch: 2,
  });
});

it("tells who is in, who is out and who was not let in", () => {
  const runs = [
    { outcome: null, reason: null, count: 3 },
    { outcome: "goal", reason: "order", count: 2 },
    { outcome: "interrupted", reason: "cart_emptied", count: 1 },
    { outcome: "interrupted", reason: "other_order", count: 1 },
    { outcome: "refused", reason: "recent_message", count: 4 },
  ];
  expect(funnelOf(runs, [])).toEqual({
    entered: 7,
    running: 3,
    outcomes: { goal: 2, interrupted: 2 },
    refused: { recent_message: 4 },
    blocks: [],
  });
});
