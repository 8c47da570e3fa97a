import * as z from "zod";
import { idTail } from "../shared/ids";
import type { Language } from "../shared/language";
import { COLOURS, SANS, SERIF } from "./contents/layout";

const colour = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, "is not a colour as in #2a241e")
  .transform((text) => text.toLowerCase());

const FONTS = {
  serif: SERIF,
  sans: SANS,
  humanist: "Verdana,Geneva,'DejaVu Sans',sans-serif",
  rounded: "'Trebuchet MS','Lucida Grande',sans-serif",
} as const;

/** The colours of a scheme, by the names that sources write. */
export const PALETTE = ["page", "sheet", "tint", "ink", "soft", "rule", "accent", "on_accent"] as const;
export type PaletteKey = (typeof PALETTE)[number];
type Palette = Readonly<Record<PaletteKey, string>>;

const DAY: Palette = {
  page: COLOURS.page,
  sheet: COLOURS.sheet,
  tint: COLOURS.tint,
  ink: COLOURS.ink,
  soft: COLOURS.soft,
  rule: COLOURS.rule,
  accent: COLOURS.accent,
  on_accent: COLOURS.onInk,
};
const NIGHT: Palette = {
  page: "#14100c",
  sheet: "#1f1914",
  tint: "#2a221b",
  ink: "#f4eadc",
  soft: "#bcad9b",
  rule: "#3d332a",
  accent: "#edb566",
  on_accent: "#1f1914",
};

function paletteOf(base: Palette) {
  return z
    .strictObject({
      page: colour.default(base.page),
      sheet: colour.default(base.sheet),
      tint: colour.default(base.tint),
      ink: colour.default(base.ink),
      soft: colour.default(base.soft),
      rule: colour.default(base.rule),
      accent: colour.default(base.accent),
      on_accent: colour.default(base.on_accent),
    })
    .prefault({});
}

