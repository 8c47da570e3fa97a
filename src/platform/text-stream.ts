import { joined } from "../shared/bytes";

/** A stream that cannot be read as text: `why` in a word; the message completes "the content …". */
export class UnreadableText extends Error {
  constructor(
    readonly why: "zip" | "gzip" | "encoding" | "size",
    message: string,
  ) {
    super(message);
  }
}

/** So much of a beginning is looked at. */
const HEAD = 256;

/**
 * A stream as text, piece by piece: gzip by its first bytes, the encoding as `encodingOf` finds it in the first bytes of
 * the content. Throws UnreadableText where it is none, or where gzip inflates to more than `limit` bytes; what the
 * stream fails with is passed on.
 */
export async function* decodedText(
  stream: AsyncIterable<Uint8Array>,
  limit: number,
  encodingOf: (first: Uint8Array) => string = declaredEncoding,
): AsyncGenerator<string> {
  const source = stream[Symbol.asyncIterator]();
  try {
    const packed = await opened(source);
    const isGzip = packed.first[0] === 0x1f && packed.first[1] === 0x8b;
    const plain = isGzip ? await opened(limited(inflated(packed.whole), limit)) : packed;
    const { first } = plain;
    if (first[0] === 0x50 && first[1] === 0x4b && first[2] === 3) {
      throw new UnreadableText("zip", "is a zip archive; use gzip");
    }
    const decoder = decoderOf(encodingOf(first));
    for await (const bytes of plain.whole) {
      const text = decoded(decoder, bytes);
      if (text !== "") yield text;
    }
    const last = decoded(decoder, null);
    if (last !== "") yield last;
  } finally {
    // Whoever stops in the middle lets go of the connection.
    await source.return?.();
  }
}

function decoded(decoder: TextDecoder, bytes: Uint8Array | null): string {
  try {
    return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
  } catch {
    throw new UnreadableText("encoding", `is no text in ${decoder.encoding}`);
  }
}

function decoderOf(label: string): TextDecoder {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: false });
  } catch {
    throw new UnreadableText("encoding", "is in an encoding that is not known");
  }
}

/** The encoding by a byte order mark, else UTF-8. */
export function markedEncoding(first: Uint8Array): string {
  if (first[0] === 0xff && first[1] === 0xfe) return "utf-16le";
  return first[0] === 0xfe && first[1] === 0xff ? "utf-16be" : "utf-8";
}

/** The same, or what an XML declaration says. */
function declaredEncoding(first: Uint8Array): string {
  const head = String.fromCharCode(...first.subarray(0, 200));
  const declared = /^\s*<\?xml[^>]*\sencoding=["']([A-Za-z0-9._-]{1,40})["']/.exec(head)?.[1];
  return declared ?? markedEncoding(first);
}

/** The first bytes of a stream to look at, and the stream as if nobody had. */
async function opened(
  stream: AsyncIterator<Uint8Array>,
): Promise<{ first: Uint8Array; whole: AsyncGenerator<Uint8Array> }> {
  let first = new Uint8Array();
  while (first.length < HEAD) {
    const piece = await stream.next();
    if (piece.done) break;
    first = joined([first, piece.value]);
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    if (first.length > 0) yield first;
    for (let piece = await stream.next(); !piece.done; piece = await stream.next()) yield piece.value;
  }
  return { first, whole: whole() };
}

async function* limited(stream: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const bytes of stream) {
    size += bytes.length;
    if (size > limit) throw new UnreadableText("size", `is larger than ${Math.floor(limit / 1_000_000)} MB`);
    yield bytes;
  }
}

/** Undoes gzip. What breaks the stream itself is told as it is, what breaks the packing as unreadable. */
async function* inflated(stream: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const broken: Error[] = [];
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    try {
      const piece = await stream.next();
      if (piece.done) controller.close();
      else controller.enqueue(piece.value);
    } catch (error) {
      broken.push(error instanceof Error ? error : new Error(String(error)));
      controller.error(error);
    }
  };
  const packed = new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 });
  try {
    yield* packed.pipeThrough(new DecompressionStream("gzip"));
  } catch {
    throw broken[0] ?? new UnreadableText("gzip", "is no valid gzip");
  }
}
