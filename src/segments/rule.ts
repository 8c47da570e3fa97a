import * as z from "zod";
import type { FieldError } from "../shared/fault";
import type { Language } from "../shared/language";
import type { Condition, Sql } from "./condition";
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

export const ruleInput: z.ZodType<Rule> = node.superRefine((rule, context) => {
  const faults = checkRule(rule);
  for (const fault of faults) {
    context.addIssue({ code: "custom", path: fault.pointer.split("/").slice(1), message: fault.detail });
  }
});

function conditionOf(type: string): Condition<unknown> | undefined {
  return Object.hasOwn(CONDITIONS, type) ? CONDITIONS[type as keyof typeof CONDITIONS] : undefined;
}

function paramsOf(rule: { readonly type: string }): unknown {
  const { type: _type, ...params } = rule;
  return params;
}

/** What is wrong with a rule, by pointer; empty when it can be run. */
function checkRule(rule: Rule, pointer = "", count = { conditions: 0 }, depth = 0): FieldError[] {
  if (depth > 20) return [{ pointer, detail: "is nested deeper than 20 groups" }];
  if ("all" in rule || "any" in rule) {
    const key = "all" in rule ? "all" : "any";
    const rules = (rule as Record<string, readonly Rule[]>)[key] ?? [];
    return rules.flatMap((child, index) => checkRule(child, `${pointer}/${key}/${index}`, count, depth + 1));
  }
  if ("not" in rule) return checkRule(rule.not as Rule, `${pointer}/not`, count, depth + 1);
  count.conditions++;
  if (count.conditions > MAX_CONDITIONS) return [{ pointer, detail: `is one condition more than ${MAX_CONDITIONS}` }];
  const condition = conditionOf(rule.type);
  if (!condition) {
    return [{ pointer: `${pointer}/type`, detail: `is none of ${Object.keys(CONDITIONS).join(", ")}` }];
  }
  const parsed = condition.params.safeParse(paramsOf(rule));
  if (parsed.success) return [];
  return parsed.error.issues.map((issue) => ({ pointer: [pointer, ...issue.path].join("/"), detail: issue.message }));
}

/** Whether a rule holds for a contact at `now`. The rule has been checked. */
export function testRule(rule: Rule, facts: Facts, now: number): boolean {
  if ("all" in rule) return (rule.all as readonly Rule[]).every((child) => testRule(child, facts, now));
  if ("any" in rule) return (rule.any as readonly Rule[]).some((child) => testRule(child, facts, now));
  if ("not" in rule) return !testRule(rule.not as Rule, facts, now);
  return conditionOf(rule.type)?.test(facts, paramsOf(rule), now) ?? false;
}

/** The rule over `contacts AS c`. NULL counts as false, so that `not` means what it says. */
export function ruleSql(rule: Rule, now: number): Sql {
  if ("all" in rule) return join(rule.all as readonly Rule[], " AND ", "1", now);
  if ("any" in rule) return join(rule.any as readonly Rule[], " OR ", "0", now);
  if ("not" in rule) {
    const inner = ruleSql(rule.not as Rule, now);
    return { text: `NOT (${inner.text})`, values: inner.values };
  }
  const sql = conditionOf(rule.type)?.sql(paramsOf(rule), now) ?? { text: "0", values: [] };
  return { text: `coalesce(${sql.text}, 0)`, values: sql.values };
}

function join(rules: readonly Rule[], separator: string, empty: string, now: number): Sql {
  if (rules.length === 0) return { text: empty, values: [] };
  const parts = rules.map((rule) => ruleSql(rule, now));
  return { text: parts.map(({ text }) => `(${text})`).join(separator), values: parts.flatMap(({ values }) => values) };
}

/** A rule in words. */
export function describeRule(rule: Rule, language: Language): string {
  const and = language === "fr" ? " et " : " and ";
  const or = language === "fr" ? " ou " : " or ";
  if ("all" in rule) {
    const rules = rule.all as readonly Rule[];
    if (rules.length === 0) return language === "fr" ? "tout le monde" : "everybody";
    return rules.map((child) => describeGroup(child, language)).join(and);
  }
  if ("any" in rule) return (rule.any as readonly Rule[]).map((child) => describeGroup(child, language)).join(or);
  if ("not" in rule) return `${language === "fr" ? "pas : " : "not: "}${describeGroup(rule.not as Rule, language)}`;
  return conditionOf(rule.type)?.describe(paramsOf(rule), language) ?? rule.type;
}

function describeGroup(rule: Rule, language: Language): string {
  const words = describeRule(rule, language);
  return "all" in rule || "any" in rule ? `(${words})` : words;
}
