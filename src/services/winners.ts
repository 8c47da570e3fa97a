import { log } from "../platform/log";
import type { ArmCount, Winner } from "../scenarios/winner";
import { bestArm, blocksBehind, clearWinner, contestsOf, lookOf } from "../scenarios/winner";
import type { CountedSplit } from "../scenarios/winner-store";
import { countArms, firstEntry, winning } from "../scenarios/winner-store";
import type { Services } from "../services";
import { HOUR } from "../shared/clock";
import { oncePer } from "./lease";
import { changeSettings } from "./revision";

/** Looks once an hour whether an arm of a random split has won. */
export async function keepWinners(services: Services): Promise<void> {
  const splits = await openSplits(services);
  if (splits.length === 0) return;
  const hour = String(Math.floor(services.clock.now() / HOUR));
  await oncePer(services.env.DB, "winners", hour, async () => {
    await decideWinners(services);
    return true;
  });
}

/**
 * Decides the splits of live versions whose figures, or whose time, have come. A split is decided once: what runs beside
 * it writes nothing, and what dies before everybody is told is found by the sweep, as any other change.
 */
export async function decideWinners(services: Services): Promise<void> {
  const failed: unknown[] = [];
  for (const split of await openSplits(services)) {
    await decide(services, split).catch((error: unknown) => failed.push(error));
  }
  if (failed.length > 0) throw failed[0];
}

/** Splits that are to be decided by figures and are not: the playbook has the winner of any other as its parameter. */
async function openSplits(services: Services): Promise<readonly CountedSplit[]> {
  const { playbook } = await services.briefings.read();
  return playbook.live.flatMap(({ id: scenario, version, state, definition }) =>
    state === "active"
      ? contestsOf(definition).map(({ block, contest }) => {
          return { scenario, version, block, contest, behind: blocksBehind(definition, block) };
        })
      : [],
  );
}

async function decide(services: Services, split: CountedSplit): Promise<void> {
  const { DB } = services.env;
  const { scenario, version, block, contest } = split;
  const now = services.clock.now();
  const verdict = (await byFigures(DB, split)) ?? (await byTime(DB, split, now));
  if (!verdict) return;
  await changeSettings(services, [
    winning(DB, { scenario, version, block, at: now, figure: contest.figure, ...verdict }),
  ]);
  log("split decided", { scenario, version, block, arm: verdict.arm });
}

type Verdict = Pick<Winner, "arm" | "cause" | "counts">;

async function byFigures(db: D1Database, split: CountedSplit): Promise<Verdict | null> {
  const { leastRuns } = split.contest;
  const look = leastRuns === null ? null : lookOf(await countArms(db, split, {}), leastRuns);
  if (!look) return null;
  const counts = await countArms(db, split, { runs: look.runs });
  return verdictOf(clearWinner(counts, look.look), "figures", counts);
}

async function byTime(db: D1Database, split: CountedSplit, now: number): Promise<Verdict | null> {
  const { afterMs } = split.contest;
  if (afterMs === null) return null;
  const first = await firstEntry(db, split.scenario, split.version);
  if (first === null || now < first + afterMs) return null;
  const counts = await countArms(db, split, { settled: false });
  return verdictOf(bestArm(counts), "time", counts);
}

function verdictOf(arm: string | null, cause: Winner["cause"], counts: readonly ArmCount[]): Verdict | null {
  return arm === null ? null : { arm, cause, counts };
}
