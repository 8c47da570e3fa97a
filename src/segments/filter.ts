import * as z from "zod";
import type { Compilation, Moment } from "./compile";
import type { Row } from "./facts";
import type { Field, Filter } from "./field";
import { fieldSql } from "./field";
import { fieldHint, hinted } from "./hint";
import { holdsOf, OPERATORS, operatorFor, operatorOf } from "./operators";

type Fields = Readonly<Record<string, Field>>;

const MOST_FILTERS = 10;
const OPS = [...new Set(Object.values(OPERATORS).flatMap((known) => Object.keys(known)))];

/** A filter over some fields: names and operators out of closed lists, the value as the operator wants it. */
export function filterInput(fields: Fields): z.ZodType<Filter> {
  const input = z.strictObject({
    field: z.enum(Object.keys(fields) as [string, ...string[]]),
    op: z.enum(OPS as [string, ...string[]]),
    value: z.unknown().optional(),
  });
  const checked = input.superRefine(({ field, op, value }, context) => {
    for (const { path, message } of filterFaults(fields[field], op, value)) {
      context.addIssue({ code: "custom", path: [...path], message });
    }
  });
  return hinted(checked, fieldHint("field", fields));
}

/** What is wrong with an operator and its value for a field. */
export function filterFaults(
  field: Pick<Field, "type" | "options"> | undefined,
  op: string,
  value: unknown,
): { path: readonly PropertyKey[]; message: string }[] {
  if (!field) return [{ path: ["field"], message: "is no field" }];
  const operator = operatorOf(field.type, op);
  if (!operator) {
    return [{ path: ["op"], message: `is none of ${Object.keys(OPERATORS[field.type]).join(", ")}` }];
  }
  const parsed = operator.value.safeParse(value);
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, message }) => ({ path: ["value", ...path], message }));
  }
  const options = field.options;
  if (!options || value === undefined || !/^(is|is_not|in|not_in)$/.test(op)) return [];
  const unknown = [value].flat().some((one) => !options.some((option) => option === one));
  return unknown ? [{ path: ["value"], message: `is none of ${options.join(", ")}` }] : [];
}

export function filtersInput(fields: Fields): z.ZodType<readonly Filter[]> {
  return z.array(filterInput(fields)).min(1).max(MOST_FILTERS);
}

export function filterSql(fields: Fields, { field, op, value }: Filter, compilation: Compilation): string {
  const known = fields[field];
  const operator = known && operatorFor(known, op);
  return known && operator ? `(${operator.sql(fieldSql(known, compilation), value, compilation)})` : "0";
}

export function passes(fields: Fields, row: Row, { field, op, value }: Filter, moment: Moment): boolean {
  const known = fields[field];
  return known !== undefined && holdsOf(known, op, row[field] ?? null, value, moment);
}
