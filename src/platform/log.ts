import { redact } from "../shared/redact";

/**
 * One line of JSON. Details hold ids, counts and codes, never what a person typed; the words of an error may quote it
 * all the same, so addresses and telephone numbers are blanked in every text.
 */
export function log(message: string, details: Readonly<Record<string, unknown>> = {}): void {
  const line = JSON.stringify({ message, ...details }, (_, value: unknown) =>
    typeof value === "string" ? redact(value) : value,
  );
  console.log(line);
}
