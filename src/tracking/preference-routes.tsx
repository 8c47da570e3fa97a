import type { Context } from "hono";
import { Hono } from "hono";
import type { ConsentKey } from "../contacts/consent";
import { CONSENT_KEYS, isMarketing } from "../contacts/consent";
import type { PreferencesChange } from "../contacts/preferences";
import { FREQUENCIES, SNOOZE_DAYS } from "../contacts/preferences";
import { problem } from "../platform/http";
import { DAY } from "../shared/clock";
import type { Language } from "../shared/language";
import { actOf, PAGE, pageOf, readForm } from "./common-routes";
import type { PersonFile } from "./file";
import { later } from "./later-routes";
import type { ShopView } from "./pages/page";
import type { NoticeKey } from "./pages/preferences";
import { PreferencesPage } from "./pages/preferences";
import type { Topic } from "./pages/subscribe";
import { UnknownLinkPage } from "./pages/unsubscribe";
import type { Asked } from "./wordings";
import { isAsked } from "./wordings";

/** What the preference centre needs. `contact` is a row; every change goes through the ledger. */
export interface PreferenceDeps {
  readonly shop: ShopView;
  /** The contact that a link was made for, whoever took it over since; null for a link that is none. */
  readonly contactOf: (token: string) => Promise<number | null>;
  readonly file: (contact: number) => Promise<PersonFile | null>;
  readonly topics: () => Promise<readonly Topic[]>;
  readonly withdraw: (contact: number, keys: readonly ConsentKey[]) => Promise<void>;
  readonly change: (contact: number, change: PreferencesChange) => Promise<void>;
  /** Starts a double opt-in at the contact's own addresses; says which ways the messages took. */
  readonly widen: (
    context: Context,
    contact: number,
    keys: readonly Asked[],
    language: Language,
  ) => Promise<readonly ("mail" | "code")[]>;
  readonly request: (contact: number, kind: "access" | "erasure") => Promise<void>;
  /** Masked number of a contact whose code is awaited. */
  readonly awaitedPhone: (contact: number) => Promise<string | null>;
  readonly confirmPhone: (contact: number, code: string) => Promise<boolean>;
  readonly now: () => number;
}

type Deps = (context: Context) => PreferenceDeps;

interface Asking {
  readonly context: Context;
  readonly deps: PreferenceDeps;
  readonly file: PersonFile;
  readonly form: URLSearchParams;
  readonly language: Language;
}

/** What an act came to: what is said on the page, or null for a form that is none of ours. */
type Said = { readonly notices: readonly NoticeKey[]; readonly codeFailed?: boolean } | null;

/** `GET` shows, `POST` changes. A link can only reduce consent: more of it needs a word from the address itself. */
export function preferenceRoutes(deps: Deps): Hono {
  const app = new Hono();
  app.onError(later((context) => deps(context).shop));
  app.get("/p/:token", async (context) => answer(context, deps(context), null));
  app.post("/p/:token", async (context) => answer(context, deps(context), await readForm(context)));
  return app;
}

async function answer(context: Context, deps: PreferenceDeps, form: URLSearchParams | null): Promise<Response> {
  const page = pageOf(context, deps.shop);
  const contact = await deps.contactOf(context.req.param("token") ?? "");
  const file = contact === null ? null : await deps.file(contact);
  if (!file) return context.html(<UnknownLinkPage {...page} />, 404, PAGE);
  let said: Said = { notices: [] };
  if (context.req.method === "POST") {
    const act = form && actOf(ACTS, form);
    said = form && act ? await act({ context, deps, file, form, language: page.language }) : null;
  }
  if (said === null) return problem("invalid-input", "Post one of the forms of this page.");
  const now = deps.now();
  const [current, topics, awaited] = await Promise.all([
    said.notices.length > 0 ? deps.file(file.contact) : file,
    deps.topics(),
    deps.awaitedPhone(file.contact),
  ]);
  const shown = { file: current ?? file, topics, awaited, now };
  const { notices, codeFailed = false } = said;
  return context.html(<PreferencesPage {...page} {...shown} notices={notices} codeFailed={codeFailed} />, 200, PAGE);
}

/** What the buttons of the page do. */
const ACTS: Readonly<Record<string, (asking: Asking) => Promise<Said>>> = {
  save,
  async stop({ deps, file }) {
    const given = CONSENT_KEYS.filter((key) => isMarketing(key) && file.consents[key]?.state === "granted");
    await deps.withdraw(file.contact, given);
    return { notices: ["stopped"] };
  },
  async pause({ deps, file, form }) {
    const days = Number(form.get("days"));
    if (days !== 0 && !SNOOZE_DAYS.some((known) => known === days)) return null;
    await deps.change(file.contact, { snoozed_until: days === 0 ? null : deps.now() + days * DAY });
    return { notices: [days === 0 ? "resumed" : "paused"] };
  },
  async hide({ deps, file, form }) {
    const things = thingsOf(form);
    if (things === null) return null;
    await deps.change(file.contact, { hide: things });
    return { notices: ["hidden"] };
  },
  async show({ deps, file, form }) {
    const things = thingsOf(form);
    if (things === null) return null;
    await deps.change(file.contact, { unhide: things });
    return { notices: ["shown"] };
  },
  async code({ deps, file, form }) {
    const isRight = await deps.confirmPhone(file.contact, (form.get("code") ?? "").slice(0, 40));
    return isRight ? { notices: ["confirmed"] } : { notices: [], codeFailed: true };
  },
  async access({ deps, file }) {
    await deps.request(file.contact, "access");
    return { notices: ["access"] };
  },
  async erasure({ deps, file }) {
    await deps.request(file.contact, "erasure");
    return { notices: ["erasure"] };
  },
};

async function save({ context, deps, file, form, language }: Asking): Promise<Said> {
  const frequency = FREQUENCIES.find((known) => known === form.get("frequency"));
  if (!frequency) return null;
  const ticked = form.getAll("consent").filter(isAsked);
  // Only what the page showed as ticked can have been unticked: more may have been agreed to since it was opened.
  const shown = (form.get("shown") ?? "").split(" ").filter(isAsked);
  const isGranted = (key: Asked) => file.consents[key]?.state === "granted";
  const gone = shown.filter((key) => !ticked.includes(key) && isGranted(key));
  const more = ticked.filter((key) => !shown.includes(key) && !isGranted(key));
  const known = new Set((await deps.topics()).map(({ key }) => key));
  const topics = form.getAll("topic").filter((topic) => known.has(topic));
  await deps.withdraw(file.contact, gone);
  await deps.change(file.contact, { frequency, ...(form.get("with_topics") === "1" && { topics }) });
  const ways = more.length > 0 ? await deps.widen(context, file.contact, more, language) : [];
  return { notices: ["saved", ...ways] };
}

function thingsOf(form: URLSearchParams): { products?: string[]; categories?: string[] } | null {
  const product = form.get("product");
  const category = form.get("category");
  if (product) return { products: [product.slice(0, 200)] };
  return category ? { categories: [category.slice(0, 200)] } : null;
}
