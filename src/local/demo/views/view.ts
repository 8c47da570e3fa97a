import type { Language } from "../../../shared/language";
import { type Category, CURRENCY, PRODUCTS, type ProductProperties, propertiesOf } from "../products";
import { TEXTS, type Texts, wordingOf } from "../texts";

/** What every page of the shop is drawn from. */
export interface View {
  readonly shopName: string;
  readonly writeKey: string;
  /** Scheme and host of this request: the shop's addresses in events and images are absolute. */
  readonly origin: string;
  readonly path: string;
  readonly language: Language;
  /** Whether the visitor chose the language in the address: then the links of the page keep it. */
  readonly chosen: boolean;
  readonly category: Category | null;
  readonly texts: Texts;
}

/** Handed to the page's script in the document, as it draws the cart. */
export interface ShopForScript {
  readonly language: Language;
  readonly currency: string;
  readonly wording: string;
  readonly products: readonly ProductProperties[];
  readonly texts: Texts;
  /** The products of this page, in the order shown. */
  readonly listed: readonly string[];
  readonly list: string;
  readonly links: { readonly home: string; readonly cart: string; readonly order: string };
}

export function viewOf(
  shop: { readonly shopName: string; readonly writeKey: string },
  request: Pick<View, "origin" | "path" | "language" | "chosen" | "category">,
): View {
  return { ...shop, ...request, texts: TEXTS[request.language] };
}

/** An address of the shop in the language of this page. */
export function link(view: View, path: string): string {
  if (!view.chosen) return path;
  return `${path}${path.includes("?") ? "&" : "?"}lang=${view.language}`;
}

/** `8900` is `€89.00` in English and `89,00 €` in French. */
export function money(view: View, cents: number): string {
  return new Intl.NumberFormat(view.language === "fr" ? "fr-FR" : "en-IE", {
    style: "currency",
    currency: CURRENCY,
  }).format(cents / 100);
}

export function shopForScript(view: View, listed: readonly string[] = []): ShopForScript {
  const shop = { origin: view.origin, name: view.shopName, language: view.language };
  return {
    language: view.language,
    currency: CURRENCY,
    wording: wordingOf(view.language),
    products: PRODUCTS.map((product) => propertiesOf(product, shop)),
    texts: view.texts,
    listed,
    list: view.category ?? "collection",
    links: { home: link(view, "/demo"), cart: link(view, "/demo/cart"), order: link(view, "/demo/order/") },
  };
}
