/** Between two messages of a batch: JSON holds no line break as it is, so that they can be told apart again. */
const BETWEEN = ",\n";
const encoder = new TextEncoder();
/** Bytes that room is made for at first, for each body: growing leaves what was there before to the garbage collector. */
const LETTER = 12_000;

/**
 * Puts the bodies of a batch together to the bytes of one call. Each is written out as soon as it is made: a hundred letters as
 * text would be moved about by every collection of garbage until the last of them is there.
 */
export class Wire {
  private bytes: Uint8Array<ArrayBuffer>;
  private length = 0;

  constructor(bodies: number) {
    this.bytes = new Uint8Array(bodies * LETTER);
  }

  add(body: string): void {
    this.write((this.length === 0 ? "[" : BETWEEN) + body);
  }

  /** The bytes of all that was added: a JSON array. */
  end(): Uint8Array<ArrayBuffer> {
    this.write(this.length === 0 ? "[]" : "]");
    return this.bytes.subarray(0, this.length);
  }

  private write(text: string): void {
    // UTF-8 takes three bytes at most for a unit of UTF-16.
    const needed = this.length + 3 * text.length;
    if (needed > this.bytes.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
    }
    this.length += encoder.encodeInto(text, this.bytes.subarray(this.length)).written;
  }
}

/** The bytes of a call for some bodies. */
export function wireOf(bodies: readonly string[]): Uint8Array<ArrayBuffer> {
  const wire = new Wire(bodies.length);
  for (const body of bodies) wire.add(body);
  return wire.end();
}

/** The bodies that such bytes hold, as text. */
export function bodiesOf(text: string): string[] {
  return text === "[]" ? [] : text.slice(1, -1).split(BETWEEN);
}
