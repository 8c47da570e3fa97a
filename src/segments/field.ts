import type { Words } from "../shared/language";
import type { Compilation } from "./compile";
import type { Source } from "./hint";
import type { FieldType } from "./operator";

/** One value of a row that a rule can ask about. */
export interface Field {
  readonly type: FieldType;
  /** SQL over the collection's tables. What the plain test compares is read by the same expression. */
  readonly sql: string | ((compilation: Compilation) => string);
  readonly words: Words;
  /** Its French name is a feminine one. */
  readonly feminine?: true;
  /** A clause that says it, where that is no name with a value: `opened by a person`; and what says that it is not so. */
  readonly said?: Words;
  readonly unsaid?: Words;
  /** The French clause of several rows. */
  readonly many?: string;
  /** The clause in front of the days on which its date comes round. */
  readonly round?: Words;
  /** What it can be, where that is a closed list. */
  readonly options?: readonly string[];
  /** A key of the product's own, which is compared as it is: `options` are as well. */
  readonly isCode?: true;
  /** What each of them is called. */
  readonly choices?: Readonly<Record<string, Words>>;
  /** Where values are suggested from. */
  readonly source?: Source;
}

/** What one value of a row must be. */
export interface Filter {
  readonly field: string;
  readonly op: string;
  readonly value?: unknown;
}

/** The expression of a field within one compilation. */
export function fieldSql({ sql }: Pick<Field, "sql">, compilation: Compilation): string {
  return typeof sql === "string" ? sql : sql(compilation);
}
