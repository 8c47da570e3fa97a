import * as z from "zod";
import type { FieldError } from "../shared/fault";
import { pointersOf } from "../shared/pointer";
import type { Moment, Sql, Terms } from "./compile";
import { Compilation, joined } from "./compile";
import type { Condition, Read } from "./condition";
import { CONDITIONS } from "./conditions";
import type { Facts } from "./facts";

/** A tree of conditions. `{all: []}` holds for everybody, `{any: []}` for nobody. */
export type Rule =
  | { readonly all: readonly Rule[] }
  | { readonly any: readonly Rule[] }
  | { readonly not: Rule }
  | ({ readonly type: string } & Readonly<Record<string, unknown>>);

const node: z.ZodType<Rule> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(node) }),
    z.strictObject({ any: z.array(node) }),
    z.strictObject({ not: node }),
    z.looseObject({ type: z.string() }),
  ]),
);

/** D1 refuses expressions nested deeper than 100, and no one reads a rule of more than 50 conditions. */
const MAX_CONDITIONS = 50;
const MAX_DEPTH = 20;
/**
 * Fifty conditions that only count rows weigh 500: for 50,000 contacts with 250,000 orders some seconds. What weighs more
 * would keep the database from everything else for half a minute and longer.
 */
const MAX_WORK = 600;

export const ruleInput: z.ZodType<Rule> = node.superRefine((rule, context) => {
  const faults = checkRule(rule);
  const work = faults.length > 0 ? 0 : workOf(rule);
  if (work > MAX_WORK) {
    faults.push({
      pointer: "",
      detail: `is too much work for one rule: it weighs ${work}, and at most ${MAX_WORK} is run`,
    });
  }
  for (const fault of faults) {
    context.addIssue({ code: "custom", path: fault.pointer.split("/").slice(1), message: fault.detail });
  }
});

/** A condition of a rule: what it is and what it is asked. */
interface Leaf {
  readonly pointer: string;
  readonly condition: Condition<unknown>;
  readonly params: unknown;
}

type Named = { readonly type: string } & Readonly<Record<string, unknown>>;

/** What a node is: a group with its children, or a condition. */
export function childrenOf(rule: Rule): { key: "all" | "any" | "not"; rules: readonly Rule[] } | null {
  if ("all" in rule) return { key: "all", rules: rule.all as readonly Rule[] };
  if ("any" in rule) return { key: "any", rules: rule.any as readonly Rule[] };
  if ("not" in rule) return { key: "not", rules: [rule.not as Rule] };
  return null;
}

const byType = new Map<string, Condition<unknown>>(Object.entries(CONDITIONS));

export function conditionOf(type: string): Condition<unknown> | undefined {
  return byType.get(type);
}

/** Rules stand as long as the scenarios they belong to, and are asked at every event. */
const read = new WeakMap<object, unknown>();

/** A condition's parameters as its definition reads them: what was left out has its default. */
export function paramsOf(condition: Condition<unknown>, rule: Named): unknown {
  const known = read.get(rule);
  if (known !== undefined) return known;
  const { type: _type, ...params } = rule;
  const parsed = condition.params.safeParse(params);
  const result = parsed.success ? parsed.data : params;
  read.set(rule, result);
  return result;
}

/** What is wrong with a rule, by pointer; empty when it can be run. */
function checkRule(rule: Rule, pointer = "", count = { conditions: 0 }, depth = 0): FieldError[] {
  if (depth > MAX_DEPTH) return [{ pointer, detail: `is nested deeper than ${MAX_DEPTH} groups` }];
  const group = childrenOf(rule);
  if (group && "type" in rule) return [{ pointer, detail: `has both \`type\` and \`${group.key}\`: it is either` }];
  if (group?.key === "not") return checkRule(group.rules[0] as Rule, `${pointer}/not`, count, depth + 1);
  if (group) {
    const faults: FieldError[] = [];
    for (const [index, child] of group.rules.entries()) {
      faults.push(...checkRule(child, `${pointer}/${group.key}/${index}`, count, depth + 1));
      if (count.conditions > MAX_CONDITIONS) break;
    }
    return faults;
  }
  count.conditions++;
  if (count.conditions > MAX_CONDITIONS) return [{ pointer, detail: `is one condition more than ${MAX_CONDITIONS}` }];
  const named = rule as Named;
  const condition = conditionOf(named.type);
  if (!condition) {
    return [{ pointer: `${pointer}/type`, detail: `is none of ${Object.keys(CONDITIONS).join(", ")}` }];
  }
  const { type: _type, ...params } = named;
  const parsed = condition.params.safeParse(params);
  return parsed.success ? [] : pointersOf(parsed.error, pointer.split("/").slice(1));
}

