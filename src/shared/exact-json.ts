import { closingQuote } from "./closing-quote";

const QUOTE = 34;
const MINUS = 45;
const ZERO = 48;
const NINE = 57;
/** Any integer of so few digits is held exactly by a number. */
const SAFE_DIGITS = 15;

/**
 * Parses JSON as `JSON.parse` does, but an integer of more than 15 digits comes as its text: ids grow beyond 2^53, where
 * a number would be rounded to another id. Throws SyntaxError where the text is no JSON.
 */
export function parseExact(text: string): unknown {
  return JSON.parse(withLongIntegersQuoted(text)) as unknown;
}

function withLongIntegersQuoted(text: string): string {
  let quoted = "";
  let copied = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = closingQuote(text, at);
    } else if (code === MINUS || isDigit(code)) {
      const end = endOfNumber(text, at);
      const number = text.slice(at, end);
      if (number.length > SAFE_DIGITS && /^-?[1-9]\d{15,}$/.test(number)) {
        quoted += `${text.slice(copied, at)}"${number}"`;
        copied = end;
      }
      at = end - 1;
    }
  }
  return copied === 0 ? text : quoted + text.slice(copied);
}

function endOfNumber(text: string, from: number): number {
  let end = from + 1;
  while (end < text.length && /[\d.eE+-]/.test(text[end] ?? "")) end++;
  return end;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}
