import type { Language } from "../../shared/language";

/** Liquid of a first name that fits a subject or a greeting; to be put behind `{% if contact.first_name %}`. */
export const FIRST_NAME = '{{ contact.first_name | truncate: 40, "…" }}';

const HELLO: Readonly<Record<Language, string>> = { en: "Hello", fr: "Bonjour" };
const SOON: Readonly<Record<Language, string>> = { en: "See you soon,", fr: "À bientôt," };
const QUANTITY: Readonly<Record<Language, string>> = {
  en: "Quantity: {{ line.quantity }}",
  fr: "Quantité\u00a0: {{ line.quantity }}",
};
const MORE: Readonly<Record<Language, string>> = {
  en: '+ {{ more | plural: "other item", "other items" }}',
  fr: '+ {{ more | plural: "autre article", "autres articles" }}',
};

/** The document around the sections of a letter. The brand is put in when it is published. */
export function letter(language: Language, sections: readonly string[]): string {
  return [
    `<mjml lang="${language}">`,
    "{{ brand.head }}",
    '<mj-body background-color="{{ brand.page }}" css-class="page">',
    '<mj-section padding="16px 0 0"><mj-column></mj-column></mj-section>',
    "{{ brand.masthead }}",
    ...sections,
    "{{ brand.footer }}",
    "</mj-body>",
    "</mjml>",
  ].join("\n");
}

/** One column on the sheet. */
export function sheet(blocks: readonly string[], padding = "0 40px 8px"): string {
  return `<mj-section mj-class="sheet" css-class="sheet narrow" padding="${padding}"><mj-column>\n${blocks.join("\n")}\n</mj-column></mj-section>`;
}

/** What stands out: a tinted field on the sheet. */
export function field(blocks: readonly string[]): string {
  return (
    '<mj-section mj-class="sheet" css-class="sheet narrow" padding="0 40px 28px">' +
    '<mj-column background-color="{{ brand.tint }}" css-class="tint" border-radius="{{ brand.radius }}px" padding="28px 24px 12px">\n' +
    `${blocks.join("\n")}\n</mj-column></mj-section>`
  );
}

export function title(text: string): string {
  return `<mj-text mj-class="title" css-class="ink title">${text}</mj-text>`;
}

export function heading(text: string): string {
  return `<mj-text mj-class="heading"><span style="font-weight:normal">${text}</span></mj-text>`;
}

export function copy(text: string): string {
  return `<mj-text mj-class="copy">${text}</mj-text>`;
}

export function note(text: string): string {
  return `<mj-text mj-class="small">${text}</mj-text>`;
}

/** The greeting: a contact without a first name is greeted without one. */
export function greeting(language: Language): string {
  return copy(`${HELLO[language]}{% if contact.first_name %} ${FIRST_NAME}{% endif %},`);
}

/** By civility and name where both are known, as a shop writes about an order. */
export function formalGreeting(language: Language): string {
  return copy(
    `${HELLO[language]}{% if contact.civility and contact.last_name %} {{ contact.civility }} {{ contact.last_name }}` +
      `{% elsif contact.first_name %} ${FIRST_NAME}{% endif %},`,
  );
}

export function signature(language: Language): string {
  return sheet([copy(`${SOON[language]}<br>{{ shop.name }}`)], "8px 40px 32px");
}

/** @param href a Liquid expression: `cart.url` */
export function button(href: string, label: string): string {
  return `<mj-button href="{{ ${href} }}">${label}</mj-button>`;
}

/** A large figure or word in the middle of a field. */
export function display(text: string): string {
  return `<mj-text align="center" font-size="40px" line-height="48px" padding="0 0 8px" css-class="ink" font-family="{{ brand.heading_font }}">${text}</mj-text>`;
}

export function centred(text: string): string {
  return `<mj-text align="center" mj-class="copy">${text}</mj-text>`;
}

/** What is small beneath what stands in the middle. */
export function centredNote(text: string): string {
  return `<mj-text align="center" mj-class="small">${text}</mj-text>`;
}

/** The code of a coupon, to be read aloud or copied. */
export function code(): string {
  return (
    '<mj-text align="center" font-family="Menlo,Consolas,monospace" font-size="20px" line-height="28px" ' +
    'letter-spacing="1px" css-class="ink"><b>{{ coupon.code }}</b></mj-text>'
  );
}

/** Blocks that stand only where a Liquid condition holds; for sections and for what stands in a column. */
export function when(condition: string, blocks: readonly string[], otherwise: readonly string[] = []): string {
  const other = otherwise.length === 0 ? [] : ["<mj-raw>{% else %}</mj-raw>", ...otherwise];
  return [`<mj-raw>{% if ${condition} %}</mj-raw>`, ...blocks, ...other, "<mj-raw>{% endif %}</mj-raw>"].join("\n");
}

