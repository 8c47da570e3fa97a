import type { OutgoingMessage } from "../message";

const encoder = new TextEncoder();
const LINE = "\r\n";

function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** A body in base 64, in lines of 76 characters (RFC 2045). */
function bodyOf(text: string): string {
  const lines = text.replace(/\r\n|\r|\n/g, LINE);
  return (base64(encoder.encode(lines)).match(/.{1,76}/g) ?? [""]).join(LINE);
}

/**
 * A header's text as ASCII: encoded words of at most 75 characters (RFC 2047) where it holds anything else. A character is
 * never cut in two.
 */
export function encodedText(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text) && !text.includes("=?")) return text;
  const words: string[] = [];
  let word = "";
  for (const letter of text) {
    if (encoder.encode(word + letter).length > 45) {
      words.push(word);
      word = "";
    }
    word += letter;
  }
  words.push(word);
  return words.map((one) => `=?UTF-8?B?${base64(encoder.encode(one))}?=`).join(`${LINE} `);
}

/** The address within `Name <address>`, or what stands alone. */
export function addressOf(mailbox: string): string {
  return /<([^<>]*)>\s*$/.exec(mailbox)?.[1]?.trim() ?? mailbox.trim();
}

function mailboxOf(mailbox: string): string {
  const address = addressOf(mailbox);
  const name = mailbox.includes("<")
    ? mailbox
        .slice(0, mailbox.lastIndexOf("<"))
        .trim()
        .replace(/^"(.*)"$/, "$1")
    : "";
  if (name === "") return `<${address}>`;
  const isAtom = /^[\w !#$%&'*+/=?^`{|}~-]+$/.test(name);
  const shown = /^[\x20-\x7e]*$/.test(name) && !isAtom ? `"${name.replace(/["\\]/g, "\\$&")}"` : encodedText(name);
  return `${shown} <${address}>`;
}

/** Long lines of a header are folded where there is white space; a header that has none within reach stays as it is. */
function folded(name: string, value: string): string {
  const line = `${name}: ${value}`;
  if (line.length <= 78 || value.includes(LINE)) return line;
  return line.replace(/(.{1,76})(?: |$)/g, (_, part: string) => `${part}${LINE} `).replace(/\r\n $/, "");
}

/** The id that a message bears for ever: it follows from its send, so that two copies can be told to be one. */
export function messageIdOf(message: Pick<OutgoingMessage, "id" | "from">): string {
  return `<${message.id}@${addressOf(message.from).split("@")[1] ?? "relance.invalid"}>`;
}

/** A message as it goes over the wire, before its dots are stuffed: text first, HTML beside it (RFC 2046). */
export function mimeOf(message: OutgoingMessage): string {
  const { from, to, subject, html, text, headers, replyTo, id, sentAt, scenario, campaign } = message;
  const boundary = `=_${id.replace(/[^\w]/g, "")}_relance`;
  const tags = Object.entries({ send: id, scenario, campaign }).flatMap(([name, value]) =>
    value ? [`${name}=${value}`] : [],
  );
  const head = [
    `Message-ID: ${messageIdOf(message)}`,
    `Date: ${new Date(sentAt).toUTCString().replace("GMT", "+0000")}`,
    `From: ${mailboxOf(from)}`,
    `To: <${to}>`,
    ...(replyTo ? [`Reply-To: ${mailboxOf(replyTo)}`] : []),
    `Subject: ${encodedText(subject)}`,
    ...Object.entries(headers).map(([name, value]) => folded(name, value)),
    ...tags.map((tag) => `X-Relance-Tag: ${encodedText(tag)}`),
    "MIME-Version: 1.0",
  ];
  const part = (type: string, body: string): string =>
    [`Content-Type: ${type}; charset=utf-8`, "Content-Transfer-Encoding: base64", "", bodyOf(body), ""].join(LINE);
  if (html === "") return [...head, part("text/plain", text)].join(LINE);
  const type = `Content-Type: multipart/alternative; boundary="${boundary}"`;
  const parts = [part("text/plain", text), part("text/html", html)].map((one) => `--${boundary}${LINE}${one}`);
  return [...head, type, "", parts.join(""), `--${boundary}--`, ""].join(LINE);
}

/** What follows DATA: a line that begins with a dot gets another, and a dot alone ends it (RFC 5321, 4.5.2). */
export function stuffed(mime: string): string {
  const text = mime.replace(/^\./gm, "..");
  return `${text}${text.endsWith(LINE) ? "" : LINE}.${LINE}`;
}
