import * as z from "zod";
import type { Words } from "../shared/language";
import type { FieldType } from "./operator";

/** What of a field a form needs to know. */
export interface AskedField {
  readonly type: FieldType;
  readonly words: Words;
  readonly options?: readonly string[];
  readonly choices?: Readonly<Record<string, Words>>;
  readonly source?: Source;
}

/** What a form says of a parameter beside what its type says. */
interface Hint {
  /** In front of it. */
  readonly words?: Words;
  /** The words are clear from where it stands: they are for whoever cannot see that. */
  readonly quiet?: true;
  /** Of a closed list what each choice is called. */
  readonly choices?: Readonly<Record<string, Words>>;
  /** What a text or number means. */
  readonly as?: "money" | "duration" | "moment";
  /** Where values are suggested from. */
  readonly source?: Source;
  /** A form begins with it, though it may be left out. */
  readonly begun?: true;
  /** Of an object: its `op` and `value` are asked of the field that this parameter names. */
  readonly by?: string;
  /** Those fields; without them the condition tells them (`fieldsFor`). */
  readonly fields?: Readonly<Record<string, AskedField>>;
}

/** Lists of the shop's that a value may be out of. */
export type Source =
  | "product"
  | "category"
  | "brand"
  | "store"
  | "coupon"
  | "family"
  | "segment"
  | "scenario"
  | "table"
  | "time_column";

export const HINTS = z.registry<Hint>();

/** The same schema, with what a form says of it. */
export function hinted<Schema extends z.ZodType>(schema: Schema, hint: Hint): Schema {
  HINTS.add(schema as z.ZodType, hint);
  return schema;
}

/** Words that a form needs of an object whose `op` and `value` are asked of a field. */
export function fieldHint(by: string, fields?: Readonly<Record<string, AskedField>>): Hint {
  if (!fields) return { by };
  const known = Object.entries(fields).map(([name, { type, words, options, choices, source }]) => {
    const more = { ...(options && { options }), ...(choices && { choices }), ...(source && { source }) };
    return [name, { type, words, ...more }] as const;
  });
  return { by, fields: Object.fromEntries(known) };
}
