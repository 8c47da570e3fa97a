import type { Context } from "hono";
import { Hono } from "hono";
import * as z from "zod";
import type { Wording } from "../contacts/proof";
import { wordingId } from "../contacts/proof";
import { parseJson, readText } from "../platform/body";
import { problem, problemOf } from "../platform/http";
import type { FieldError } from "../shared/fault";
import { Fault } from "../shared/fault";
import type { Language } from "../shared/language";
import { LANGUAGES } from "../shared/language";
import { pointersOf } from "../shared/pointer";
import { languageOf, PAGE, pageOf, readForm } from "./common-routes";
import { later } from "./later-routes";
import type { ShopView } from "./pages/page";
import type { Draft, FormFault, Topic } from "./pages/subscribe";
import { EMPTY_DRAFT, SubscribedPage, SubscribePage } from "./pages/subscribe";
import type { Asked } from "./wordings";
import { ASKED, OFFERED, wordingOf } from "./wordings";

/** Addresses and consents of one form, checked. */
export interface Subscribing {
  readonly email: string;
  /** E.164; null where none was given or no text messages are wanted. */
  readonly phone: string | null;
  readonly first_name: string | null;
  readonly language: Language;
  readonly topics: readonly string[];
  readonly consents: readonly Asked[];
  readonly wordings: Readonly<Partial<Record<Asked, Wording>>>;
  readonly wording: string | null;
  readonly source: string;
  /** Id that the client gave, so that a repeat has no second effect. */
  readonly id: string | null;
}

/** By whose key a form comes; its word is worth what the key's scope is. */
export interface SubscribingBy {
  readonly scope: string;
  /** Whose budget it draws on. */
  readonly key: string;
}

export interface SubscribeDeps {
  readonly shop: ShopView;
  readonly topics: () => Promise<readonly Topic[]>;
  readonly email: (text: unknown) => string | null;
  readonly phone: (text: unknown, country: string | null) => string | null;
  readonly stamp: () => string;
  readonly isFresh: (stamp: string) => boolean;
  /** What a key may do: `write`, `secret`, `admin`, or null. */
  readonly scopeOf: (context: Context, inBody: unknown) => Promise<string | null>;
  readonly subscribe: (context: Context, said: Subscribing, by: SubscribingBy) => Promise<void>;
}

type Deps = (context: Context) => SubscribeDeps;

const CORS = { "Access-Control-Allow-Origin": "*", "Cache-Control": "no-store" };
const MAX_BYTES = 16_384;
const TEXT = z.string().max(254);

/** What a shop's own form says, as JSON. */
const input = z.object({
  writeKey: z.string().max(255).optional(),
  email: TEXT,
  phone: TEXT.nullish(),
  first_name: TEXT.nullish(),
  language: z.enum(LANGUAGES).optional(),
  topics: z.array(z.string().max(60)).max(50).optional(),
  consent: z.object(
    Object.fromEntries(ASKED.map((key) => [key, z.boolean().optional()])) as Record<Asked, z.ZodOptional<z.ZodBoolean>>,
  ),
  consent_wording: z.string().min(1).max(500).nullish(),
  consent_source: z.string().max(200).nullish(),
  messageId: z.string().min(1).max(255).nullish(),
});

/** The hosted form and the route for a shop's own. */
export function subscribeRoutes(deps: Deps): Hono {
  const app = new Hono();
  app.onError(later((context) => deps(context).shop));
  app.get("/subscribe", (context) => showForm(context, deps(context), EMPTY_DRAFT, []));
  app.post("/subscribe", (context) => takeHosted(context, deps(context)));
  app.post("/v1/subscribe", (context) => takeOwn(context, deps(context)));
  return app;
}

async function showForm(
  context: Context,
  deps: SubscribeDeps,
  draft: Draft,
  faults: readonly FormFault[],
): Promise<Response> {
  const more = { topics: await deps.topics(), draft, faults, stamp: deps.stamp() };
  return context.html(<SubscribePage {...pageOf(context, deps.shop)} {...more} />, faults.length > 0 ? 400 : 200, PAGE);
}

async function takeHosted(context: Context, deps: SubscribeDeps): Promise<Response> {
  const form = await readForm(context);
  if (form === null) return problem("invalid-input", "Post the form of this page.");
  const page = pageOf(context, deps.shop);
  const draft = draftOf(form);
  const agreed = agreedTo(draft.consents, deps.shop.name, page.language);
  const email = deps.email(draft.email);
  const wantsPhone = draft.phone.trim() !== "";
  const phone = wantsPhone ? deps.phone(draft.phone, countryOf(context)) : null;
  const faults: FormFault[] = [];
  if (!deps.isFresh(form.get("stamp") ?? "") || agreed === null) faults.push("stale");
  if (email === null) faults.push("email");
  if ((wantsPhone || agreed?.sms) && phone === null) faults.push("phone");
  if (agreed && !agreed.email) faults.push("consent");
  if (faults.length > 0 || email === null || agreed === null) return showForm(context, deps, draft, faults);
  const known = new Set((await deps.topics()).map(({ key }) => key));
  const withPhone = phone !== null && agreed.sms !== undefined;
  // What fills the field that no person sees is told the same, and kept nowhere.
  if (form.get("website")) return context.html(<SubscribedPage {...page} withPhone={withPhone} />, 200, PAGE);
  const said: Subscribing = {
    email,
    phone: withPhone ? phone : null,
    first_name: draft.firstName === "" ? null : draft.firstName,
    language: page.language,
    topics: draft.topics.filter((topic) => known.has(topic)),
    consents: Object.keys(agreed) as Asked[],
    wordings: agreed,
    wording: null,
    source: "hosted form",
    id: null,
  };
  await deps.subscribe(context, said, { scope: "hosted", key: "hosted" });
  return context.html(<SubscribedPage {...page} withPhone={withPhone} />, 200, PAGE);
}

