/** Packs lines as gzip. None of them may hold a line break. */
export function packLines(lines: readonly string[]): Promise<ArrayBuffer> {
  const text = lines.map((line) => `${line}\n`).join("");
  return new Response(new Response(text).body?.pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
}

/** The lines that were packed into a body. */
export async function unpackLines(body: ReadableStream): Promise<string[]> {
  const text = await new Response(body.pipeThrough(new DecompressionStream("gzip"))).text();
  return text.split("\n").filter((line) => line !== "");
}
