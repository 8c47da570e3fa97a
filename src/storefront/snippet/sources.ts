import { attempt, type Browser } from "./environment";

/** What a banner of the shop may speak of. Email, SMS and the like are asked for by a form, never by a banner. */
export type Purpose = "tracking" | "profiling";
export type Choices = { [purpose in Purpose]?: boolean | undefined };

type Tell = (source: string, choices: Choices) => void;

interface Tcf {
  readonly eventStatus?: string;
  readonly gdprApplies?: boolean;
  readonly purpose?: { readonly consents?: { readonly [id: number]: boolean } };
}

interface ShopifyPrivacy {
  currentVisitorConsent?(): { readonly analytics?: string; readonly preferences?: string };
}

interface Pages {
  dataLayer?: unknown[];
  readonly __tcfapi?: (command: string, version: number, listener: (state: Tcf, success: boolean) => void) => void;
  readonly Shopify?: {
    readonly customerPrivacy?: ShopifyPrivacy;
    loadFeatures?(features: readonly object[], done: () => void): void;
  };
}

const LOOK_AGAIN_MS = [1000, 4000, 15_000];

const answer = (value: unknown, yes: string, no: string) => (value === yes ? true : value === no ? false : undefined);

/**
 * Google's consent mode. A `default` is a setting of the shop and no word of the visitor: only an `update` counts.
 * `analytics_storage` speaks of tracking, `personalization_storage` of profiling.
 */
function google(page: Pages, tell: Tell): void {
  const read = (entry: unknown) => {
    const [command, action, state] = Array.from((entry ?? []) as ArrayLike<unknown>);
    if (command !== "consent" || action !== "update" || !state) return;
    const said = state as { [name: string]: unknown };
    const of = (name: string) => answer(said[name], "granted", "denied");
    tell("google consent mode", { tracking: of("analytics_storage"), profiling: of("personalization_storage") });
  };
  page.dataLayer ??= [];
  const layer = page.dataLayer;
  const before = layer.push.bind(layer);
  // Whoever wraps it after us calls ours; what fails here must not keep the shop's own entry out.
  layer.push = (...entries) => {
    for (const entry of entries) attempt(() => read(entry), undefined);
    return before(...entries);
  };
  for (const entry of layer) attempt(() => read(entry), undefined);
}

/** IAB TCF 2: purpose 1 (storing on the device) speaks of tracking, with 3 to 6 (profiles) of profiling. */
function tcf(page: Pages, tell: Tell): boolean {
  page.__tcfapi?.("addEventListener", 2, ({ eventStatus, gdprApplies, purpose = {} }, success) => {
    const isSaid = eventStatus === "tcloaded" || eventStatus === "useractioncomplete";
    if (!success || !isSaid || gdprApplies === false) return;
    const { consents = {} } = purpose;
    const all = (...ids: number[]) => ids.every((id) => consents[id] === true);
    tell("iab tcf", { tracking: all(1), profiling: all(1, 3, 4, 5, 6) });
  });
  return !!page.__tcfapi;
}

/** Shopify's customer privacy: `analytics` speaks of tracking, `preferences` of profiling; no answer is none. */
function shopify(browser: Browser, page: Pages, tell: Tell): boolean {
  const read = () => {
    const said = page.Shopify?.customerPrivacy?.currentVisitorConsent?.();
    if (!said) return;
    const [tracking, profiling] = [said.analytics, said.preferences].map((one) => answer(one, "yes", "no"));
    tell("shopify customer privacy", { tracking, profiling });
  };
  if (!page.Shopify) return false;
  browser.document.addEventListener("visitorConsentCollected", () => attempt(read, undefined));
  if (page.Shopify.customerPrivacy) read();
  else page.Shopify.loadFeatures?.([{ name: "consent-tracking-api", version: "0.1" }], () => attempt(read, undefined));
  return true;
}

/**
 * Listens to the consent platforms of the page. `decide` hears what all of them together amount to: a no of one
 * counts against the yes of another, and until one has spoken there is no answer.
 */
export function watchSources(browser: Browser, decide: (choices: Choices, source: string) => void): void {
  const page = browser as Browser & Pages;
  const said: { [source: string]: Choices } = {};
  const tell: Tell = (source, choices) => {
    said[source] = choices;
    const all = (purpose: Purpose) => {
      const answers = Object.values(said).map((one) => one[purpose]);
      return answers.includes(false) ? false : answers.includes(true) || undefined;
    };
    decide({ tracking: all("tracking"), profiling: all("profiling") }, source);
  };
  attempt(() => google(page, tell), undefined);
  let open = [() => tcf(page, tell), () => shopify(browser, page, tell)];
  // A platform may load after us.
  const look = (tries: number): void => {
    open = open.filter((find) => !attempt(find, true));
    const wait = LOOK_AGAIN_MS[tries];
    if (open.length && wait) browser.setTimeout(() => look(tries + 1), wait);
  };
  look(0);
}
