/** A cell that a spreadsheet would take for a formula; one that was guarded is guarded again, so that nothing is lost. */
const FORMULA = /^'*[=+\-@\t\r＝＋－＠]/;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

/** What a spreadsheet reads as UTF-8. */
export const BOM = "\uFEFF";

/** A value as text: null is empty, what is no plain value is JSON. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value as string | number | boolean);
}

/**
 * One cell, quoted as RFC 4180 has it. What could be a formula gets an apostrophe in front, except where it is a number
 * with its sign: a phone number stays one.
 */
export function csvCell(value: unknown): string {
  const text = textOf(value);
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One line of cells. */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(csvCell).join(",")}\r\n`;
}

/** A cell as it was before it was guarded. */
export function unguarded(text: string): string {
  return /^'+[=+\-@\t\r＝＋－＠]/.test(text) ? text.slice(1) : text;
}
