const encoder = new TextEncoder();

/** The SHA-256 of a text. */
export function digestOf(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest("SHA-256", encoder.encode(text));
}
