import type { Comparison } from "./comparison";
import { compareSql } from "./comparison";
import { number } from "./compile";

/** SQL for something about the rows that count; `rows` is what stands behind a list of columns: FROM and WHERE. */
export type Figure = (rows: string) => string;

/** Whether there are so many rows or more: SQLite stops at the row that decides it. */
export const atLeast =
  (least: number): Figure =>
  (rows) =>
    least < 1 ? "1" : `EXISTS (SELECT 1 ${rows} LIMIT 1${least > 1 ? ` OFFSET ${number(least - 1)}` : ""})`;

const not =
  (figure: Figure): Figure =>
  (rows) =>
    `NOT ${figure(rows)}`;

const counted =
  (op: Comparison, value: number): Figure =>
  (rows) =>
    `(SELECT count(*) ${compareSql(op)} ${number(value)} ${rows})`;

const COUNTED: Readonly<Record<Comparison, (value: number) => Figure>> = {
  eq: (value) => (value === 0 ? not(atLeast(1)) : counted("eq", value)),
  ne: (value) => (value === 0 ? atLeast(1) : counted("ne", value)),
  gt: (value) => atLeast(value + 1),
  gte: (value) => atLeast(value),
  lt: (value) => not(atLeast(value)),
  lte: (value) => not(atLeast(value + 1)),
};

/** How the number of rows, a whole one, compares with another. */
export function countIs(op: Comparison, value: number): Figure {
  return COUNTED[op](value);
}
