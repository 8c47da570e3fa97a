import { mapIn } from "../segments/rfm/definition";
import type { FigureTerms, Scope } from "../segments/rfm/figures-sql";
import { figuresSql, leaversSql } from "../segments/rfm/figures-sql";
import { statement, TABLE_OF } from "../segments/rfm/rfm-store";
import type { OpenRun, RunKind } from "../segments/rfm/run";
import { scoresSql } from "../segments/rfm/score-sql";
import type { Scoring } from "./rfm-terms";
import { calendarOf, isRated } from "./rfm-terms";

/** What figures are brought up to date with in a run. */
export async function figureTerms(
  services: Scoring,
  run: Pick<OpenRun, "definition" | "asOf" | "now" | "since" | "because"> & { readonly until: number },
): Promise<FigureTerms> {
  const { definition, asOf, until, now, since, because } = run;
  const base = services.terms.shop.currency;
  const rated = await isRated(services.env.DB);
  return { definition, asOf, until, now, since, because, base, rated, days: calendarOf(services) };
}

/** Brings the figures of a scope up to date. */
export function refreshed(db: D1Database, kind: RunKind, scope: Scope, terms: FigureTerms): D1PreparedStatement[] {
  const table = TABLE_OF[kind];
  return [statement(db, figuresSql(table, scope, terms)), statement(db, leaversSql(table, scope))];
}

/** Reads the scores of a scope off its figures. */
export function scored(
  services: Scoring,
  kind: RunKind,
  scope: Scope,
  { definition, asOf, now, because }: Pick<OpenRun, "definition" | "asOf" | "now" | "because">,
  { rulers, before, settled }: Pick<OpenRun, "rulers" | "before" | "settled">,
): D1PreparedStatement {
  const days = calendarOf(services);
  if (rulers === null) throw new Error("there are no bounds to score by");
  const terms = {
    rulers,
    before,
    map: mapIn(definition),
    days,
    today: days.of(asOf),
    now,
    redefined: because !== null,
    settled,
  };
  return statement(services.env.DB, scoresSql(TABLE_OF[kind], scope, terms));
}
