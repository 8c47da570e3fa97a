/** A cell that a spreadsheet would take for a formula; one that was guarded is guarded again, so that nothing is lost. */
const FORMULA = /^'*[=+\-@\t\r＝＋－＠]/;
/** Where a cell ends for a spreadsheet that parts them by semicolons or tabs, as French ones do, whatever is quoted. */
const ENDS = /[;\t\r\n]/;
const PLACES = /([;\s"]+)('*)([=+\-@＝＋－＠])?/g;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

/** What a spreadsheet reads as UTF-8. */
export const BOM = "\uFEFF";

/** A value as text: null is empty, what is no plain value is JSON. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value as string | number | boolean);
}

/** A text with other apostrophes where a formula could begin within it; `marks` are those that stand there. */
function markedWithin(text: string, mark: (marks: string) => string): string {
  if (!ENDS.test(text)) return text;
  return text.replaceAll(PLACES, (all: string, gap: string, marks: string, begin?: string) =>
    begin !== undefined && ENDS.test(gap) ? gap + mark(marks) + begin : all,
  );
}

/**
 * One cell, quoted as RFC 4180 has it. What could be a formula gets an apostrophe in front, except where it is a number
 * with its sign: a phone number stays one. So does what could be one where a spreadsheet parts the cell.
 */
export function csvCell(value: unknown): string {
  const text = markedWithin(textOf(value), (marks) => `'${marks}`);
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",;\t\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One line of cells. */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(csvCell).join(",")}\r\n`;
}

/** A cell as it was before it was guarded. */
export function unguarded(text: string): string {
  const inner = /^'+[=+\-@\t\r＝＋－＠]/.test(text) ? text.slice(1) : text;
  return markedWithin(inner, (marks) => marks.slice(1));
}
