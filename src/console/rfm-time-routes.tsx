import { sumFlows } from "../admin/segment-store";
import { dayNumber, dayText } from "../segments/rfm/days";
import { matrixByDay } from "../segments/rfm/history";
import { readHistory } from "../segments/rfm/read-store";
import { RFM_FAMILY } from "../segments/rfm/run";
import { recompute } from "../services/rfm";
import { shownRun } from "../services/rfm-answers";
import { calendarOf } from "../services/rfm-terms";
import { Fault } from "../shared/fault";
import { RfmTimePage } from "./pages/rfm-time";
import type { ConsoleApp, ConsoleContext } from "./request";
import { formOf, pageOf } from "./request";
import { movesOf, sizeLines } from "./rfm-flow";
import { scaleOf } from "./rfm-matrix";
import { firstDay } from "./rfm-store";

const SPANS = [30, 90, 365];
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** RFM over time, and as of a day of before. */
export function addRfmTime(app: ConsoleApp): void {
  app.get("/admin/rfm/time", time);
  app.post("/admin/rfm/past", past);
}

async function time(context: ConsoleContext): Promise<Response> {
  const { view, services } = context.var;
  const { DB } = services.env;
  const now = calendarOf(services).of(view.now);
  const today = dayText(now);
  const spans = SPANS.map((days) => ({ days, from: dayText(now - days) }));
  const asked = [dateOf(view.query["from"]) ?? dayText(now - 90), dateOf(view.query["to"]) ?? today].sort();
  const [from = today, to = today] = asked;
  const [shown, rows, flows] = await Promise.all([
    shownRun(services, "live"),
    readHistory(DB, from, to, undefined),
    sumFlows(DB, RFM_FAMILY, null, { from, to }),
  ]);
  const days = matrixByDay(rows, from);
  const names = shown?.names ?? new Map<string, string>();
  const found = {
    from,
    to,
    today,
    spans,
    firstDay: rows.length > 0 ? null : await firstDay(DB),
    before: days[0] ?? null,
    after: days.at(-1) ?? null,
    lines: sizeLines(days, names),
    moves: movesOf(flows),
    most: scaleOf([...(days[0]?.cells ?? []), ...(days.at(-1)?.cells ?? [])]),
    names,
    currency: services.config.SHOP_CURRENCY,
  };
  return pageOf(context, <RfmTimePage view={view} shown={found} />);
}

/** A date as a browser's field sends it; null for anything else. */
function dateOf(text: string | undefined): string | null {
  return text !== undefined && DATE.test(text) && !Number.isNaN(Date.parse(text)) ? text : null;
}

/** Analyses the end of a day, or this moment for today. */
async function past(context: ConsoleContext): Promise<Response> {
  const { services, view } = context.var;
  const day = dateOf((await formOf(context)).get("day") ?? "");
  if (day === null) throw new Fault("invalid-input", view.say("Pick a day.", "Choisissez un jour."));
  const { start } = calendarOf(services);
  await recompute(services, Math.min(start(dayNumber(day) + 1) - 1, view.now));
  return context.redirect("/admin/rfm?run=past", 303);
}
