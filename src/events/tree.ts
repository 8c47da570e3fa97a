import type { FieldError } from "../shared/fault";

const MAX_DEPTH = 12;
const MAX_KEYS = 1_000;
const MAX_KEY_LENGTH = 256;
const POISON = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Checks a parsed JSON value and takes out keys that could reach a prototype. Returns the first fault, or null.
 * Faults: deeper than 12, more than 1,000 keys, a key over 256 characters, a number that is not finite
 * (1e999 parses to Infinity), a lone surrogate. Never recurses deeper than its limit, so no input exhausts the stack.
 */
export function checkTree(value: unknown): FieldError | null {
  return walk(value, 0, { keys: 0 });
}

// Pointers are put together on the way back from a fault: sound events never pay for one.
function walk(value: unknown, depth: number, count: { keys: number }): FieldError | null {
  if (typeof value === "string") {
    return value.isWellFormed()
      ? null
      : { pointer: "", detail: "has half of a surrogate pair; send well-formed Unicode" };
  }
  if (typeof value === "number") {
    return Number.isFinite(value) ? null : { pointer: "", detail: "is beyond what a number can hold" };
  }
  if (typeof value !== "object" || value === null) return null;
  if (depth >= MAX_DEPTH) return { pointer: "", detail: `is nested deeper than ${MAX_DEPTH} levels` };
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const fault = walk(value[index], depth + 1, count);
      if (fault) return { ...fault, pointer: `/${index}${fault.pointer}` };
    }
    return null;
  }
  return walkObject(value as Record<string, unknown>, depth, count);
}

function walkObject(record: Record<string, unknown>, depth: number, count: { keys: number }): FieldError | null {
  for (const key of Object.keys(record)) {
    if (POISON.has(key)) {
      delete record[key];
      continue;
    }
    count.keys++;
    if (count.keys > MAX_KEYS) return { pointer: `/${key.slice(0, 64)}`, detail: `is one key more than ${MAX_KEYS}` };
    if (key.length > MAX_KEY_LENGTH) {
      return { pointer: `/${key.slice(0, 64)}`, detail: `has a name longer than ${MAX_KEY_LENGTH} characters` };
    }
    const child = record[key];
    // Short ASCII strings, booleans and nulls are most of the traffic: skip the call.
    if (typeof child === "boolean" || child === null) continue;
    const fault = walk(child, depth + 1, count);
    if (fault) return { ...fault, pointer: `/${key}${fault.pointer}` };
  }
  return null;
}
