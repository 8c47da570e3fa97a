import { windowStart } from "../segments/rfm/figures";
import { segmentKey } from "../segments/rfm/map";
import { hasMargins } from "../segments/rfm/margin-store";
import type { ScoreRow } from "../segments/rfm/read-store";
import { listScores } from "../segments/rfm/read-store";
import { readMatrix, TABLE_OF } from "../segments/rfm/rfm-store";
import type { RunKind } from "../segments/rfm/run";
import type { Services } from "../services";
import { recompute } from "../services/rfm";
import type { ShownRun } from "../services/rfm-answers";
import { readSummary, shownRun } from "../services/rfm-answers";
import { calendarOf } from "../services/rfm-terms";
import type { ContactScores } from "./pages/contact-rfm";
import { RfmPage } from "./pages/rfm";
import { RfmContactsPage } from "./pages/rfm-contacts";
import { NoScores } from "./pages/rfm-footing";
import { cutPage } from "./paging";
import type { ConsoleApp, ConsoleContext } from "./request";
import { formOf, nothing, pageOf } from "./request";
import { squaresOf, sumOf } from "./rfm-matrix";
import { readFooting, readProfiles } from "./rfm-store";

const ON_PAGE = 50;

/** Recency, frequency, monetary value: the matrix, its segments, and who is in them. */
export function addRfm(app: ConsoleApp): void {
  app.get("/admin/rfm", matrix);
  app.get("/admin/rfm/contacts", contacts);
  app.post("/admin/rfm/recompute", async (context) => {
    await formOf(context);
    await recompute(context.var.services, null);
    return context.redirect("/admin/rfm?done=computed", 303);
  });
}

/** The run that a page asks for; the live one where it does not say. */
function runOf({ var: { services, view } }: ConsoleContext): Promise<ShownRun | null> {
  const kind: RunKind = view.query["run"] === "past" ? "past" : "live";
  return shownRun(services, kind);
}

async function matrix(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const [shown, footing] = await Promise.all([runOf(context), readFooting(services.env.DB)]);
  if (shown === null) return pageOf(context, <NoScores view={view} hasOrders={footing.hasOrders} />);
  // Adding margins up reads every order's lines: only for whoever asks.
  const [{ matrix: cells, unpriced, margins }, canAdd] = await Promise.all([
    readSummary(services, shown, view.query["margin"] === "true"),
    hasMargins(services.env.DB),
  ]);
  const { run, asOf, names, kind, isRunning } = shown;
  const from = windowStart({ definition: run.definition, asOf, days: calendarOf(services) });
  const currency = services.config.SHOP_CURRENCY;
  const scored = cells.filter(({ segment }) => segment !== null);
  const found = {
    kind,
    run,
    isRunning,
    asOf,
    names,
    from,
    cells: scored,
    unpriced,
    footing,
    currency,
    margins,
    canAdd,
  };
  return pageOf(context, <RfmPage view={view} shown={found} />);
}

async function contacts(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const { DB } = services.env;
  const shown = await runOf(context);
  const search = searchOf(view.query);
  const { segment, r, f, m } = search;
  if (shown === null || (segment === undefined && (r === undefined || f === undefined))) {
    return nothing(context, view.say("No segment was picked.", "Aucun segment choisi."));
  }
  const table = TABLE_OF[shown.kind];
  const after = /^\d{1,15}$/.test(view.query["after"] ?? "") ? Number(view.query["after"]) : 0;
  const [rows, cells] = await Promise.all([listScores(DB, table, search, after, ON_PAGE + 1), readMatrix(DB, table)]);
  const page = cutPage(rows, ON_PAGE, ({ contact }) => ({ after: String(contact) }));
  const squares = squaresOf(cells, shown.run.rulers.plan.most).flat();
  const square = segment === undefined ? squares.find((one) => one.r === r && one.f === f) : undefined;
  const found = {
    rows: withDays(services, shown, page.shown),
    profiles: await readProfiles(
      DB,
      page.shown.map(({ contact }) => contact),
    ),
    next: page.next,
    search: { segment: segment ?? null, r: r ?? null, f: f ?? null },
    byM: square?.byM ?? [],
    contacts: square
      ? m === undefined
        ? square.contacts
        : (square.byM[m - 1] ?? 0)
      : sumOf(cells.filter((cell) => cell.segment === segment)).contacts,
    names: shown.names,
    currency: services.config.SHOP_CURRENCY,
  };
  return pageOf(context, <RfmContactsPage view={view} shown={found} />);
}

/** What is looked for: a segment, or scores. */
function searchOf(query: Readonly<Record<string, string>>) {
  const score = (name: string): number | undefined =>
    /^[1-5]$/.test(query[name] ?? "") ? Number(query[name]) : undefined;
  const segment = query["segment"] ? segmentKey(query["segment"]) : undefined;
  return segment === undefined
    ? { segment, r: score("r"), f: score("f"), m: score("m") }
    : { segment, r: undefined, f: undefined, m: undefined };
}

/** Rows with the days since the last order, by the shop's calendar. */
function withDays<Row extends { readonly lastOrderAt: number }>(
  services: Services,
  { asOf }: Pick<ShownRun, "asOf">,
  rows: readonly Row[],
): (Row & { readonly days: number })[] {
  const { of } = calendarOf(services);
  return rows.map((row) => ({ ...row, days: of(asOf) - of(row.lastOrderAt) }));
}

/** The live scores of one contact as their page shows them. */
export async function contactScores(services: Services, scores: ScoreRow | null): Promise<ContactScores | null> {
  const shown = scores && (await shownRun(services, "live"));
  const [row] = scores && shown ? withDays(services, shown, [scores]) : [];
  return row && shown ? { ...row, months: shown.run.definition.window_months } : null;
}
