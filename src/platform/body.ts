import { joined } from "../shared/bytes";
import { Fault } from "../shared/fault";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/**
 * A request's body as text, at most `limit` bytes before and after inflating; gzip is recognised by its first bytes,
 * whatever the headers say. Throws too-large or invalid-json.
 */
export async function readText(request: Request, limit: number): Promise<string> {
  const bytes = await readBytes(request, limit);
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? await inflate(bytes, limit) : bytes;
  try {
    return decoder.decode(plain);
  } catch {
    throw new Fault("invalid-json", "The body is not valid UTF-8.");
  }
}

/** A request's body as it came, at most `limit` bytes. Throws too-large. */
export async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  const declared = request.headers.get("Content-Length");
  if (declared !== null && Number(declared) > limit) throw tooLarge(limit);
  const bytes = declared === null ? await readStream(request.body, limit) : new Uint8Array(await request.arrayBuffer());
  if (bytes.length > limit) throw tooLarge(limit);
  return bytes;
}

/** A request's body as JSON. An empty body is an empty object. */
export async function readJson(request: Request, limit: number): Promise<unknown> {
  const text = await readText(request, limit);
  return text.trim() === "" ? {} : parseJson(text);
}

/** A text as JSON. Throws invalid-json. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Fault("invalid-json", "The body is not valid JSON.");
  }
}

/** How deep a JSON text is nested, without following it down: whoever reads a tree by recursion asks first. */
export function depthOfJson(text: string): number {
  let [depth, deepest, isText] = [0, 0, false];
  for (let place = 0; place < text.length; place++) {
    const letter = text[place];
    if (isText && letter === "\\") place++;
    else if (letter === '"') isText = !isText;
    else if (!isText && (letter === "{" || letter === "[")) deepest = Math.max(deepest, ++depth);
    else if (!isText && (letter === "}" || letter === "]")) depth--;
  }
  return deepest;
}

function tooLarge(limit: number): Fault {
  return new Fault("too-large", `The body is larger than ${Math.floor(limit / 1024)} KB. Send smaller batches.`);
}

async function inflate(bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return await readStream(stream, limit);
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault("invalid-json", "The body is not valid gzip.");
  }
}

/** Reads a stream and stops it as soon as it passes the limit. */
async function readStream(stream: ReadableStream<Uint8Array> | null, limit: number): Promise<Uint8Array> {
  if (!stream) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > limit) {
      await reader.cancel();
      throw tooLarge(limit);
    }
    chunks.push(part.value);
  }
  return joined(chunks);
}