function draftOf(form: URLSearchParams): Draft {
  const field = (name: string) => (form.get(name) ?? "").trim().slice(0, 254);
  const boxes = OFFERED.flatMap((key) => form.getAll(`consent_${key}`).slice(0, 1));
  return {
    email: field("email"),
    phone: field("phone"),
    firstName: field("first_name"),
    topics: form.getAll("topic").slice(0, 50),
    consents: boxes.map((box) => box.slice(0, 120)),
  };
}

/** A ticked box says which text stood beside it: null where that is not the text of today. */
function agreedTo(boxes: readonly string[], shop: string, language: Language): Partial<Record<Asked, Wording>> | null {
  const offered = OFFERED.map((key) => [key, wordingOf(key, shop, language)] as const);
  const agreed = offered.filter(([, wording]) => boxes.includes(wordingId(wording)));
  return agreed.length === boxes.length ? Object.fromEntries(agreed) : null;
}

async function takeOwn(context: Context, deps: SubscribeDeps): Promise<Response> {
  try {
    const isForm = (context.req.header("Content-Type") ?? "").startsWith("application/x-www-form-urlencoded");
    const { said, ...by } = await readOwn(context, deps, isForm);
    await deps.subscribe(context, said, by);
    // The same for an address that we know and for one that we do not.
    const page = <SubscribedPage {...pageOf(context, deps.shop)} withPhone={said.phone !== null} />;
    return isForm ? context.html(page, 200, PAGE) : context.json({ status: "pending" }, 202, CORS);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const refused = problemOf(error);
    refused.headers.set("Access-Control-Allow-Origin", "*");
    return refused;
  }
}

async function readOwn(context: Context, deps: SubscribeDeps, isForm: boolean) {
  const text = await readText(context.req.raw, MAX_BYTES);
  const body = isForm ? formBody(new URLSearchParams(text)) : parseJson(text);
  const key = (body as { writeKey?: unknown } | null)?.writeKey;
  const scope = await deps.scopeOf(context, key);
  if (scope === null) throw new Fault("unauthorized", "Send a write key: as Bearer, Basic user name or `writeKey`.");
  if (scope === "admin") throw new Fault("forbidden", "An admin key does not subscribe anybody; use a write key.");
  const parsed = input.safeParse(body);
  if (!parsed.success) {
    throw new Fault("invalid-input", "The request does not fit: see `errors`.", pointersOf(parsed.error));
  }
  const { consent, ...rest } = parsed.data;
  const errors: FieldError[] = [];
  const email = deps.email(rest.email);
  const phone = rest.phone ? deps.phone(rest.phone, countryOf(context)) : null;
  if (email === null) errors.push({ pointer: "/email", detail: "invalid-email: is not one plain address" });
  if (rest.phone && phone === null) errors.push({ pointer: "/phone", detail: "is no mobile number" });
  if (consent.sms && !rest.phone) errors.push({ pointer: "/phone", detail: "is needed for text messages" });
  if (consent.email !== true)
    errors.push({ pointer: "/consent/email", detail: "must be true: it is what is asked for" });
  if (email === null || errors.length > 0) {
    throw new Fault("invalid-input", "The subscription cannot be taken: see `errors`.", errors);
  }
  const known = new Set((await deps.topics()).map((topic) => topic.key));
  const said: Subscribing = {
    email,
    phone: consent.sms ? phone : null,
    first_name: rest.first_name ?? null,
    language: rest.language ?? languageOf(context),
    topics: (rest.topics ?? []).filter((topic) => known.has(topic)),
    consents: (Object.keys(consent) as Asked[]).filter((asked) => consent[asked] === true),
    wordings: {},
    wording: rest.consent_wording ?? null,
    source: rest.consent_source ?? "shop's form",
    id: rest.messageId ?? null,
  };
  return { said, scope, key: typeof key === "string" ? key : scope };
}

/** The same as a plain form: `consent_email=on` and so on, `topics` as often as there are any. */
function formBody(form: URLSearchParams): object {
  const names = ["writeKey", "email", "phone", "first_name", "language", "consent_wording", "consent_source"];
  const given = names.flatMap((name): [string, unknown][] => (form.get(name) ? [[name, form.get(name)]] : []));
  const asked = ASKED.filter((name) => form.get(`consent_${name}`));
  const consent = Object.fromEntries(asked.map((name) => [name, true]));
  return { ...Object.fromEntries(given), topics: form.getAll("topics"), consent };
}

/** Where the request came from, for numbers that are written as at home. */
function countryOf(context: Context): string | null {
  return context.req.header("CF-IPCountry") ?? null;
}