const address = z
  .string()
  .max(1_000)
  .regex(/^https:\/\/[^\s<>"'{}]+$/, "is not an address on https");

/** How a shop's letters look. Stated as a whole: what is left out is as the product comes with it. */
export const brandInput = z.strictObject({
  /** A picture on https; the shop's name stands in its place where there is none. */
  logo: address.nullable().default(null),
  /** CSS pixels. */
  logo_width: z.number().int().min(24).max(400).default(160),
  colours: paletteOf(DAY),
  night: paletteOf(NIGHT),
  heading_font: z.enum(["serif", "sans", "humanist", "rounded"]).default("serif"),
  body_font: z.enum(["serif", "sans", "humanist", "rounded"]).default("serif"),
  /** CSS pixels of a button's corners. */
  radius: z.number().int().min(0).max(32).default(3),
  /** Where pictures of a countdown are drawn: the moment is added to it. Without one, a date is written. */
  countdown: address.nullable().default(null),
});
export type Brand = z.output<typeof brandInput>;

export const DEFAULT_BRAND: Brand = brandInput.parse({});

/** A short name for exactly this brand: versions keep it, to be told from those of another. */
export function brandMark(brand: Brand): string {
  return idTail(JSON.stringify(brand));
}

const WORDS = {
  en: {
    reason: "You receive this email because you agreed to it, or have shopped at {{ shop.name }}.",
    preferences: "My preferences",
    unsubscribe: "Unsubscribe",
  },
  fr: {
    reason: "Vous recevez cet e-mail car vous l’avez accepté, ou avez acheté chez {{ shop.name }}.",
    preferences: "Mes préférences",
    unsubscribe: "Se désabonner",
  },
} as const;

function nightRules({ colours, night }: Brand): string {
  const rules: readonly (readonly [string, string])[] = [
    [".page,.page>div", `background-color:${night.page}`],
    [".sheet,.sheet>table", `background-color:${night.sheet};background:${night.sheet}`],
    [".tint>table>tbody>tr>td,.tint,.tint>table,.t", `background-color:${night.tint};background:${night.tint}`],
    [".ink div,.ink a,.ink td,.ink th", `color:${night.ink}`],
    [".soft div,.soft a,.soft td", `color:${night.soft}`],
    [".accent div,.accent a", `color:${night.accent}`],
    [".i,.i a", `color:${night.ink}`],
    [".s,.s a", `color:${night.soft}`],
    [".a", `color:${night.accent}`],
    [".rule p,.rule td,.rule", `border-color:${night.rule}`],
    [".button td", `background:${night.accent};background-color:${night.accent}`],
    [".button a", `background:${night.accent};color:${night.on_accent}`],
  ];
  const important = (body: string) => body.replace(/(;|$)/g, "!important$1");
  const written = (prefix: string) =>
    rules.map(([names, body]) => `${names.replace(/(^|,)\./g, `$1${prefix}.`)}{${important(body)}}`).join("\n");
  return `body{background-color:${colours.page}}\n@media (prefers-color-scheme:dark){\nbody{background-color:${night.page}!important}\n${written("")}\n}\n${written("[data-ogsc] ")}`;
}

function head(brand: Brand): string {
  const { colours, body_font, heading_font, radius } = brand;
  const body = FONTS[body_font];
  const classes =
    `<mj-class name="title" font-family="${FONTS[heading_font]}" font-size="34px" line-height="42px" padding="0 0 20px" css-class="ink"/>` +
    `<mj-class name="heading" font-family="${FONTS[heading_font]}" font-size="21px" line-height="28px" padding="0 0 6px" css-class="ink"/>` +
    `<mj-class name="copy" css-class="ink"/>` +
    `<mj-class name="small" font-size="13px" line-height="20px" color="${colours.soft}" css-class="soft"/>` +
    `<mj-class name="sheet" background-color="${colours.sheet}" css-class="sheet"/>` +
    `<mj-class name="tint" background-color="${colours.tint}" css-class="tint"/>`;
  const attributes =
    `<mj-attributes><mj-all font-family="${body}"/>` +
    `<mj-text color="${colours.ink}" font-size="17px" line-height="27px" padding="0 0 16px"/>` +
    `<mj-section padding="0 40px"/><mj-column padding="0"/><mj-image padding="0"/>` +
    `<mj-button background-color="${colours.accent}" color="${colours.on_accent}" border-radius="${radius}px" align="left" ` +
    `font-size="16px" font-weight="bold" inner-padding="15px 32px" padding="8px 0 26px" css-class="button"/>` +
    `<mj-divider border-color="${colours.rule}" border-width="1px" padding="8px 0 24px" css-class="rule"/>${classes}</mj-attributes>`;
  const small =
    "@media only screen and (max-width:479px){.narrow>table>tbody>tr>td{padding-left:24px!important;padding-right:24px!important}" +
    ".title div{font-size:28px!important;line-height:35px!important}.thumb{width:72px!important}.thumb img{width:72px!important;height:72px!important}}";
  return (
    `<mj-head><mj-title>{{ shop.name }}</mj-title>${attributes}` +
    '<mj-raw><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">' +
    '<meta name="x-apple-disable-message-reformatting"></mj-raw>' +
    `<mj-style>:root{color-scheme:light dark;supported-color-schemes:light dark}\n${small}\n${nightRules(brand)}</mj-style></mj-head>`
  );
}

function masthead({ logo, logo_width, colours, heading_font }: Brand): string {
  const name =
    `<mj-text align="center" font-family="${FONTS[heading_font]}" font-size="15px" letter-spacing="3px" padding="0" ` +
    `text-transform="uppercase" css-class="ink"><a class="quiet" href="{{ shop.url }}" style="color:${colours.ink};text-decoration:none">{{ shop.name }}</a></mj-text>`;
  const picture =
    logo === null
      ? name
      : `<mj-image src="${logo.replace(/&/g, "&amp;")}" alt="{{ shop.name }}" width="${logo_width}px" href="{{ shop.url }}"/>`;
  return `<mj-section mj-class="sheet" padding="36px 40px 30px"><mj-column>${picture}</mj-column></mj-section>`;
}

function footer({ colours }: Brand, language: Language, isMarketing: boolean): string {
  const words = WORDS[language];
  const link = (href: string, text: string) =>
    `<a href="{{ ${href} }}" style="color:${colours.soft};text-decoration:underline">${text}</a>`;
  const ways =
    `<br>${words.reason}<br>{% if link.preferences %}${link("link.preferences", words.preferences)} &nbsp;·&nbsp; {% endif %}` +
    link("link.unsubscribe", words.unsubscribe);
  return (
    `<mj-section padding="24px 40px 40px"><mj-column><mj-text mj-class="small" align="center" padding="0" font-size="12px">` +
    `{{ shop.name }}, {{ shop.postal_address }}${isMarketing ? ways : ""}</mj-text></mj-column></mj-section>`
  );
}

/** The address, up to the moment that is counted down to. */
function countdownOf(url: string): string {
  return `${url}${url.includes("?") ? "&amp;" : "?"}until=`;
}

/** What a source may ask of the brand, by name; each is put in when the version is published. */
function partsOf(brand: Brand, language: Language, isMarketing: boolean): ReadonlyMap<string, string> {
  const { colours, night } = brand;
  return new Map([
    ...PALETTE.map((name): [string, string] => [name, colours[name]]),
    ...PALETTE.map((name): [string, string] => [`night_${name}`, night[name]]),
    ["heading_font", FONTS[brand.heading_font]],
    ["body_font", FONTS[brand.body_font]],
    ["radius", String(brand.radius)],
    ["logo", brand.logo ?? ""],
    ["countdown", brand.countdown === null ? "" : countdownOf(brand.countdown)],
    ["head", head(brand)],
    ["masthead", masthead(brand)],
    ["footer", footer(brand, language, isMarketing)],
  ]);
}

const ASKED = /\{\{-?\s*brand\.(\w+)\s*-?\}\}/g;
/** What stands only where the brand has it: `{% if brand.countdown %}…{% endif %}`, without another condition within. */
const WHERE = /\{%-?\s*(if|unless) brand\.(\w+)\s*-?%\}([\s\S]*?)\{%-?\s*end\1\s*-?%\}/g;

/** A source with the brand put in, and the names that it asks for and the brand does not have. */
export function branded(
  source: string,
  brand: Brand,
  language: Language,
  isMarketing: boolean,
): { readonly text: string; readonly unknown: readonly string[] } {
  const parts = partsOf(brand, language, isMarketing);
  const unknown = [...source.matchAll(/\bbrand\.(\w+)/g)].flatMap(([, name = ""]) =>
    parts.has(name) ? [] : [`brand.${name}`],
  );
  const text = source
    .replace(WHERE, (_, kind: string, name: string, inner: string) =>
      ((parts.get(name) ?? "") !== "") === (kind === "if") ? inner : "",
    )
    .replace(ASKED, (_, name: string) => parts.get(name) ?? "");
  return { text, unknown: [...new Set(unknown)] };
}
