import type { Compilation } from "./compile";
import type { Cell } from "./facts";
import type { Operator } from "./operator";

/** A capital and its small letter, one code point each, for letters outside ASCII: SQLite's own `lower` knows none. */
type Pair = readonly [capital: string, small: string];

/** As many replacements as may stand within each other; no alphabet has more letters in both cases. */
const MOST_PAIRS = 40;
const ASCII = /^\p{ASCII}*$/u;

const isOne = (text: string): boolean => Array.from(text).length === 1;

function smallOf(letter: string): string {
  const small = letter.toLowerCase();
  return isOne(small) && small.toUpperCase() === letter ? small : letter;
}

/** The letters outside ASCII of what is asked for: no others of a cell could make it match. */
function pairsOf(asked: string): readonly Pair[] {
  if (ASCII.test(asked)) return [];
  const smalls = [...new Set(Array.from(asked, smallOf))].filter((letter) => !ASCII.test(letter));
  const pairs = smalls.map((small) => [small.toUpperCase(), small] as const);
  return pairs
    .filter(([capital, small]) => capital !== small && isOne(capital) && smallOf(capital) === small)
    .slice(0, MOST_PAIRS);
}

/** A text as it is compared: both sides replace the same letters, and fold those of ASCII. */
function fold(text: string, pairs: readonly Pair[]): string {
  const folded = pairs.reduce((sofar, [capital, small]) => sofar.replaceAll(capital, small), text);
  return folded.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** What may stand within each other: D1 takes no expressions deeper than 100, and none in FROM add to those around. */
const MOST_NESTED = 8;

function foldSql(expression: string, pairs: readonly Pair[], c: Compilation): string {
  let [text, from] = [expression, ""];
  for (const [index, [capital, small]] of pairs.entries()) {
    if (index > 0 && index % MOST_NESTED === 0) {
      from = ` FROM (SELECT ${text} AS folded${from} LIMIT 1)`;
      text = "folded";
    }
    text = `replace(${text}, ${c.bind(capital)}, ${c.bind(small)})`;
  }
  return from === "" ? text : `(SELECT ${text}${from})`;
}

/** One text that is asked for, as both sides compare it. */
interface Asked {
  readonly pairs: readonly Pair[];
  readonly text: string;
}

function askedOf(value: unknown): Asked {
  const pairs = pairsOf(String(value));
  return { pairs, text: fold(String(value), pairs) };
}

type Test = (cell: string, asked: string) => boolean;
type Compare = (cell: string, asked: string, length: number) => string;

function one(operator: Operator, test: Test, compare: Compare): Operator {
  return {
    ...operator,
    sql(expression, value, c) {
      const { pairs, text } = askedOf(value);
      return compare(foldSql(expression, pairs, c), c.bind(text), Array.from(text).length);
    },
    test(cell, value) {
      const { pairs, text } = askedOf(value);
      return test(fold(String(cell), pairs), text);
    },
  };
}

/** Lists of thousands are folded once. */
const known = new WeakMap<object, { readonly pairs: readonly Pair[]; readonly texts: ReadonlySet<string> }>();

function listOf(values: unknown) {
  const list = values as readonly string[];
  const found = known.get(list);
  if (found) return found;
  const pairs = pairsOf(list.join(""));
  const made = { pairs, texts: new Set(list.map((text) => fold(text, pairs))) };
  known.set(list, made);
  return made;
}

function several(operator: Operator, isIn: boolean): Operator {
  return {
    ...operator,
    sql(expression, values, c) {
      const { pairs, texts } = listOf(values);
      const isAny = c.isOneOf(foldSql(expression, pairs, c), [...texts], " COLLATE NOCASE");
      return isIn ? isAny : `NOT (${isAny})`;
    },
    test(cell: Exclude<Cell, null>, values) {
      const { pairs, texts } = listOf(values);
      return texts.has(fold(String(cell), pairs)) === isIn;
    },
  };
}

type Texts = Readonly<Record<"is" | "is_not" | "in" | "not_in" | "contains" | "begins" | "ends", Operator>>;

/** Operators over texts, to which capitals and small letters are the same in every alphabet; accents are not. */
export function folded<Known extends Texts>(exact: Known): Known {
  return {
    ...exact,
    is: one(
      exact.is,
      (cell, asked) => cell === asked,
      (cell, asked) => `${cell} = ${asked} COLLATE NOCASE`,
    ),
    is_not: one(
      exact.is_not,
      (cell, asked) => cell !== asked,
      (cell, asked) => `${cell} <> ${asked} COLLATE NOCASE`,
    ),
    in: several(exact.in, true),
    not_in: several(exact.not_in, false),
    contains: one(
      exact.contains,
      (cell, asked) => cell.includes(asked),
      (cell, asked) => `instr(lower(${cell}), ${asked}) > 0`,
    ),
    begins: one(
      exact.begins,
      (cell, asked) => cell.startsWith(asked),
      (cell, asked) => `instr(lower(${cell}), ${asked}) = 1`,
    ),
    ends: one(
      exact.ends,
      (cell, asked) => cell.endsWith(asked),
      (cell, asked, length) => `substr(lower(${cell}), ${-length}) = ${asked}`,
    ),
  };
}
