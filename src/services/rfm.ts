import { dayText } from "../segments/rfm/days";
import type { RfmDefinition } from "../segments/rfm/definition";
import { mapIn } from "../segments/rfm/definition";
import { rulersOf } from "../segments/rfm/make-rulers";
import { namesOf } from "../segments/rfm/map";
import { matrixOf } from "../segments/rfm/matrix";
import {
  endRun,
  moveRun,
  openRun,
  putHistory,
  type RunState,
  readFigures,
  readRuns,
  showRun,
  sliceEnd,
  TABLE_OF,
} from "../segments/rfm/rfm-store";
import type { DoneRun, OpenRun, RunKind } from "../segments/rfm/run";
import { RFM_FAMILY } from "../segments/rfm/run";
import { DAY, MINUTE, SECOND } from "../shared/clock";
import { Fault } from "../shared/fault";
import { withLease } from "./lease";
import { figureTerms, refreshed, scored } from "./rfm-statements";
import type { Scoring } from "./rfm-terms";
import { calendarOf, readDefinition, rulesAt, scaleOf } from "./rfm-terms";
import { ownPasses } from "./segments/passes";

/** Rows of one step: a fraction of a second of the database's time. */
const SLICE = 100_000;
const EVERYBODY = Number.MAX_SAFE_INTEGER;
/** News of an order may be as late as that and is still what somebody just did; see `past` of an event. */
export const LATE = 2 * DAY;
const LEASE = 10 * MINUTE;
/** A cron goes on for so long in real time, and leaves the rest to the next one. */
const PATIENCE = MINUTE;
/** How often, a second apart, somebody who asks waits for another computation to end. */
const TRIES = 10;

/** One computation at a time, whoever asks for it. Null while another is under way. */
function alone<T>(services: Scoring, run: () => Promise<T>): Promise<T | null> {
  return withLease(services.env.DB, "rfm", Date.now(), LEASE, run);
}

/** Begins a run over everybody, in place of one of its kind that has not come to its end. */
export async function beginRun(
  services: Scoring,
  { kind, done, open: broken }: RunState,
  asOf: number,
  definition: RfmDefinition,
): Promise<OpenRun> {
  const before = kind === "live" ? done : null;
  const isSame = before && (await rulesAt(services, definition, before.asOf)).rules === before.rules;
  const open: OpenRun = {
    asOf,
    day: dayText(calendarOf(services).of(asOf)),
    definition,
    ...(await rulesAt(services, definition, asOf)),
    now: services.clock.now(),
    since: (before?.lookedAt ?? 0) - LATE,
    because: before === null ? "first" : isSame ? null : "rule",
    step: "figures",
    after: -1,
    before: before?.rulers ?? null,
    rulers: null,
    matrix: null,
    settled: broken === null,
  };
  await openRun(services.env.DB, kind, open).run();
  return open;
}

/** What a step leaves to be done: the run as it is then, or as it ended. */
type Next = OpenRun | DoneRun;

const isOpen = (run: Next): run is OpenRun => "step" in run;

/**
 * Goes on with a run until its end, until `until` (real time, epoch ms) or for so many steps. Every step is one batch that
 * also says which step comes next: whoever dies, the next one goes on there.
 *
 * @param slice contacts of a step
 */
export async function goOn(
  services: Scoring,
  kind: RunKind,
  open: OpenRun,
  until: number,
  slice = SLICE,
  steps = Number.MAX_SAFE_INTEGER,
): Promise<Next> {
  let run: Next = open;
  for (let step = 0; isOpen(run) && step < steps && (step < 1 || Date.now() < until); step++) {
    run = await STEP[run.step](services, kind, run, slice);
  }
  return run;
}

type Step = (services: Scoring, kind: RunKind, run: OpenRun, slice: number) => Promise<Next>;

