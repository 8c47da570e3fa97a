import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Look, Move, News, Standing } from "../../../src/segments/transition";
import { judge, newsAfter } from "../../../src/segments/transition";
import { DAY, HOUR } from "../../../src/shared/clock";

const RANKS = ["gold", "silver", "bronze"];
const NOW = Date.UTC(2026, 0, 5, 3);

const at = (segment: string, fall: Standing["fall"] = null): Standing => ({ segment, since: 1, fall });

function look(
  standing: Standing | null,
  to: string | null,
  kind: Look,
  when = NOW,
  cause: Move["cause"] | null = null,
) {
  return judge(RANKS, standing, { to, cause, look: kind, at: when });
}

describe("a move between segments", () => {
  it("up happens at once, whoever looks", () => {
    for (const kind of ["first", "rule", "import", "act", "night"] as const) {
      expect(look(at("silver"), "gold", kind)?.standing).toEqual({ segment: "gold", since: NOW, fall: null });
      expect(look(null, "bronze", kind)?.move).toMatchObject({ from: null, to: "bronze" });
    }
  });

  it("down happens when a second night sees it, and not before", () => {
    const first = look(at("gold"), "silver", "night");
    expect(first).toEqual({
      standing: at("gold", { to: "silver", since: NOW, cause: "decay", night: NOW }),
      move: null,
    });
    expect(look(first?.standing ?? null, "silver", "night", NOW + HOUR)).toBeNull();
    expect(look(first?.standing ?? null, "silver", "act", NOW + DAY)).toBeNull();
    const second = look(first?.standing ?? null, "silver", "night", NOW + DAY);
    expect(second?.move).toEqual({ from: "gold", to: "silver", cause: "decay" });
  });

  it("down goes to where the second night sees it", () => {
    const waiting = at("gold", { to: "silver", since: NOW - DAY, cause: "decay", night: NOW - DAY });
    expect(look(waiting, "bronze", "night")?.move).toMatchObject({ from: "gold", to: "bronze" });
  });

  it("down by an act keeps its cause through two nights, however late before the first one it was", () => {
    const first = look(at("gold"), "silver", "act");
    expect(first?.move).toBeNull();
    const second = look(first?.standing ?? null, "silver", "night", NOW + 22 * HOUR);
    expect(second?.move).toBeNull();
    expect(look(second?.standing ?? null, "silver", "night", NOW + 45 * HOUR)?.move?.cause).toBe("act");
  });

  it("that time alone explains is left to the nights where it is down, and is decay where it is up", () => {
    expect(look(at("gold"), "silver", "time")).toBeNull();
    expect(look(at("gold"), null, "time")).toBeNull();
    expect(look(at("silver"), "gold", "time")?.move?.cause).toBe("decay");
    expect(look(null, "bronze", "time")?.move?.cause).toBe("decay");
  });

  it("out of the family by an own act happens at once, by time after two nights", () => {
    expect(look(at("gold"), null, "act")).toEqual({ standing: null, move: { from: "gold", to: null, cause: "act" } });
    expect(look(at("gold"), null, "night")?.move).toBeNull();
    expect(look(at("gold"), null, "act", NOW, "population_shift")?.move).toBeNull();
  });

  it("is forgotten as soon as anybody sees the contact back", () => {
    const waiting = at("gold", { to: "silver", since: NOW - DAY, cause: "decay", night: NOW - DAY });
    expect(look(waiting, "gold", "act")).toEqual({ standing: at("gold"), move: null });
  });

  it("that was loaded, or is of a new definition, holds at once, both ways, under that cause", () => {
    for (const kind of ["first", "rule", "import"] as const) {
      expect(look(at("gold"), "bronze", kind)?.move).toEqual({ from: "gold", to: "bronze", cause: kind });
    }
  });

  it("says what the family says of its cause", () => {
    expect(look(at("silver"), "gold", "act", NOW, "population_shift")?.move?.cause).toBe("population_shift");
    expect(look(at("silver"), "gold", "night", NOW, "act")?.move?.cause).toBe("act");
  });
});

describe("what is told of moves", () => {
  const move = (from: string | null, to: string | null, cause: Move["cause"] = "act"): Move => ({ from, to, cause });

  it("is none that nobody caused by what they did or left", () => {
    for (const cause of ["first", "population_shift", "import", "rule"] as const) {
      expect(newsAfter(null, move("gold", "silver", cause), NOW)).toBeNull();
    }
  });

  const told: News = { from: null, to: "silver", cause: "act", at: 1, due: 1, toldAt: NOW - HOUR };
  const waiting: News = { from: null, to: "bronze", cause: "act", at: NOW, due: NOW + 23 * HOUR, toldAt: null };

  it("is due at once, and a day after the last one was told", () => {
    expect(newsAfter(null, move("silver", "gold"), NOW)?.due).toBe(NOW);
    expect(newsAfter(told, move("silver", "gold"), NOW)).toMatchObject({ due: NOW + 23 * HOUR, toldAt: null });
    expect(newsAfter({ ...told, toldAt: NOW - 3 * DAY }, move("silver", "gold"), NOW)?.due).toBe(NOW);
  });

  it("joins what waits into one move, from the first place to the last; back again is nothing", () => {
    const joined = newsAfter(waiting, move("bronze", "gold"), NOW + HOUR);
    expect(joined).toMatchObject({ from: null, to: "gold", due: waiting.due });
    expect(newsAfter({ ...waiting, due: NOW }, move("bronze", null), NOW + HOUR)).toBeNull();
    // How long the next one waits is not forgotten.
    expect(newsAfter(waiting, move("bronze", null), NOW + HOUR)?.toldAt).toBe(NOW - HOUR);
  });

  it("stays as it was after a move of which nothing is told, and what waits is true no more", () => {
    expect(newsAfter(told, move("silver", "gold", "import"), NOW)).toBe(told);
    expect(newsAfter({ ...waiting, due: NOW }, move("bronze", "gold", "rule"), NOW)).toBeNull();
  });

  it("that waits goes along with a move of which nothing is told, under its own cause", () => {
    const along = newsAfter(waiting, move("bronze", "gold", "import"), NOW + HOUR);
    expect(along).toEqual({ ...waiting, to: "gold", at: NOW + HOUR });
    expect(newsAfter({ ...waiting, due: NOW }, move("bronze", null, "import"), NOW)).toBeNull();
  });

  it("never tells twice within a day, and always from where it was to somewhere else", () => {
    const places = fc.constantFrom(null, ...RANKS);
    const kinds = fc.constantFrom<Look>("act", "time", "night", "import");
    const looks = fc.record({ to: places, kind: kinds, hours: fc.integer({ min: 0, max: 40 }) });
    fc.assert(
      fc.property(fc.array(looks, { maxLength: 60 }), (days) => {
        let standing: Standing | null = null;
        let news: News | null = null;
        let now = NOW;
        const times: number[] = [];
        for (const { to, kind, hours } of days) {
          now += hours * HOUR + 1;
          // As late as somebody looks.
          const due = news as News | null;
          if (due !== null && due.toldAt === null && due.due <= now) {
            times.push(now);
            expect(due.from).not.toBe(due.to);
            news = { ...due, toldAt: now };
          }
          const verdict = judge(RANKS, standing, { to, cause: null, look: kind, at: now });
          if (!verdict) continue;
          ({ standing } = verdict);
          if (verdict.move) news = newsAfter(news, verdict.move, now);
        }
        for (const [index, time] of times.slice(1).entries()) {
          expect(time - (times[index] ?? 0)).toBeGreaterThanOrEqual(DAY);
        }
      }),
    );
  });
});
