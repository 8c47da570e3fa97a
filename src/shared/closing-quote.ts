const BACKSLASH = 92;

/** The place in JSON of the quote that closes a string, by that of its opening quote; the end of the text where none does. */
export function closingQuote(text: string, opening: number): number {
  for (let end = text.indexOf('"', opening + 1); end > 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}
