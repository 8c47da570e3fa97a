import { Fault } from "../shared/fault";
import { duplicateKeys } from "./duplicate-keys";
import { MAX_EVENT_BYTES } from "./input";
import { checkTree } from "./tree";

const encoder = new TextEncoder();
/** Behind so many keys that stand twice nobody looks for more, so the body is refused as a whole. */
const MOST_REPEATED = 100;

/** A body's value, and the JSON pointers of what stands twice in it. */
export function parseBody(text: string): { readonly value: unknown; readonly repeated: readonly string[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Fault("invalid-json", "The body is not valid JSON.");
  }
  // What a program wrote is the same when written again: a look that costs less than reading it key by key.
  const repeated = jsonOf(value) === text ? [] : duplicateKeys(text, MOST_REPEATED);
  if (repeated.length === MOST_REPEATED) {
    throw new Fault("invalid-input", `At least ${MOST_REPEATED} keys stand twice; nothing of the body was read.`);
  }
  return { value, repeated };
}

/** A value as JSON, or null where it is nested deeper than the writer can follow: the reader can. */
export function jsonOf(value: unknown): string | null {
  try {
    return JSON.stringify(value);
  } catch {
    return null;
  }
}

/** Whether a JSON text is more than one event may have. */
export function isOversized(json: string): boolean {
  // Three bytes a character at most.
  return json.length * 3 > MAX_EVENT_BYTES && encoder.encode(json).length > MAX_EVENT_BYTES;
}

export const TWICE = "stands twice: of two equal keys nobody can tell which one is meant";

/** Refuses a request whose own fields, or those that its events share, stand twice. */
export function refuseRepeated(repeated: readonly string[]): void {
  const [first] = repeated;
  if (first !== undefined) throw new Fault("invalid-input", `${first} ${TWICE}.`, [{ pointer: first, detail: TWICE }]);
}

/** Fields that all events share are held to the same rules as theirs. */
export function refuseShared(shared: unknown): void {
  const fault = checkTree(shared);
  if (fault === null) return;
  const pointer = `/context${fault.pointer}`;
  throw new Fault("invalid-input", `${pointer} ${fault.detail}.`, [{ ...fault, pointer }]);
}

/** Which event of a batch a pointer leads into, and where in it; null where it is not in one. */
export function ofEvent(pointer: string): { readonly index: number; readonly pointer: string } | null {
  const match = /^\/batch\/(\d+)(\/.*)$/s.exec(pointer);
  return match ? { index: Number(match[1]), pointer: match[2] ?? "" } : null;
}
