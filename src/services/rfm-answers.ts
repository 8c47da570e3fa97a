import { countUnpriced } from "../commerce/exchange-store";
import { windowStart } from "../segments/rfm/figures";
import { hasMargins, readMargins, readSegmentMargins } from "../segments/rfm/margin-store";
import type { MatrixRow } from "../segments/rfm/matrix";
import type { RunState } from "../segments/rfm/rfm-store";
import { readMatrix, readRuns, TABLE_OF } from "../segments/rfm/rfm-store";
import type { DoneRun, RunKind } from "../segments/rfm/run";
import type { Services } from "../services";
import { calendarOf } from "./rfm-terms";

/** The run that answers are made from, and the moment that recency is counted to (epoch ms). */
export interface ShownRun {
  readonly kind: RunKind;
  readonly run: DoneRun;
  /** A newer one is under way. */
  readonly isRunning: boolean;
  readonly asOf: number;
  /** Names of segments by their keys, best first. */
  readonly names: ReadonlyMap<string, string>;
}

/** The run that is wanted, else the one that was asked for last; null where there is none yet. */
export async function shownRun(services: Services, wanted?: RunKind): Promise<ShownRun | null> {
  const { live, past } = await readRuns(services.env.DB);
  const latest = past.done !== null && past.shownAt > live.shownAt ? past : live;
  const { kind, done, open }: RunState = wanted === undefined ? latest : { live, past }[wanted];
  if (done === null) return null;
  const asOf = kind === "live" ? services.clock.now() : done.asOf;
  return { kind, run: done, isRunning: open !== null, asOf, names: new Map(Object.entries(done.names)) };
}

/** The matrix of a run, the orders that it knows no rate of, and the margins where it is asked for them. */
export async function readSummary(services: Services, { kind, run, asOf }: ShownRun, withMargin: boolean) {
  const { DB } = services.env;
  const base = services.config.SHOP_CURRENCY;
  const matrix: MatrixRow[] = await readMatrix(DB, TABLE_OF[kind]);
  const span = spanOf(services, run, asOf);
  const margins = withMargin && (await hasMargins(DB)) ? await readSegmentMargins(DB, TABLE_OF[kind], span) : null;
  return { matrix, unpriced: await countUnpriced(DB, base), margins };
}

/** The margins of contacts; null where no product has one. */
export async function marginsOf(services: Services, { run, asOf }: ShownRun, contacts: readonly number[]) {
  const { DB } = services.env;
  return (await hasMargins(DB)) ? readMargins(DB, contacts, spanOf(services, run, asOf)) : null;
}

function spanOf(services: Services, { definition }: DoneRun, asOf: number) {
  const from = windowStart({ definition, asOf, days: calendarOf(services) });
  return { from, to: asOf, base: services.config.SHOP_CURRENCY, definition };
}
