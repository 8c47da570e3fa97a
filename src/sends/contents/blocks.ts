import type { Language } from "../../shared/language";
import { typeset as typesetText } from "../../shared/language";
import { COLOURS, SANS, SERIF } from "./layout";

const TEXT = `font-family:${SERIF};font-size:17px;line-height:28px;color:${COLOURS.ink}`;
const SMALL = `font-family:${SANS};font-size:13px;line-height:20px;color:${COLOURS.soft}`;
const BREAK = "overflow-wrap:anywhere;word-break:break-word";

const FULL_TABLE =
  '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="width:100%">';

/** Liquid of a first name that fits a subject or a greeting; to be put behind `{% if contact.first_name %}`. */
export const FIRST_NAME = '{{ contact.first_name | truncate: 40, "…" }}';

/** The greeting of every letter. A contact without a first name is greeted without one. */
const GREETING: Readonly<Record<Language, string>> = {
  en: `Hello{% if contact.first_name %} ${FIRST_NAME}{% endif %},`,
  fr: `Bonjour{% if contact.first_name %} ${FIRST_NAME}{% endif %},`,
};

const WORDS = {
  en: {
    quantity: "Quantity: {{ line.quantity }}",
    each: "{{ line.price | money: line.currency }} each",
    more: '{{ more | plural: "other item", "other items" }}',
    total: "Basket total",
    soon: "See you soon,",
  },
  fr: {
    quantity: "Quantité\u00a0: {{ line.quantity }}",
    each: "{{ line.price | money: line.currency }} l’unité",
    more: '{{ more | plural: "autre article", "autres articles" }}',
    total: "Total du panier",
    soon: "À bientôt,",
  },
} as const satisfies Record<Language, Record<string, string>>;

/** The typography that the language asks for. Takes any shape of copy and gives back the same shape. */
export function typeset<Copy>(copy: Copy, language: Language): Copy {
  if (language === "en") return copy;
  const set = (value: unknown): unknown => {
    if (typeof value === "string") return typesetText(value, language);
    if (Array.isArray(value)) return value.map(set);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, set(part)]));
  };
  return set(copy) as Copy;
}

/** The one large line of a letter. */
export function title(text: string): string {
  const style = `margin:0 0 24px;font-family:${SERIF};font-size:36px;line-height:44px;font-weight:normal`;
  return `<h1 class="ink title" style="${style};letter-spacing:-.3px;color:${COLOURS.ink};${BREAK}">${text}</h1>`;
}

export function paragraph(text: string): string {
  return `<p class="ink" style="margin:0 0 18px;${TEXT};${BREAK}">${text}</p>`;
}

export function greeting(language: Language): string {
  return paragraph(GREETING[language]);
}

/** A quiet remark under the button. */
export function note(text: string): string {
  return `<p class="soft" style="margin:0 0 24px;${SMALL}">${text}</p>`;
}

export function signature(language: Language): string {
  return `<p class="ink" style="margin:0;${TEXT}">${WORDS[language].soon}<br>{{ shop.name }}</p>`;
}

/** @param href a Liquid expression: `cart.url` */
export function button(href: string, label: string): string {
  const cell = `background-color:${COLOURS.ink};border-radius:3px;mso-padding-alt:16px 34px`;
  const link =
    `display:inline-block;padding:16px 34px;font-family:${SANS};font-size:15px;line-height:22px;` +
    `font-weight:bold;letter-spacing:.3px;text-align:center;text-decoration:none;color:${COLOURS.onInk}`;
  return (
    '<table role="presentation" class="button-table" cellpadding="0" cellspacing="0" border="0" ' +
    `style="margin:10px 0 30px"><tr><td class="button" align="center" style="${cell}">` +
    `<a href="{{ ${href} }}" style="${link}">${label}</a></td></tr></table>`
  );
}

function thumbnail(address: string): string {
  const tile =
    '<table role="presentation" class="tile tint no-text" width="88" height="88" cellpadding="0" cellspacing="0" ' +
    `border="0" style="width:88px;height:88px;background-color:${COLOURS.tint};border-radius:3px"><tr>` +
    `<td class="accent" align="center" valign="middle" style="font-family:${SERIF};font-size:30px;` +
    `color:${COLOURS.accent}">{{ line.initial }}</td></tr></table>`;
  const image =
    '<img src="{{ line.image }}" width="88" height="88" alt="" ' +
    `style="width:88px;height:88px;object-fit:cover;border-radius:3px;background-color:${COLOURS.tint}">`;
  const link = `<a class="quiet" href="{{ ${address} }}" style="text-decoration:none">${image}</a>`;
  const shown = `{% if line.image %}${link}{% else %}${tile}{% endif %}`;
  return `<td class="thumb" width="88" valign="top" style="width:88px">${shown}</td>`;
}

