/** Packs text or bytes as gzip. */
export function pack(body: string | Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  return new Response(new Response(body).body?.pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
}

/** Packs lines as gzip. None of them may hold a line break. */
export function packLines(lines: readonly string[]): Promise<ArrayBuffer> {
  return pack(lines.map((line) => `${line}\n`).join(""));
}

/** The lines that were packed into a body. */
export async function unpackLines(body: ReadableStream): Promise<string[]> {
  const text = await new Response(body.pipeThrough(new DecompressionStream("gzip"))).text();
  return text.split("\n").filter((line) => line !== "");
}
