import { closingQuote } from "../shared/closing-quote";

/** An object that is open while a text is read: its keys so far, or the place in an array. */
interface Level {
  readonly keys: Set<string> | null;
  key: string;
  index: number;
}

/**
 * JSON pointers of the keys that stand twice in one object, at most `limit` of them. `JSON.parse` lets the last one win
 * without a word, so what a filter before us saw and what is taken in could differ. The text must be valid JSON.
 */
export function duplicateKeys(text: string, limit = Number.POSITIVE_INFINITY): string[] {
  const found: string[] = [];
  const path: Level[] = [];
  for (let at = 0; at < text.length && found.length < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = closingQuote(text, at);
      const level = path.at(-1);
      if (level?.keys && isKey(text, end + 1)) {
        const key = keyOf(text, at, end);
        level.key = key;
        if (level.keys.has(key)) found.push(pointerOf(path));
        else level.keys.add(key);
      }
      at = end;
    } else if (code === OPEN_OBJECT) path.push({ keys: new Set(), key: "", index: 0 });
    else if (code === OPEN_ARRAY) path.push({ keys: null, key: "", index: 0 });
    else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) path.pop();
    else if (code === COMMA) {
      const level = path.at(-1);
      if (level) level.index++;
    }
  }
  return found;
}

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** Whether what follows a string makes it a key: a colon, perhaps behind white space. */
function isKey(text: string, from: number): boolean {
  let at = from;
  while (text.charCodeAt(at) <= 32) at++;
  return text.charCodeAt(at) === COLON;
}

function keyOf(text: string, opening: number, closing: number): string {
  const key = text.slice(opening + 1, closing);
  // "\u0074ype" and "type" are the same key.
  return key.includes("\\") ? (JSON.parse(`"${key}"`) as string) : key;
}

function pointerOf(path: readonly Level[]): string {
  return path.map(({ keys, key, index }) => `/${keys ? key.slice(0, 64) : index}`).join("");
}