const STEP: Readonly<Record<OpenRun["step"], Step>> = {
  async figures(services, kind, run, slice) {
    const { DB } = services.env;
    const end = await sliceEnd(DB, "contact_metrics", run.after, slice);
    const next: OpenRun = end === null ? { ...run, step: "rulers", after: -1 } : { ...run, after: end };
    const scope = { above: run.after, upTo: end ?? EVERYBODY };
    // An order that came since the run began is not to be forgotten again.
    const until = kind === "live" ? Math.max(run.asOf, services.clock.now()) : run.asOf;
    const terms = await figureTerms(services, { ...run, until });
    await DB.batch([...refreshed(DB, kind, scope, terms), moveRun(DB, kind, next)]);
    return next;
  },
  async rulers(services, kind, run) {
    const { DB } = services.env;
    const days = calendarOf(services);
    const today = days.of(run.asOf);
    const figures = await readFigures(DB, TABLE_OF[kind]);
    const rulers = rulersOf(figures, scaleOf(services, run.definition, today), days);
    const matrix = kind === "live" ? matrixOf(figures, rulers, mapIn(run.definition), days, today) : null;
    const next: OpenRun = { ...run, rulers, matrix, step: "scores" };
    await moveRun(DB, kind, next).run();
    return next;
  },
  async scores(services, kind, run, slice) {
    const { DB } = services.env;
    const end = await sliceEnd(DB, TABLE_OF[kind], run.after, slice);
    const next: OpenRun = end === null ? { ...run, step: "history", after: -1 } : { ...run, after: end };
    const scope = { above: run.after, upTo: end ?? EVERYBODY };
    await DB.batch([scored(services, kind, scope, run, run), moveRun(DB, kind, next)]);
    return next;
  },
  async history(services, kind, run) {
    const { DB } = services.env;
    const { asOf, day, definition, rules, stated, rulers, matrix, now } = run;
    if (rulers === null) throw new Error("a run came to its end without bounds");
    const names = namesOf(mapIn(definition));
    const done: DoneRun = { asOf, day, definition, rules, stated, rulers, names, lookedAt: now };
    const history = matrix ? [putHistory(DB, day, matrix)] : [];
    // Whom a new map or method moved did not move: segments take it over in silence, as they do what is computed first.
    const { because } = run;
    const anew = kind === "live" && because !== null ? await ownPasses(DB, RFM_FAMILY, because, now) : [];
    await DB.batch([...history, endRun(DB, kind, done), ...anew]);
    return done;
  },
};

/** Keeps the live scores, and goes on with an analysis of another moment. */
export async function keepRfm(services: Scoring): Promise<void> {
  await keepScores(services);
  const until = Date.now() + PATIENCE;
  await alone(services, async () => {
    const { past } = await readRuns(services.env.DB);
    if (past.open) await goOn(services, "past", past.open, until);
  });
}

/** Carries a live run on that is under way, and begins one where a day has begun, the rules changed, or there was none yet. */
export async function keepScores(services: Scoring): Promise<void> {
  const until = Date.now() + PATIENCE;
  await alone(services, () => bringUpToDate(services, until));
}

async function bringUpToDate(services: Scoring, until: number): Promise<void> {
  const { DB } = services.env;
  const { live } = await readRuns(DB);
  if (live.open) await goOn(services, "live", live.open, until);
  else if (await isDue(services, live.done)) {
    const run = await beginRun(services, live, services.clock.now(), await readDefinition(DB));
    await showRun(DB, "live", run.now).run();
    await goOn(services, "live", run, until);
  }
}

async function isDue(services: Scoring, done: DoneRun | null): Promise<boolean> {
  const { DB } = services.env;
  if (done === null) {
    return (await DB.prepare("SELECT 1 FROM contact_metrics WHERE orders > 0 LIMIT 1").first()) !== null;
  }
  if (dayText(calendarOf(services).of(services.clock.now())) !== done.day) return true;
  return (await rulesAt(services, await readDefinition(DB), done.asOf)).stated !== done.stated;
}

/**
 * Computes the live scores anew, or where `asOf` (epoch ms) is given what scores were or will be then, which leaves the
 * live ones alone. It is what is shown from now on, until somebody asks for another or the next night. Throws
 * `unavailable` while another run is under way for long.
 */
export async function recompute(
  services: Scoring,
  asOf: number | null,
  method?: RfmDefinition["method"],
): Promise<void> {
  const { DB } = services.env;
  const kind = asOf === null ? "live" : "past";
  const until = Date.now() + PATIENCE;
  const run = async () => {
    const definition = await readDefinition(DB);
    const now = services.clock.now();
    const state = (await readRuns(DB))[kind];
    const open = await beginRun(services, state, asOf ?? now, { ...definition, ...(method && { method }) });
    await showRun(DB, kind, now).run();
    await goOn(services, kind, open, until);
    return true;
  };
  for (let tries = 0; tries < TRIES; tries++) {
    if (await alone(services, run)) return;
    await new Promise((resolve) => setTimeout(resolve, SECOND));
  }
  throw new Fault("unavailable", "Another computation is under way.", [], 10);
}
