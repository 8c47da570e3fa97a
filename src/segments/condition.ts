import type * as z from "zod";
import type { FieldError } from "../shared/fault";
import type { Words } from "../shared/language";
import type { Compilation, Moment, Terms } from "./compile";
import type { Facts } from "./facts";
import type { AskedField } from "./hint";
import type { Reader } from "./reader";

/** Rows that a condition must have been given before it can be tested: `facts.rows[key]`. */
export interface Read {
  readonly key: string;
  /** Only rows of whoever stands for a contact count. */
  readonly own: boolean;
  /** SELECT of the rows of some contacts, with the `contact` they came to; `whose` is what stands behind that column. */
  readonly sql: (compilation: Compilation, whose: string) => string;
}

/** One kind of condition of the targeting language. Adding one is a file here and a line in the catalog. */
export interface Condition<Params> {
  /** What it is called where one is chosen. */
  readonly title: Words;
  readonly params: z.ZodType<Params>;
  /** A clause whose subject is the contact. */
  readonly describe: (params: Params, reader: Reader) => string;
  /** Whether it holds at a moment. */
  readonly test: (facts: Facts, params: Params, moment: Moment) => boolean;
  /** The same question for every contact `c` at once; NULL counts as false. */
  readonly sql: (params: Params, compilation: Compilation) => string;
  /** What is there, for whoever asks why somebody is in or out. */
  readonly found: (facts: Facts, params: Params, moment: Moment, reader: Reader) => string;
  /** What is needed beside profile, open cart and the figures of orders. */
  readonly reads?: (params: Params, terms: Terms) => readonly Read[];
  /** What does not fit the shop's own tables; pointers begin at the condition. */
  readonly faults?: (params: Params, terms: Terms) => readonly FieldError[];
  /** How much work it is against others; 10 where it counts rows. */
  readonly weight?: number;
  /** Whether it holds for whoever has no rows: so it does for most. */
  readonly likely?: (params: Params) => boolean;
  /** Takes a `seed`, by which a draw is one of its own. */
  readonly isDrawn?: true;
  /** Looks at all contacts at once, so that a scenario cannot ask it of one at each of their events. */
  readonly isOfAll?: true;
  /** The fields that it can be asked about, where they are the shop's own; nothing of `asked` has been checked. */
  readonly fieldsFor?: (asked: Readonly<Record<string, unknown>>, terms: Terms) => Readonly<Record<string, AskedField>>;
  readonly example: Params;
}

/** Keeps a definition's own parameter type inside the catalog. */
export function condition<Schema extends z.ZodType>(
  definition: Condition<z.output<Schema>> & { readonly params: Schema },
): Condition<unknown> {
  return definition as Condition<unknown>;
}
