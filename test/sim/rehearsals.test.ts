import { expect, test, vi } from "vitest";
import { BODY } from "./rehearsed-scenarios";

vi.mock("cloudflare:workers", () => ({
  DurableObject: class {
    constructor(
      readonly ctx: unknown,
      readonly env: unknown,
    ) {}
  },
}));
const { compare } = await import("./rehearsed");

/** `npm run prove -- rehearsals` asks for months; one seed is followed with RELANCE_FIRST_SEED=… */
const DAYS = Number(process.env["RELANCE_DAYS"] ?? 3);
const SEEDS = Number(process.env["RELANCE_SEEDS"] ?? 12);
const PEOPLE = Number(process.env["RELANCE_PEOPLE"] ?? 6);
const FIRST = Number(process.env["RELANCE_FIRST_SEED"] ?? 1);

test(
  "a rehearsal of scenarios at random decides what they decided in life, and writes nothing (Appendix B 35)",
  async () => {
    const broken: string[] = [];
    const blocks = new Set<string>();
    let [decisions, runs] = [0, 0];
    for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
      const found = await compare(seed, DAYS, PEOPLE);
      decisions += found.decisions;
      runs += found.runs;
      for (const type of found.blocks) blocks.add(type);
      if (found.differences.length > 0) broken.push(`seed ${seed}: ${found.differences.slice(0, 6).join("; ")}`);
    }
    const missed = [...BODY, "start.catalogue"].filter((type) => type !== "exit" && !blocks.has(type));
    console.log(
      `${SEEDS} worlds of ${DAYS} days: ${runs} runs, ${decisions} decisions, ${blocks.size} kinds of blocks`,
    );
    expect(broken).toEqual([]);
    // Or it proves nothing.
    expect([runs > SEEDS, decisions > SEEDS]).toEqual([true, true]);
    if (SEEDS >= 30) expect(missed).toEqual([]);
  },
  60_000 + SEEDS * DAYS * PEOPLE * 2_000,
);
