/** A stream that cannot be read as text. The message completes "the content …". */
export class UnreadableText extends Error {}

/**
 * A stream as text, piece by piece: gzip by its first bytes; the encoding by its mark, by what an XML declaration says,
 * and else UTF-8. Throws UnreadableText where it is none, or where it inflates to more than `limit` bytes; what the
 * stream fails with is passed on.
 */
export async function* decodedText(stream: ReadableStream<Uint8Array>, limit: number): AsyncGenerator<string> {
  const packed = await opened(stream);
  const isGzip = packed.first[0] === 0x1f && packed.first[1] === 0x8b;
  const plain = isGzip ? await opened(inflated(packed.whole)) : packed;
  if (plain.first[0] === 0x50 && plain.first[1] === 0x4b) throw new UnreadableText("is a zip archive; use gzip");
  const decoder = decoderOf(plain.first);
  let size = 0;
  for await (const bytes of chunks(plain.whole)) {
    size += bytes.length;
    if (size > limit) throw new UnreadableText(`is larger than ${Math.floor(limit / 1_000_000)} MB`);
    const text = decoded(decoder, bytes);
    if (text !== "") yield text;
  }
  const last = decoded(decoder, null);
  if (last !== "") yield last;
}

function decoded(decoder: TextDecoder, bytes: Uint8Array | null): string {
  try {
    return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
  } catch {
    throw new UnreadableText(`is no text in ${decoder.encoding}`);
  }
}

function decoderOf(first: Uint8Array): TextDecoder {
  const label = encodingOf(first);
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: false });
  } catch {
    throw new UnreadableText("is in an encoding that is not known");
  }
}

function encodingOf(first: Uint8Array): string {
  if (first[0] === 0xff && first[1] === 0xfe) return "utf-16le";
  if (first[0] === 0xfe && first[1] === 0xff) return "utf-16be";
  const head = String.fromCharCode(...first.subarray(0, 200));
  return /^\s*<\?xml[^>]*\sencoding=["']([A-Za-z0-9._-]{1,40})["']/.exec(head)?.[1] ?? "utf-8";
}

/** The first bytes of a stream to look at, and the stream as if nobody had. */
async function opened(
  stream: ReadableStream<Uint8Array>,
): Promise<{ first: Uint8Array; whole: ReadableStream<Uint8Array> }> {
  const reader = stream.getReader();
  const pieces: Uint8Array[] = [];
  let size = 0;
  while (size < 256) {
    const part = await reader.read();
    if (part.done) break;
    pieces.push(part.value);
    size += part.value.length;
  }
  const first = new Uint8Array(size);
  let offset = 0;
  for (const piece of pieces) {
    first.set(piece, offset);
    offset += piece.length;
  }
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    const part = await reader.read();
    if (part.done) controller.close();
    else controller.enqueue(part.value);
  };
  const start = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    if (size > 0) controller.enqueue(first);
  };
  const cancel = (reason: unknown): Promise<void> => reader.cancel(reason);
  return { first, whole: new ReadableStream<Uint8Array>({ start, pull, cancel }, { highWaterMark: 0 }) };
}

/** Undoes gzip. What breaks the stream itself is told as it is, what breaks the packing as unreadable. */
function inflated(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  let broken: unknown = null;
  const source = chunks(stream);
  const watched = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const part = await source.next();
          if (part.done) controller.close();
          else controller.enqueue(part.value);
        } catch (error) {
          broken = error;
          controller.error(error);
        }
      },
      cancel: async () => void (await source.return(undefined)),
    },
    { highWaterMark: 0 },
  );
  const reader = watched.pipeThrough(new DecompressionStream("gzip")).getReader();
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    try {
      const part = await reader.read();
      if (part.done) controller.close();
      else controller.enqueue(part.value);
    } catch {
      controller.error(broken ?? new UnreadableText("is no valid gzip"));
    }
  };
  return new ReadableStream<Uint8Array>({ pull, cancel: (reason) => reader.cancel(reason) }, { highWaterMark: 0 });
}

async function* chunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    // Whoever stops in the middle lets go of the connection.
    await reader.cancel().catch(() => undefined);
  }
}
