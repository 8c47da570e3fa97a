import type { Context } from "hono";
import { isbot } from "isbot";
import { readText } from "../platform/body";
import type { Language } from "../shared/language";
import { isLanguage, preferredLanguage } from "../shared/language";
import type { PageProps, ShopView } from "./pages/page";
import { STYLE_HASH } from "./pages/style";

/** No cache keeps what was made for one person, and no page learns where its reader came from. */
export const PRIVATE = { "Cache-Control": "no-store, private", "Referrer-Policy": "no-referrer" };

/** Headers of every page that a shopper sees. */
export const PAGE = {
  ...PRIVATE,
  "Content-Security-Policy": `default-src 'none'; style-src '${STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  "X-Content-Type-Options": "nosniff",
};

/** The same where the shop's pictures are shown, wherever they lie. */
export const PICTURES = {
  ...PAGE,
  "Content-Security-Policy": `${PAGE["Content-Security-Policy"]}; img-src https: http:`,
};

/** What a page is drawn with for this request: `?lang=` counts before what the browser prefers. */
export function pageOf(context: Context, shop: ShopView): PageProps {
  return { language: languageOf(context), shop };
}

export function languageOf(context: Context): Language {
  const chosen = context.req.query("lang");
  if (isLanguage(chosen)) return chosen;
  return preferredLanguage(context.req.header("Accept-Language") ?? "");
}

/** True for a request that no person makes: what looks at a link in advance counts for nothing. */
export function isMachine(context: Context): boolean {
  return context.req.method === "HEAD" || isbot(context.req.header("User-Agent"));
}

const MAX_FORM_BYTES = 16_384;

/** The fields of a form as a page of ours posts it; null for a body of another kind. */
export async function readForm(context: Context): Promise<URLSearchParams | null> {
  const type = context.req.header("Content-Type") ?? "";
  const text = await readText(context.req.raw, MAX_FORM_BYTES);
  return type.startsWith("application/x-www-form-urlencoded") ? new URLSearchParams(text) : null;
}

/** What the pressed button of a form does; null for a button that is none of the page's. */
export function actOf<Act>(acts: Readonly<Record<string, Act>>, form: URLSearchParams): Act | null {
  const name = form.get("do") ?? "";
  return Object.hasOwn(acts, name) ? (acts[name] ?? null) : null;
}
