import { Fault } from "../../shared/fault";

/** The most that one file may be inflated. */
const MAX_INFLATED = 4_000_000_000;

/** The file cannot be read on; what was read before stays. */
export class UnreadableFile extends Error {}

/**
 * A file as text, bit by bit: gzip by its first bytes, UTF-8 or UTF-16 by its mark. Throws a Fault where there is
 * nothing to begin with, an UnreadableFile under way.
 */
export async function* readText(file: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const { first, rest } = await opened(limited(file, Number.POSITIVE_INFINITY));
  if (first.length === 0) throw new Fault("invalid-input", "The file is empty. Send CSV or NDJSON.");
  if (first[0] === 0x50 && first[1] === 0x4b && first[2] === 3) {
    throw new Fault("unprocessable", "A zip archive is not read. Unpack it, or send gzip.");
  }
  const gzip = first[0] === 0x1f && first[1] === 0x8b;
  const plain = gzip ? await opened(inflated(rest)) : { first, rest };
  const decoder = new TextDecoder(encodingOf(plain.first), { fatal: true, ignoreBOM: false });
  try {
    for await (const bytes of plain.rest) {
      const text = decoder.decode(bytes, { stream: true });
      if (text !== "") yield text;
    }
    const last = decoder.decode();
    if (last !== "") yield last;
  } catch (error) {
    if (error instanceof Fault || error instanceof UnreadableFile) throw error;
    throw new UnreadableFile(gzip ? "the file is no valid gzip, or no text in UTF-8" : "the file is no text in UTF-8");
  }
}

/** The first piece of a stream to look at, and the stream as if nobody had. */
async function opened(
  stream: AsyncGenerator<Uint8Array>,
): Promise<{ first: Uint8Array; rest: AsyncGenerator<Uint8Array> }> {
  const piece = await stream.next();
  const first = piece.done ? new Uint8Array() : piece.value;
  async function* again(): AsyncGenerator<Uint8Array> {
    if (first.length > 0) yield first;
    yield* stream;
  }
  return { first, rest: again() };
}

async function* limited(file: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const bytes of file) {
    size += bytes.length;
    if (size > limit)
      throw new UnreadableFile(`the file is larger than ${limit / 1_000_000_000} GB; send it in several`);
    if (bytes.length > 0) yield bytes;
  }
}

function inflated(stream: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = await stream.next();
      if (piece.done) controller.close();
      else controller.enqueue(piece.value);
    },
    async cancel() {
      await stream.return(undefined);
    },
  });
  return limited(source.pipeThrough(new DecompressionStream("gzip")), MAX_INFLATED);
}

function encodingOf(first: Uint8Array): string {
  if (first[0] === 0xff && first[1] === 0xfe) return "utf-16le";
  return first[0] === 0xfe && first[1] === 0xff ? "utf-16be" : "utf-8";
}
