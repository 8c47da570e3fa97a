import { describe, expect, test, vi } from "vitest";
import type { Breakage } from "./simulate";

vi.mock("cloudflare:workers", () => ({
  DurableObject: class {
    constructor(
      readonly ctx: unknown,
      readonly env: unknown,
    ) {}
  },
}));
const { press } = await import("./pressure");

const SEEDS = Number(process.env["RELANCE_SEEDS"] ?? 60);
const FIRST = Number(process.env["RELANCE_FIRST_SEED"] ?? 1);
const trace = process.env["RELANCE_TRACE"] ? (line: string) => process.stdout.write(`${line}\n`) : undefined;

test(
  "whatever fails on the way, no cap is broken, nobody is written to in quiet hours, and every message ends with its reason",
  async () => {
    const happened = new Map<string, number>();
    const broken: string[] = [];
    for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
      const verdict = await press(seed, {}, trace);
      for (const [what, times] of verdict.happened) happened.set(what, (happened.get(what) ?? 0) + times);
      if (verdict.faults.length > 0) broken.push(`seed ${seed}: ${verdict.faults.join("; ")}`);
    }
    expect(broken).toEqual([]);
    const must = ["crash before provider call", "answer lost of permit", "answer lost of settle", "provider says 429"];
    if (SEEDS >= 60) expect(must.filter((what) => !happened.has(what))).toEqual([]);
  },
  60_000 + SEEDS * 3_000,
);

describe("the simulation notices when there is", () => {
  const breakages: readonly (readonly [string, Breakage, RegExp])[] = [
    [
      "caps without state",
      { mutate: (sql) => sql.replace("coalesce(o.attempted_at, o.first_attempt_at) > ?2", "0 > ?2") },
      /two messages within/,
    ],
    [
      "quiet hours skipped",
      { mutate: (sql) => sql.replace("THEN 'hold: quiet_hours'", "THEN 'permitted'") },
      /in quiet hours/,
    ],
    [
      "a cap that is reserved only once",
      {
        mutate: (sql) =>
          sql.replace(
            "FROM verdicts\n  WHERE verdict = 'permitted' AND class = 'marketing'\n",
            "FROM verdicts\n  WHERE verdict = 'permitted' AND class = 'marketing' AND attempts = 0\n",
          ),
      },
      /two messages within/,
    ],
  ];

  test.each(breakages)("%s", async (_, breakage, words) => {
    let caught: string | undefined;
    for (let seed = 1; seed <= 300 && caught === undefined; seed++) {
      caught = (await press(seed, breakage)).faults.find((fault) => words.test(fault));
    }
    expect(caught).toMatch(words);
  });
});
