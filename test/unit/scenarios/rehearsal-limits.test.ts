import { describe, expect, it } from "vitest";
import { DEFAULT_SENDING, rulesOf } from "../../../src/decisions/sending";
import { RehearsalReport } from "../../../src/scenarios/rehearsal-report";
import { RehearsalTrack } from "../../../src/scenarios/rehearsal-track";
import { HOUR } from "../../../src/shared/clock";
import { OPEN } from "./days";
import { facts, NOW, playbook } from "./facts";
import { scenario } from "./scenario";

const start = { type: "start.event", params: { event: "Occasion" }, next: { next: "send" } };
const letter = { type: "send.email", params: { content: "hello" } };

describe("a rehearsal under caps", () => {
  it("holds, sends and drops what life would, and says so", () => {
    const definitions = {
      mine: scenario({ start, send: letter }, { priority: 40 }),
      other: scenario({ start, send: letter }, { priority: 60 }),
    };
    const report = new RehearsalReport({ scenario: "mine", from: NOW, to: NOW + 72 * HOUR });
    const policy = () => ({ ...OPEN, sending: rulesOf(DEFAULT_SENDING), maxLatenessMs: 12 * HOUR });
    const people = { factsOf: () => facts(), everybody: () => [] };
    const track = new RehearsalTrack(
      { from: NOW, playbook: playbook(definitions), policy, answers: {}, people },
      report,
    );
    track.await(1, [{ type: "event", at: NOW, id: "e-1", name: "Occasion" } as never]);
    track.hearRequest(NOW);
    track.finish(NOW + 72 * HOUR);
    const [entry] = report.result().entries;
    expect(entry?.messages.map(({ at, decision, reason }) => [at, decision, reason])).toEqual([
      [new Date(NOW).toISOString(), "held", "frequency_cap"],
      [new Date(NOW + 12 * HOUR).toISOString(), "suppressed", "lost_arbitration"],
    ]);
    expect(report.totals.withheld).toEqual({ frequency_cap: 1, lost_arbitration: 1 });
  });
});