function lineRow(language: Language, address: string, priced: boolean): string {
  const words = WORDS[language];
  const name =
    `<div style="font-family:${SERIF};font-size:18px;line-height:25px;${BREAK}"><a class="quiet ink" ` +
    `href="{{ ${address} }}" style="color:${COLOURS.ink};text-decoration:none">` +
    '{{ line.name | truncate: 90, "…" }}</a></div>';
  const each = `{% if line.quantity > 1 and line.price > 0 %} · ${words.each}{% endif %}`;
  const count = `<div class="soft" style="padding:4px 0 0;${SMALL}">${words.quantity}${priced ? each : ""}</div>`;
  // A price of nothing is a price that nobody told: it is better left out.
  const price =
    '<td class="ink" align="right" valign="top" style="padding:4px 0 0;white-space:nowrap;' +
    `font-family:${SANS};font-size:15px;line-height:22px;color:${COLOURS.ink}">` +
    "{% if line.total > 0 %}{{ line.total | money: line.currency }}{% endif %}</td>";
  const row = `<tr>${thumbnail(address)}<td valign="top" style="padding:2px 12px 0 18px">${name}${count}</td>`;
  const cell = `padding:18px 0;border-bottom:1px solid ${COLOURS.rule}`;
  return `<tr><td class="rule" style="${cell}">${FULL_TABLE}${row}${priced ? price : ""}</tr></table></td></tr>`;
}

interface Lines {
  readonly list: "cart" | "order";
  /** How many lines are shown before "and n others". */
  readonly most: number;
  /** Liquid expression of a line's address. */
  readonly address: string;
  readonly priced: boolean;
  readonly total: string;
}

function linesOf(language: Language, { list, most, address, priced, total }: Lines): string {
  const rest =
    `{% if ${list}.lines.size > ${most} %}{% assign more = ${list}.lines.size | minus: ${most} %}` +
    `<tr><td class="rule soft" style="padding:14px 0;border-bottom:1px solid ${COLOURS.rule};${SMALL}">` +
    `+ ${WORDS[language].more}</td></tr>{% endif %}`;
  const rows = `{% for line in ${list}.lines limit: ${most} %}${lineRow(language, address, priced)}{% endfor %}`;
  return (
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" ' +
    `style="width:100%;margin:14px 0 26px;border-top:1px solid ${COLOURS.rule}" class="rule">` +
    `${rows}${rest}${total}</table>`
  );
}

/** The lines of the cart with its total. Each product leads to its page, or to the cart where it has none. */
export function cartLines(language: Language, most = 5): string {
  const amount =
    `<td class="ink" align="right" style="white-space:nowrap;font-family:${SANS};font-size:20px;line-height:28px;` +
    `color:${COLOURS.ink}">{{ cart.total | money: cart.currency }}</td>`;
  const label = `<td class="soft" style="${SMALL}">${WORDS[language].total}</td>`;
  const row = `<tr><td style="padding:18px 0 0">${FULL_TABLE}<tr>${label}${amount}</tr></table></td></tr>`;
  const total = `{% if cart.total > 0 %}${row}{% endif %}`;
  return linesOf(language, { list: "cart", most, address: "line.url | default: cart.url", priced: true, total });
}

/** What the order held, where the message knows of an order. What was paid is left to the receipt. */
export function orderLines(language: Language, most = 3): string {
  const address = "line.url | default: shop.url";
  const lines = linesOf(language, { list: "order", most, address, priced: false, total: "" });
  return `{% if order.lines.size > 0 %}${lines}{% endif %}`;
}

interface Point {
  readonly title: string;
  readonly text: string;
}

function pointRow({ title: heading, text }: Point, number: number | null, isLast: boolean): string {
  const mark =
    number === null
      ? ""
      : `<td class="accent no-text" width="44" valign="top" style="width:44px;padding:20px 0;font-family:${SERIF};` +
        `font-size:28px;line-height:30px;color:${COLOURS.accent}">${number}</td>`;
  const rule = isLast ? "" : `;border-bottom:1px solid ${COLOURS.rule}`;
  const style = `margin:0 0 6px;font-family:${SERIF};font-size:20px;line-height:28px;font-weight:normal`;
  return (
    `<tr>${mark}<td class="rule" valign="top" style="padding:20px 0${rule}">` +
    `<h2 class="ink" style="${style};color:${COLOURS.ink}">${heading}</h2>` +
    `<p class="soft" style="margin:0;font-family:${SERIF};font-size:16px;line-height:26px;` +
    `color:${COLOURS.soft}">${text}</p></td></tr>`
  );
}

/** Short answers under each other, each with its heading; numbered where their order matters. */
export function points(list: readonly Point[], numbered = false): string {
  const rows = list.map((point, index) => pointRow(point, numbered ? index + 1 : null, index === list.length - 1));
  return (
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" ' +
    `style="width:100%;margin:0 0 14px">${rows.join("")}</table>`
  );
}
