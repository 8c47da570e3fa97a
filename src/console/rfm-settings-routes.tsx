import { saveDefinition, stateRates } from "../admin/rfm-actions";
import { statedRate } from "../admin/rfm-settings-routes";
import type { RateRow } from "../commerce/exchange-store";
import { countUnpriced, listRates } from "../commerce/exchange-store";
import { dayText } from "../segments/rfm/days";
import { shownRun } from "../services/rfm-answers";
import { calendarOf, readDefinition } from "../services/rfm-terms";
import { Fault } from "../shared/fault";
import { pointersOf } from "../shared/pointer";
import type { RatesShown } from "./pages/rfm-rates";
import type { Tried } from "./pages/rfm-settings";
import { RfmSettingsPage } from "./pages/rfm-settings";
import { cutPage } from "./paging";
import type { ConsoleApp, ConsoleContext } from "./request";
import { formOf, pageOf } from "./request";
import type { RfmDraft } from "./rfm-draft";
import { definitionOf, draftFrom, draftOf, fieldOf } from "./rfm-draft";
import { drawnMap } from "./rfm-map";
import { previewOf } from "./rfm-preview";
import { firstOrders } from "./rfm-store";
import { rfmReason } from "./words/rfm";

/** A map of 125 codes with names of letters that a form writes as several. */
const MOST_FORM = 32_768;
const ON_PAGE = 30;
const UNTRIED: Tried = { problems: [], preview: null, isRefused: false };

/** What RFM goes by, and exchange rates. */
export function addRfmSettings(app: ConsoleApp): void {
  app.get("/admin/rfm/settings", (context) => settings(context, null, UNTRIED, null));
  app.post("/admin/rfm/settings", change);
  app.post("/admin/rfm/rates", rate);
}

type TypedRate = Pick<RatesShown, "typed" | "problems">;

async function settings(
  context: ConsoleContext,
  typed: RfmDraft | null,
  tried: Tried,
  typedRate: TypedRate | null,
): Promise<Response> {
  const { view, services } = context.var;
  const currency = services.config.SHOP_CURRENCY;
  const [definition, shown, rates] = await Promise.all([
    readDefinition(services.env.DB),
    shownRun(services, "live"),
    ratesOf(context, typedRate),
  ]);
  const draft = typed ?? draftOf(definition, currency);
  const read = definitionOf(draft, currency);
  const found = {
    draft,
    map: "definition" in read ? drawnMap(read.definition) : null,
    tried,
    rates,
    names: shown?.names ?? new Map<string, string>(),
    currency,
  };
  const isWrong = tried.problems.length > 0 || tried.isRefused || rates.problems.length > 0;
  return pageOf(context, <RfmSettingsPage view={view} shown={found} />, isWrong ? 400 : 200);
}

/** Keeps what was typed, or says what it would change; what does not fit stands with the form, as it was typed. */
async function change(context: ConsoleContext): Promise<Response> {
  const { services } = context.var;
  const form = await formOf(context, MOST_FORM);
  const draft = draftFrom(form);
  const read = definitionOf(draft, services.config.SHOP_CURRENCY);
  if ("problems" in read) return settings(context, draft, { ...UNTRIED, problems: read.problems }, null);
  if (!drawnMap(read.definition).isWhole) return settings(context, draft, { ...UNTRIED, isRefused: true }, null);
  if (form.get("do") !== "save") {
    const preview = (await previewOf(services, read.definition)) ?? "late";
    return settings(context, draft, { ...UNTRIED, preview }, null);
  }
  try {
    await saveDefinition(services, read.definition);
  } catch (error) {
    if (!(error instanceof Fault) || error.errors.length === 0) throw error;
    const problems = error.errors.map(({ pointer, detail }) => ({ field: fieldOf(pointer), reason: detail }));
    return settings(context, draft, { ...UNTRIED, problems }, null);
  }
  return context.redirect("/admin/rfm/settings?done=saved", 303);
}

async function ratesOf({ var: { view, services } }: ConsoleContext, typed: TypedRate | null): Promise<RatesShown> {
  const { DB } = services.env;
  const base = services.config.SHOP_CURRENCY;
  const [, code = "", at = "0"] = /^([A-Z]{3})~(-?\d{1,15})$/.exec(view.query["rates"] ?? "") ?? [];
  const [rows, unpriced] = await Promise.all([listRates(DB, [code, Number(at)], ON_PAGE + 1), countUnpriced(DB, base)]);
  const first = unpriced.length > 0 ? await firstOrders(DB, base) : new Map<string, number>();
  const page = cutPage<RateRow, Record<string, string>>(rows, ON_PAGE, ({ currency, fromAt }) => ({
    rates: `${currency}~${fromAt}`,
  }));
  const { of } = calendarOf(services);
  const missing = unpriced.map((one) => ({ ...one, from: dayText(of(first.get(one.currency) ?? view.now)) }));
  const { rate: asked, from = "" } = view.query;
  const wished = asked === undefined ? null : { currency: asked, from, rate: "" };
  return { base, rates: page.shown, next: page.next, missing, typed: wished, problems: [], ...typed };
}

/** States a rate, or takes one away. */
async function rate(context: ConsoleContext): Promise<Response> {
  const { services, view } = context.var;
  const form = await formOf(context);
  const text = (name: string): string => (form.get(name) ?? "").trim();
  const typed = { currency: text("currency").toUpperCase(), from: text("from"), rate: text("rate").replace(",", ".") };
  const parsed = statedRate.safeParse({ ...typed, rate: form.has("gone") ? null : typed.rate });
  try {
    if (!parsed.success) throw new Fault("invalid-input", "", pointersOf(parsed.error));
    await stateRates(services, [parsed.data]);
  } catch (error) {
    if (!(error instanceof Fault) || error.errors.length === 0) throw error;
    const fields: Readonly<Record<string, string>> = {
      currency: view.say("The currency", "La devise"),
      from: view.say("The day", "Le jour"),
      rate: view.say("The rate", "Le taux"),
    };
    const problems = error.errors.map(({ pointer, detail }) => {
      return `${fields[pointer.split("/").at(-1) ?? ""] ?? pointer} ${rfmReason(detail, view.language)}.`;
    });
    return settings(context, null, UNTRIED, { typed, problems });
  }
  return context.redirect("/admin/rfm/settings#rates", 303);
}
