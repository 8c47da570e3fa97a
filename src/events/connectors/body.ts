import { Fault } from "../../shared/fault";
import { parseTime } from "../time";

/** A body or a part of it: plain JSON in which integers beyond 2^53 are text. */
export type Body = Readonly<Record<string, unknown>>;

const EMPTY: Body = {};

/** A part that is an object; an empty one where it is not. */
export function part(value: unknown): Body {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Body) : EMPTY;
}

/** The objects of a list; none where it is no list. */
export function parts(value: unknown): readonly Body[] {
  return Array.isArray(value)
    ? value.filter((one: unknown): one is Body => typeof one === "object" && one !== null)
    : [];
}

/** Text or a number as text, well-formed, at most 500 characters; null where there is none. */
export function text(value: unknown): string | null {
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  return typeof value === "string" && value !== "" ? value.toWellFormed().slice(0, 500) : null;
}

/** An id of the shop's; null where it is missing or 0, by which shops say "nobody". */
export function id(value: unknown): string | null {
  const found = text(value);
  return found === "0" ? null : found;
}

/** An id without which the body says nothing. Throws a Fault that names the field. */
export function needed(body: Body, field: string): string {
  const found = id(body[field]);
  if (found === null)
    throw new Fault("unprocessable", `/${field} is missing`, [{ pointer: `/${field}`, detail: "is missing" }]);
  return found;
}

/** A time in epoch ms; null where there is none. */
export function time(value: unknown): number | null {
  return value === null || value === undefined || value === "" ? null : parseTime(value);
}

/** A whole number; null where it is none. */
export function whole(value: unknown): number | null {
  const number = typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) ? number : null;
}

/** An object without the fields that say nothing (null, undefined, ""). */
export function said(fields: Body): Body {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== ""),
  );
}

/** The value of the entry that bears a name, out of a list of such pairs. */
export function named(list: unknown, field: string, name: string): string | null {
  return text(parts(list).find((one) => one[field] === name)?.["value"]);
}
