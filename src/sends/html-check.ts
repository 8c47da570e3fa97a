/** What mail may hold: all else runs, sends a form, loads from elsewhere, moves the page or is shown by no mail program. */
const ELEMENTS = new Set(
  (
    "html head title meta style body table thead tbody tfoot tr td th caption colgroup col div span p br hr h1 h2 h3 h4 h5 h6 " +
    "a area map img b strong i em u s small sub sup big font center ul ol li dl dt dd blockquote q cite code pre abbr address " +
    "section article header footer main nav figure figcaption picture source xml noscript o:officedocumentsettings o:allowpng " +
    "o:pixelsperinch v:rect v:roundrect v:fill v:textbox v:image v:background w:anchorlock del ins time wbr"
  ).split(" "),
);
/** Attributes that a reader's program loads or opens, and the elements on which the renderer checks them again. */
const ADDRESSES = new Set(
  "href src background action formaction poster data cite longdesc ping manifest lowsrc dynsrc".split(" "),
);
const CHECKED_AGAIN: Readonly<Record<string, readonly string[]>> = { href: ["a", "area"], src: ["img"] };
const REFUSED_ATTRIBUTES = /^(?:on|srcdoc$|formaction$|xlink:|srcset$|imagesrcset$|http-equiv$)/;
const SAFE_ADDRESS = /^(?:https?:\/\/|mailto:|tel:|#|$)/i;

const LIQUID = /\{%[\s\S]*?%\}|\{\{[\s\S]*?\}\}/g;
const OUTPUT = "\ue000";
const LOGIC = "\ue001";
/** What comments say is read as markup: where one ends is what readers of mail disagree about most. */
const COMMENT = /<!--+>?|--+!?>/g;
const CONDITIONAL = /<!--\[if[^\]]*\](?:>|><!-->)|<!--<!\[endif\]-->|<!\[endif\]-->/gi;
const TAG = /<(\/?)([^\s"'=<>/]*)((?:[^>"']|"[^"]*"|'[^']*')*)>?/g;
const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?/g;
const META_SAFE = /^\s*(?:["']?)(?:x-ua-compatible|content-type|content-language)/i;

const NUMERIC = /&#(?:x([0-9a-f]{1,6})|(\d{1,7}));?/gi;
const NAMED: Readonly<Record<string, string>> = {
  "&colon;": ":",
  "&tab;": "",
  "&newline;": "",
  "&amp;": "&",
  "&lpar;": "(",
};

/** As a browser reads an attribute: entities undone, and what it leaves out of an address left out. */
function decoded(value: string): string {
  const bare = /^["']/.test(value) ? value.slice(1, -1) : value;
  return bare
    .replace(NUMERIC, (_, hex: string | undefined, decimal: string | undefined) => {
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code < 0x110000 ? String.fromCodePoint(code) : "";
    })
    .replace(/&(?:colon|tab|newline|amp|lpar);/gi, (entity) => NAMED[entity.toLowerCase()] ?? "")
    .replace(/[\p{Cc}\s]/gu, "");
}

function cssFault(css: string): string | null {
  const plain = css.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\\([0-9a-f]{1,6})\s?/gi, (_, hex: string) => {
    const code = Number.parseInt(hex, 16);
    return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : "";
  });
  if (css.includes(OUTPUT)) return "a value of a contact within CSS";
  if (/@import|expression\s*\(|-moz-binding|behavior\s*:/i.test(plain)) return "CSS that loads or runs something";
  const addresses = [...plain.matchAll(/url\(\s*["']?([^"')]*)/gi)].map((match) => (match[1] ?? "").trim());
  return addresses.some((address) => !/^https:\/\//i.test(address)) ? "CSS with an address that is not on https" : null;
}

function attributeFault(element: string, name: string, value: string): string | null {
  if (name === "http-equiv") return META_SAFE.test(value) ? null : "a refresh or another order to the reader's program";
  if (name.startsWith("on")) return "an event attribute";
  if (REFUSED_ATTRIBUTES.test(name)) return `the attribute ${name}`;
  if (name.includes(OUTPUT) || name.includes(LOGIC))
    return name.includes(OUTPUT) ? "a value of a contact as an attribute" : null;
  if (value.includes(OUTPUT) && !/^["']/.test(value)) return `a value without quotes in ${name}`;
  if (name === "style") return cssFault(decodedStyle(value));
  if (!ADDRESSES.has(name)) return null;
  const address = decoded(value).replaceAll(LOGIC, "");
  // Where data begins an address the renderer looks at what it came to; anywhere else nobody would.
  if (address.startsWith(OUTPUT))
    return CHECKED_AGAIN[name]?.includes(element) ? null : `a value of a contact in ${name}`;
  return SAFE_ADDRESS.test(address) ? null : "an address that is not on the web";
}

function decodedStyle(value: string): string {
  return /^["']/.test(value)
    ? value
        .slice(1, -1)
        .replace(/&quot;/g, '"')
        .replace(/&#39;/g, "'")
    : value;
}

function tagFault(closing: string, name: string, attributes: string): string | null {
  const element = name.toLowerCase();
  if (element === "" || element === "!doctype" || element.startsWith("?")) return null;
  if (element.includes(OUTPUT) || element.includes(LOGIC)) return "Liquid within the name of an element";
  if (!ELEMENTS.has(element)) return `the element ${element.replace(/[^\w:-]/g, "")}, which mail must not hold`;
  if (closing === "/") return null;
  for (const [, attribute = "", value = ""] of attributes.matchAll(ATTRIBUTE)) {
    const fault = attributeFault(element, attribute.toLowerCase(), value);
    if (fault !== null) return fault;
  }
  return null;
}

/**
 * Why HTML (Liquid) is not fit for a mail; null where it is. The elements are a closed list, attributes are read as a
 * browser reads them, and data may stand where the renderer escapes and checks it: in text, in quoted attributes, and
 * at the beginning of a link's or picture's address, never in CSS.
 */
export function htmlFault(source: string): string | null {
  const hidden = source.replace(LIQUID, (tag) => (tag.startsWith("{{") ? OUTPUT : LOGIC));
  // What a condition takes away must not join two halves into something else.
  for (const text of [hidden, hidden.replaceAll(LOGIC, "")]) {
    const plain = text.replace(CONDITIONAL, "").replace(COMMENT, "");
    for (const [, css = ""] of plain.matchAll(/<style\b[^>]*>([\s\S]*?)<\/style/gi)) {
      const fault = cssFault(css);
      if (fault !== null) return fault;
    }
    const markup = plain.replace(/(<style\b[^>]*>)[\s\S]*?(<\/style)/gi, "$1$2");
    for (const [, closing = "", name = "", attributes = ""] of markup.matchAll(TAG)) {
      // "a < b" is no tag.
      if (!/^[a-z!?\ue000\ue001]/i.test(name)) continue;
      const fault = tagFault(closing, name, attributes);
      if (fault !== null) return fault;
    }
  }
  return null;
}
