import { decodedText, markedEncoding, UnreadableText } from "../../platform/text-stream";
import { Fault } from "../../shared/fault";

/** The most that one file may be inflated to, in bytes. */
const MAX_INFLATED = 4_000_000_000;

/** The file cannot be read on; what was read before stays. */
export class UnreadableFile extends Error {}

const REASONS = {
  gzip: "the file is no valid gzip, or no text in UTF-8",
  encoding: "the file is no text in UTF-8",
  size: `the file is larger than ${MAX_INFLATED / 1_000_000_000} GB; send it in several`,
};

/**
 * A file as text, bit by bit: gzip by its first bytes, UTF-8 or UTF-16 by its mark. Throws a Fault where there is
 * nothing to begin with, an UnreadableFile under way; what the file's storage fails with is passed on.
 */
export async function* readText(file: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  try {
    yield* decodedText(file, MAX_INFLATED, markedEncoding);
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
    if (error.why === "zip") throw new Fault("unprocessable", "A zip archive is not read. Unpack it, or send gzip.");
    throw new UnreadableFile(REASONS[error.why]);
  }
}
