import { joined } from "../shared/bytes";
import { Fault } from "../shared/fault";

/** A posted form whose last field is a file; the file is read as it comes. */
export interface Upload {
  readonly fields: URLSearchParams;
  readonly file: ReadableStream<Uint8Array>;
}

/** What stands before the file, at most. */
const MAX_FIELDS = 16_384;

/**
 * Reads a `multipart/form-data` body up to its file. Throws invalid-input where it is none, brings no file, or has too
 * much before it; the file's stream does where the body breaks off.
 */
export async function readUpload(body: ReadableStream<Uint8Array> | null, type: string): Promise<Upload> {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]{1,70})"?/i.exec(type)?.[1];
  if (boundary === undefined || !body) throw new Fault("invalid-input", "Post the form with its file.");
  const mark = `--${boundary}`;
  const reader = body.getReader();
  const fields = new URLSearchParams();
  let bytes = new Uint8Array();
  for (;;) {
    const begin = fileBegin(bytes, mark, fields);
    if (begin !== null) return { fields, file: fileStream(reader, bytes.slice(begin), mark) };
    const piece = await reader.read();
    if (piece.done || bytes.length > MAX_FIELDS) throw new Fault("invalid-input", "The form brings no file.");
    bytes = joined([bytes, piece.value]);
  }
}

/** Where the file's bytes begin, the fields before it read; null where more is needed. */
function fileBegin(bytes: Uint8Array, mark: string, fields: URLSearchParams): number | null {
  // A character a byte, so that places in the text are places in the bytes.
  const text = new TextDecoder("latin1").decode(bytes);
  for (let at = 0; ; ) {
    const head = text.indexOf("\r\n\r\n", at);
    if (head < 0) return null;
    const header = text.slice(at, head);
    const name = /\bname="([^"]*)"/.exec(header)?.[1] ?? "";
    if (/\bfilename="/.test(header)) return head + 4;
    const end = text.indexOf(`\r\n${mark}`, head + 4);
    if (end < 0) return null;
    fields.set(name, new TextDecoder().decode(bytes.slice(head + 4, end)));
    at = end + 2;
  }
}

/** The file without what closes the form, which is held back until the end shows where it begins. */
function fileStream(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  first: Uint8Array,
  mark: string,
): ReadableStream<Uint8Array> {
  const held = mark.length + 16;
  let tail = first;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      for (let sent = false; !sent; ) {
        const piece = await reader.read();
        if (piece.done) {
          const end = new TextDecoder("latin1").decode(tail).lastIndexOf(`\r\n${mark}`);
          if (end < 0) throw new Fault("invalid-input", "The file broke off on its way. Send it again.");
          if (end > 0) controller.enqueue(tail.slice(0, end));
          controller.close();
          return;
        }
        tail = joined([tail, piece.value]);
        if (tail.length <= held) continue;
        controller.enqueue(tail.slice(0, tail.length - held));
        tail = tail.slice(tail.length - held);
        sent = true;
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
