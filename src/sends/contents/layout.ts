import type { Language } from "../../shared/language";
import type { Content } from "../content";

/** The palette: paper, ink and lamplight, and the same room by night. */
export const COLOURS = {
  page: "#f3ece1",
  sheet: "#fffcf7",
  tint: "#f8f0e4",
  ink: "#2a241e",
  soft: "#6f6358",
  rule: "#e6dccd",
  accent: "#97581f",
  glow: "#e3a34f",
  onInk: "#fff8ec",
} as const;

const NIGHT = {
  page: "#14100c",
  sheet: "#1f1914",
  tint: "#2a221b",
  ink: "#f4eadc",
  soft: "#bcad9b",
  rule: "#3d332a",
  accent: "#edb566",
  onGlow: "#1f1914",
} as const;

export const SERIF = "Georgia,'Times New Roman',serif";
export const SANS = "'Helvetica Neue',Helvetica,Arial,sans-serif";

// Outlook.com rewrites colours by attributes of its own instead of the media query.
function night(prefix: string): string {
  const rules = [
    `.page{background-color:${NIGHT.page}!important}`,
    `.sheet{background-color:${NIGHT.sheet}!important}`,
    `.tint{background-color:${NIGHT.tint}!important}`,
    `.ink,.ink a{color:${NIGHT.ink}!important}`,
    `.soft,.soft a{color:${NIGHT.soft}!important}`,
    `.accent{color:${NIGHT.accent}!important}`,
    `.rule{border-color:${NIGHT.rule}!important}`,
    `.button{background-color:${NIGHT.accent}!important}`,
    `.button a{color:${NIGHT.onGlow}!important}`,
  ];
  return prefix === "" ? rules.join("") : rules.map((rule) => rule.replace(/(^|,)\./g, `$1${prefix} .`)).join("");
}

const STYLE = [
  ":root{color-scheme:light dark;supported-color-schemes:light dark}",
  "body,table,td{-webkit-text-size-adjust:100%;-ms-text-size-adjust:100%}",
  "table{border-collapse:collapse;mso-table-lspace:0;mso-table-rspace:0}",
  "img{border:0;display:block}",
  "@media only screen and (max-width:520px){",
  ".pad{padding-left:24px!important;padding-right:24px!important}",
  ".outer{padding:0!important}",
  ".title{font-size:29px!important;line-height:36px!important}",
  ".thumb,.thumb img,.tile{width:68px!important}",
  ".thumb img,.tile{height:68px!important}",
  ".button,.button a{display:block!important;width:auto!important}",
  ".button-table{width:100%!important}",
  "}",
  `@media (prefers-color-scheme:dark){${night("")}}`,
  night("[data-ogsc]"),
].join("");

const REASON: Readonly<Record<Language, string>> = {
  en: "You receive this email because you agreed to it, or have shopped at {{ shop.name }}.",
  fr: "Vous recevez cet e-mail car vous l’avez accepté, ou avez acheté chez {{ shop.name }}.",
};
const UNSUBSCRIBE: Readonly<Record<Language, string>> = { en: "Unsubscribe", fr: "Se désabonner" };
const PREFERENCES: Readonly<Record<Language, string>> = { en: "My preferences", fr: "Mes préférences" };

function head(language: Language): string {
  return (
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">` +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    '<meta name="x-apple-disable-message-reformatting">' +
    '<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">' +
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">' +
    `<title>{{ shop.name }}</title><style>${STYLE}</style></head>`
  );
}

/** A lamp that rises over the horizon, and the name of the house under it. */
function masthead(): string {
  const sun =
    `<div style="width:48px;height:24px;margin:0 auto;border-radius:48px 48px 0 0;` +
    `background-color:${COLOURS.glow};font-size:0;line-height:0;mso-hide:all">&nbsp;</div>`;
  const link = `color:${COLOURS.ink};text-decoration:none`;
  const name = `<a class="quiet" href="{{ shop.url }}" style="${link}">{{ shop.name }}</a>`;
  return (
    '<tr><td class="pad" style="padding:40px 56px 0">' +
    `<div class="rule no-text" style="border-bottom:1px solid ${COLOURS.rule}">${sun}</div>` +
    `<div class="ink" style="padding:18px 0 0;text-align:center;font-family:${SERIF};font-size:14px;` +
    `line-height:20px;letter-spacing:4px;text-transform:uppercase;color:${COLOURS.ink}">${name}</div></td></tr>`
  );
}

function footer(language: Language, kind: Content["class"]): string {
  const style = `margin:0 0 8px;font-family:${SANS};font-size:12px;line-height:19px;color:${COLOURS.soft}`;
  const link = `color:${COLOURS.soft};text-decoration:underline`;
  const anchor = (href: string, words: string) => `<a href="{{ ${href} }}" style="${link}">${words}</a>`;
  const ways =
    `<p class="soft" style="${style}">${REASON[language]}</p>` +
    `<p class="soft" style="${style}">{% if link.preferences %}${anchor("link.preferences", PREFERENCES[language])}` +
    ` &nbsp;·&nbsp; {% endif %}${anchor("link.unsubscribe", UNSUBSCRIBE[language])}</p>`;
  return (
    '<tr><td class="pad" align="center" style="padding:28px 56px 40px;text-align:center">' +
    `<p class="soft" style="${style}">{{ shop.name }}, {{ shop.postal_address }}</p>` +
    `${kind === "marketing" ? ways : ""}</td></tr>`
  );
}

function table(className: string, width: string, rows: string): string {
  return (
    `<table role="presentation" class="${className}" width="${width}" cellpadding="0" cellspacing="0" border="0" ` +
    `style="width:100%${width === "600" ? ";max-width:600px" : ""}">${rows}</table>`
  );
}

/**
 * The whole HTML document (Liquid) around the blocks of a letter: 600 pixels wide, one column on a phone, dark
 * where the reader's device is, readable without pictures and in mail programs that know no CSS but inline.
 */
export function letter(language: Language, blocks: readonly string[], kind: Content["class"] = "marketing"): string {
  const body = `<tr><td class="pad" style="padding:36px 56px 48px">${blocks.join("")}</td></tr>`;
  const sheet = table("sheet", "600", masthead() + body).replace(
    "max-width:600px",
    `max-width:600px;background-color:${COLOURS.sheet}`,
  );
  const ghost = (inner: string) =>
    `<!--[if mso]><table role="presentation" width="600" align="center"><tr><td><![endif]-->${inner}` +
    "<!--[if mso]></td></tr></table><![endif]-->";
  const page =
    '<tr><td class="outer" align="center" style="padding:32px 16px">' +
    `${ghost(sheet + table("foot", "600", footer(language, kind)))}</td></tr>`;
  return (
    `${head(language)}<body class="page" style="margin:0;padding:0;background-color:${COLOURS.page}">` +
    table("page", "100%", page).replace("width:100%", `width:100%;background-color:${COLOURS.page}`) +
    "</body></html>"
  );
}
