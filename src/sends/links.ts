import type { MessageLinks } from "./message";
import { escapeHtml } from "./template";

// Quoted attribute values may hold ">"; data cannot break out of them, as every output is escaped.
const TAG = /<(a|area|img)\b((?:[^>"']|"[^"]*"|'[^']*')*)>/gi;
const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?/g;
const WEB = /^https?:\/\/[^\s/]/i;
const DIRECT = /^(?:mailto:|tel:|#)/i;

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#34;": '"',
  "&#39;": "'",
};

/** Enough to read what the renderer itself escaped; anything else is no web address and is dropped. */
function decode(value: string): string {
  return value.replace(/&(?:amp|lt|gt|quot|#34|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}

interface Attribute {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

function findAttribute(attributes: string, wanted: string): Attribute | null {
  for (const match of attributes.matchAll(ATTRIBUTE)) {
    if (match[1]?.toLowerCase() !== wanted) continue;
    const value = match[2] ?? "";
    const quoted = value.startsWith('"') || value.startsWith("'");
    return {
      start: match.index,
      end: match.index + match[0].length,
      value: decode(quoted ? value.slice(1, -1) : value).trim(),
    };
  }
  return null;
}

/** Collects the destinations of one message and wraps each of them once per place where it stands. */
export class LinkBook {
  readonly destinations: string[] = [];
  private readonly wrapped = new Map<string, string>();
  private readonly links: MessageLinks;

  constructor(links: MessageLinks) {
    this.links = links;
  }

  /** The address to print for a destination. What works for the reader alone is no click to be counted: it stays as it is. */
  wrap(destination: string): string {
    const { unsubscribe, preferences, optin, isOwn, tag } = this.links;
    if ([unsubscribe, preferences, optin?.url].includes(destination) || isOwn?.(destination)) return destination;
    const whole = tag?.(destination) ?? destination;
    const address = this.links.click(whole, this.destinations.length);
    this.destinations.push(whole);
    if (!this.wrapped.has(destination)) this.wrapped.set(destination, address);
    return address;
  }

  /** The address that a destination already got in the HTML part, or the destination itself. */
  known(destination: string): string {
    return this.wrapped.get(destination) ?? destination;
  }
}

function target(destination: string, book: LinkBook): string {
  if (WEB.test(destination)) return book.wrap(destination.replace(/\s/g, "%20"));
  return DIRECT.test(destination) ? destination : "#";
}

/**
 * Passes every `<a href>` of rendered HTML through the book. Schemes other than http, https, mailto and tel are
 * dropped to `#`; a picture that is not on the web loses its address.
 */
export function rewriteHtml(html: string, book: LinkBook): string {
  return html.replace(TAG, (tag: string, name: string, attributes: string) => {
    const isImage = name.toLowerCase() === "img";
    const found = findAttribute(attributes, isImage ? "src" : "href");
    if (found === null) return tag;
    if (isImage && WEB.test(found.value)) return tag;
    const address = isImage ? "" : target(found.value, book);
    const attribute = `${isImage ? "src" : "href"}="${escapeHtml(address)}"`;
    return `<${name}${attributes.slice(0, found.start)}${attribute}${attributes.slice(found.end)}>`;
  });
}

const HIDDEN = "display:none;max-height:0;overflow:hidden;font-size:0;line-height:0;mso-hide:all";

/**
 * Puts the link that nobody sees in front of all others: what follows every link of a mail begins with it, and is known by
 * then. HTML without a body stays as it is.
 */
export function withTrap(html: string, trap: string | null | undefined): string {
  if (!trap) return html;
  const link = `<a href="${escapeHtml(trap)}" style="${HIDDEN}" tabindex="-1" aria-hidden="true"></a>`;
  return html.replace(/<body(?:[^>"']|"[^"]*"|'[^']*')*>/i, (tag) => tag + link);
}

const TEXT_ADDRESS = /https?:\/\/[^\s<>\]]*[^\s<>\].,;:!?)'"]/gi;

/** Gives each web address in a text part the form that the same destination has in the HTML part. */
export function matchText(text: string, book: LinkBook): string {
  return text.replace(TEXT_ADDRESS, (destination) => book.known(destination));
}

/** Passes every web address of a text through the book, for channels that have no HTML. */
export function rewriteText(text: string, book: LinkBook): string {
  return text.replace(TEXT_ADDRESS, (destination) => book.wrap(destination));
}
