import type { StarTable } from "../contacts/star/table";
import type { Words } from "../shared/language";
import type { Shop } from "./facts";

/** What a rule is read under: it is the same for all contacts. */
export interface Moment {
  /** Epoch ms. */
  readonly now: number;
  readonly shop: Shop;
}

/** What a rule is compiled under. */
export interface Terms {
  readonly shop: Shop;
  /** The star's tables and the shop's own, by key. */
  readonly table: (key: string) => StarTable | undefined;
  /** What a segment of a family is called; without it rules in words name it by its key. */
  readonly segment?: (family: string, segment: string) => Words | undefined;
}

/** SQL over `contacts AS c`, with what it binds. */
export interface Sql {
  readonly text: string;
  /** One JSON array: every value of the rule is in it, so a rule never meets the limit of 100 parameters. */
  readonly values: readonly [string];
}

const FEW = 6;

/** One compilation: every text that somebody typed passes through `bind`. */
export class Compilation implements Moment {
  private readonly values: (string | readonly (string | number)[])[] = [];

  constructor(
    readonly now: number,
    readonly terms: Terms,
    /** Number of the one parameter, as in `?1`. */
    private readonly parameter: number,
  ) {}

  get shop(): Shop {
    return this.terms.shop;
  }

  /** An expression for a text; SQLite works it out once for each run of the statement. */
  bind(value: string): string {
    return `(?${this.parameter} ->> ${this.values.push(value) - 1})`;
  }

  /** Whether an expression is one of some texts. A few of a column are compared one by one, which takes half the time. */
  isOneOf(expression: string, values: readonly string[], collation: "" | " COLLATE NOCASE" = ""): string {
    if (values.length > FEW || !/^[\w.]+$/.test(expression))
      return `(${expression}${collation}) IN ${this.list(values)}`;
    return `(${values.map((value) => `${expression} = ${this.bind(value)}${collation}`).join(" OR ")})`;
  }

  /** What stands behind `IN` for a list of any length. */
  list(values: readonly (string | number)[]): string {
    return `(SELECT value FROM json_each(?${this.parameter}, '$[${this.values.push(values) - 1}]'))`;
  }

  /** True. D1 refuses a parameter that its statement does not speak of, and a rule may well bind nothing. */
  get always(): string {
    return `?${this.parameter} IS NOT NULL`;
  }

  result(text: string): Sql {
    return { text, values: [JSON.stringify(this.values)] };
  }
}

/** Expressions as one, joined as a tree: SQLite counts a chain of fifty as fifty levels. */
export function joined(expressions: readonly string[], word: "AND" | "OR"): string {
  if (expressions.length < 2) return expressions[0] ?? (word === "AND" ? "1" : "0");
  const half = expressions.length >> 1;
  return `(${joined(expressions.slice(0, half), word)}) ${word} (${joined(expressions.slice(half), word)})`;
}

/** A number as SQL. It was checked to be finite when the rule was read; anything else would be no number at all. */
export function number(value: number): string {
  if (!Number.isFinite(value)) throw new Error("not a finite number");
  return String(value);
}
