/** One line of JSON. Details hold ids, counts and codes, never what a person typed. */
export function log(message: string, details: Readonly<Record<string, unknown>> = {}): void {
  console.log(JSON.stringify({ message, ...details }));
}
