/** A value of a line as text: trimmed, numbers as they are written; null where there is none. */
export function textOf(value: unknown): string | null {
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (typeof value !== "string") return null;
  const text = value.trim();
  return text === "" ? null : text;
}

const YES = new Set(["1", "true", "yes", "y", "oui", "o", "vrai"]);
const NO = new Set(["0", "false", "no", "n", "non", "faux"]);

/** A value that says yes or no, in either language; null for anything else. */
export function yesOrNo(value: unknown): boolean | null {
  if (typeof value === "boolean") return value;
  const text = textOf(value)?.toLowerCase() ?? "";
  if (YES.has(text)) return true;
  return NO.has(text) ? false : null;
}