/** Blocks that need data, and what becomes of them, or of the whole message, without it. */
export function need(names: string, missing: "hide" | "drop", blocks: readonly string[]): string {
  return [`<mj-raw>{% need ${names} else ${missing} %}</mj-raw>`, ...blocks, "<mj-raw>{% endneed %}</mj-raw>"].join(
    "\n",
  );
}

interface Rows {
  /** A Liquid list of lines: `cart.lines`. */
  readonly list: string;
  readonly most: number;
  /** Liquid of a line's address. */
  readonly address: string;
  readonly quantity: boolean;
  readonly priced: boolean;
}

const RULE = "border-bottom:1px solid {{ brand.rule }}";

/** Products under each other: picture or initial, name, quantity, price. A price of nothing is left out. */
export function rows(language: Language, { list, most, address, quantity, priced }: Rows): string {
  const size = "width:88px;height:88px";
  const picture =
    `{% if line.image %}<a class="quiet" href="{{ ${address} }}"><img src="{{ line.image }}" width="88" height="88" alt="" ` +
    `style="${size};object-fit:cover;border-radius:3px"></a>{% else %}<span class="no-text a t" style="display:block;${size};` +
    'line-height:88px;text-align:center;font-size:30px;color:{{ brand.accent }};background:{{ brand.tint }}">{{ line.initial }}</span>{% endif %}';
  const name =
    `<a class="quiet i" href="{{ ${address} }}" style="color:{{ brand.ink }};text-decoration:none">` +
    '{{ line.name | truncate: 90, "…" }}</a>';
  const count = quantity
    ? `<br><span class="s" style="font-size:13px;color:{{ brand.soft }}">${QUANTITY[language]}</span>`
    : "";
  const price = priced
    ? `<td class="rule i" align="right" valign="top" style="padding:16px 0;white-space:nowrap;color:{{ brand.ink }};${RULE}">` +
      "{% if line.total > 0 %}{{ line.total | money: line.currency }}{% endif %}</td>"
    : "";
  const row =
    `<tr><td class="thumb rule" width="88" valign="top" style="width:88px;padding:16px 0;${RULE}">${picture}</td>` +
    `<td class="rule i" valign="top" style="padding:16px 12px 16px 18px;overflow-wrap:anywhere;color:{{ brand.ink }};${RULE}">${name}${count}</td>${price}</tr>`;
  const rest =
    `{% if ${list}.size > ${most} %}{% assign more = ${list}.size | minus: ${most} %}<tr><td class="rule s" colspan="3" ` +
    `style="padding:12px 0;font-size:13px;color:{{ brand.soft }};${RULE}">${MORE[language]}</td></tr>{% endif %}`;
  const loop = `{% for line in ${list} limit: ${most} %}${row}{% endfor %}${quantity ? rest : ""}`;
  return `<mj-table role="presentation" font-size="16px" line-height="24px" padding="0 0 18px">${loop}</mj-table>`;
}

/** The lines of the cart, each leading to its page or to the cart. */
export function cartRows(language: Language): string {
  const shown = { list: "cart.lines", most: 5, address: "line.url | default: cart.url", quantity: true, priced: true };
  return rows(language, shown);
}

/** The lines of the order. */
export function orderRows(language: Language, priced = true): string {
  const shown = { list: "order.lines", most: 12, address: "line.url | default: shop.url", quantity: true, priced };
  return rows(language, shown);
}

const FOR_YOU: Readonly<Record<Language, string>> = { en: "You might also like", fr: "Vous aimerez peut-être" };

/** Recommendations, where there are any. */
export function recommendations(language: Language, most = 3): string {
  const shown = { list: "reco", most, address: "line.url | default: shop.url", quantity: false, priced: true };
  return need("reco", "hide", [sheet([heading(FOR_YOU[language]), rows(language, shown)], "8px 40px 8px")]);
}

const SHOP: Readonly<Record<Language, { readonly preferred: string; readonly nearest: string }>> = {
  en: { preferred: "Your shop", nearest: "The shop nearest to you" },
  fr: { preferred: "Votre boutique", nearest: "La boutique la plus proche de chez vous" },
};

/** The preferred store, else the nearest; nothing where neither is known. */
export function store(language: Language): string {
  const words = SHOP[language];
  const of = (which: string, label: string) => [
    heading(label),
    copy(`<b>{{ store.${which}.name }}</b>{% if store.${which}.address %}<br>{{ store.${which}.address }}{% endif %}`),
  ];
  return when(
    "store.preferred",
    [field(of("preferred", words.preferred))],
    [when("store.nearest", [field(of("nearest", words.nearest))])],
  );
}