function leavesOf(rule: Rule, pointer = ""): readonly Leaf[] {
  const group = childrenOf(rule);
  if (group) {
    return group.rules.flatMap((child, index) =>
      leavesOf(child, group.key === "not" ? `${pointer}/not` : `${pointer}/${group.key}/${index}`),
    );
  }
  const named = rule as Named;
  const condition = conditionOf(named.type);
  return condition ? [{ pointer, condition, params: paramsOf(condition, named) }] : [];
}

/** What of a rule does not fit the shop's own tables, by pointer. The rule has been checked. */
export function ruleFaults(rule: Rule, terms: Terms): FieldError[] {
  return leavesOf(rule).flatMap(({ pointer, condition, params }) =>
    (condition.faults?.(params, terms) ?? []).map((fault) => ({ ...fault, pointer: `${pointer}${fault.pointer}` })),
  );
}

/** Where in a rule conditions stand that look at all contacts at once. The rule has been checked. */
export function placesOfAll(rule: Rule): string[] {
  return leavesOf(rule).flatMap(({ pointer, condition }) => (condition.isOfAll ? [pointer] : []));
}

/** What must have been read of a contact for `testRule` to know everything, each once. */
export function readsOf(rule: Rule, terms: Terms): readonly Read[] {
  const reads = leavesOf(rule).flatMap(({ condition, params }) => condition.reads?.(params, terms) ?? []);
  return [...new Map(reads.map((read) => [read.key, read])).values()];
}

/** Whether a rule holds for a contact at `now`. The rule has been checked. */
export function testRule(rule: Rule, facts: Facts, now: number): boolean {
  return holdsAt(rule, facts, { now, shop: facts.shop });
}

function holdsAt(rule: Rule, facts: Facts, moment: Moment): boolean {
  if ("all" in rule) return (rule.all as readonly Rule[]).every((child) => holdsAt(child, facts, moment));
  if ("any" in rule) return (rule.any as readonly Rule[]).some((child) => holdsAt(child, facts, moment));
  if ("not" in rule) return !holdsAt(rule.not as Rule, facts, moment);
  const condition = conditionOf(rule.type);
  return condition?.test(facts, paramsOf(condition, rule), moment) ?? false;
}

/**
 * The rule over `contacts AS c`. It takes one parameter, a JSON array, whose number is `parameter`: those of the
 * statement around it have other numbers. NULL counts as false, so that `not` means what it says.
 */
export function ruleSql(rule: Rule, now: number, terms: Terms, parameter = 1): Sql {
  const compilation = new Compilation(now, terms, parameter);
  return compilation.result(`${compilation.always} AND (${ruleText(rule, compilation)})`);
}

/** A rule within a statement that holds several. */
export function ruleText(rule: Rule, compilation: Compilation): string {
  const texts = (rules: readonly Rule[]): string[] => rules.map((child) => ruleText(child, compilation));
  if ("all" in rule) return joined(texts(quickFirst(rule.all as readonly Rule[], false)), "AND");
  if ("any" in rule) return joined(texts(quickFirst(rule.any as readonly Rule[], true)), "OR");
  if ("not" in rule) return `NOT (${ruleText(rule.not as Rule, compilation)})`;
  const condition = conditionOf(rule.type);
  if (!condition) return "0";
  return `coalesce((${condition.sql(paramsOf(condition, rule), compilation)}), 0)`;
}

/**
 * What a contact's own row says comes before what rows of theirs are counted for: for whom it is decided by then costs
 * nothing more. Of what weighs the same that comes first which decides for most.
 */
function quickFirst(rules: readonly Rule[], decidedBy: boolean): readonly Rule[] {
  const rank = (rule: Rule): number => 2 * weightOf(rule) + (isLikely(rule) === decidedBy ? 0 : 1);
  return rules.toSorted((left, right) => rank(left) - rank(right));
}

/** Whether a rule holds for most contacts. */
function isLikely(rule: Rule): boolean {
  if ("all" in rule) return (rule.all as readonly Rule[]).every(isLikely);
  if ("any" in rule) return (rule.any as readonly Rule[]).some(isLikely);
  if ("not" in rule) return !isLikely(rule.not as Rule);
  const condition = conditionOf(rule.type);
  return condition?.likely?.(paramsOf(condition, rule)) ?? false;
}

function weightOf(rule: Rule): number {
  const group = childrenOf(rule);
  if (group) return group.rules.reduce((sum, child) => sum + weightOf(child), 1);
  return conditionOf((rule as Named).type)?.weight ?? COUNTED;
}

/** What a rule costs, each condition by itself. Rows that are asked about beyond their index are three times the work. */
function workOf(rule: Rule): number {
  const group = childrenOf(rule);
  if (group) return group.rules.reduce((sum, child) => sum + workOf(child), 0);
  const { where, lines } = rule as { readonly where?: unknown; readonly lines?: unknown };
  const weight = weightOf(rule);
  return (where ?? lines) === undefined || weight < COUNTED ? weight : 3 * weight;
}

/** What a condition that looks at other rows weighs. */
const COUNTED = 10;
