import { redact } from "../shared/redact";

/** Below these somebody is described. */
const PERSONAL = new Set(["traits", "context", "address", "customer", "billing", "shipping"]);
const LONGEST = 4_000;

/**
 * An event as an operator may look at it over somebody's shoulder: its form and its figures stay, what describes a
 * person does not. A body that is no JSON loses its addresses and telephone numbers alone.
 */
export function redactEvent(body: string): string {
  try {
    return JSON.stringify(masked(JSON.parse(body), false, 0), null, 2).slice(0, LONGEST);
  } catch {
    return redact(body).slice(0, LONGEST);
  }
}

function masked(value: unknown, personal: boolean, depth: number): unknown {
  if (depth > 20) return "…";
  if (typeof value === "string") return personal ? "…" : redact(value);
  if (Array.isArray(value)) return value.map((one) => masked(one, personal, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => {
      const hidden = (personal && key !== "library") || PERSONAL.has(key);
      return [redact(key), masked(one, hidden, depth + 1)];
    }),
  );
}
