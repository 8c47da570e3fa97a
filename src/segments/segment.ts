import * as z from "zod";
import type { FieldError } from "../shared/fault";
import type { Sql, Terms } from "./compile";
import type { Family, FamilySql } from "./family";
import type { Rule } from "./rule";
import { childrenOf, ruleInput, ruleSql } from "./rule";
import type { Target } from "./target";
import { targetSql } from "./target";

/** The key of a segment or of a family of segments. */
export const segmentKey = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,39}$/, "must be a lower-case letter followed by letters, digits, _ and -");
const name = z.string().trim().min(1).max(120);
const MOST = 30;

const part = z.strictObject({ key: segmentKey, name, rule: ruleInput });
const rest = z.strictObject({ key: segmentKey, name });

/** Profiles that are not active count as well (`segments/target.ts`). */
const everybody = z.boolean().optional();

/** One segment: in or out. */
export const simpleInput = z.strictObject({ key: segmentKey, name, rule: ruleInput, everybody });
/** An exclusive partition: the first segment whose rule holds, best first; `rest` takes whoever is left. */
export const exclusiveInput = z.strictObject({
  key: segmentKey,
  name,
  segments: z.array(part).min(1).max(MOST),
  rest: rest.optional(),
  everybody,
});

interface Exclusive {
  readonly segments: readonly { readonly key: string; readonly name: string; readonly rule: Rule }[];
  readonly rest?: { readonly key: string; readonly name: string } | undefined;
  readonly everybody?: boolean | undefined;
}

/** What is stored of a segment or family beside its key and name. */
export type SegmentDefinition = Target | Exclusive;

/** The segments of a family, best first, with their names. */
export function partsOf(key: string, title: string, definition: SegmentDefinition): { key: string; name: string }[] {
  if ("rule" in definition) return [{ key, name: title }];
  const parts = definition.segments.map((one) => ({ key: one.key, name: one.name }));
  return definition.rest ? [...parts, { ...definition.rest }] : parts;
}

/** The rules of a definition with the places where they stand. */
export function rulesOf(definition: SegmentDefinition): { readonly pointer: string; readonly rule: Rule }[] {
  if ("rule" in definition) return [{ pointer: "/rule", rule: definition.rule }];
  return definition.segments.map(({ rule }, index) => ({ pointer: `/segments/${index}/rule`, rule }));
}

/** What is wrong with a definition beside its form: two segments under one key. */
export function checkParts(definition: SegmentDefinition): FieldError[] {
  if ("rule" in definition) return [];
  const keys = definition.segments.map(({ key }) => key);
  const twice = keys.flatMap((key, index) =>
    keys.indexOf(key) < index ? [{ pointer: `/segments/${index}/key`, detail: "is the key of another segment" }] : [],
  );
  const taken = definition.rest !== undefined && keys.includes(definition.rest.key);
  return taken ? [...twice, { pointer: "/rest/key", detail: "is the key of another segment" }] : twice;
}

/** A segment as the pipeline computes it. */
export function familyOfSegment(key: string, definition: SegmentDefinition, terms: Terms): Family {
  const ranks = partsOf(key, "", definition).map((one) => one.key);
  return {
    key,
    ranks,
    dependsOn: [...new Set(rulesOf(definition).flatMap(({ rule }) => segmentsIn(rule)))],
    sql: (now, parameter) =>
      "rule" in definition
        ? simpleSql(key, definition, (target, place) => targetSql(target, now, terms, parameter + place))
        : exclusiveSql(definition, now, terms, parameter),
  };
}

type Compile = (target: Target, place: number) => Sql;

function simpleSql(key: string, target: Target, compile: Compile): FamilySql {
  const { text, values } = compile(target, 0);
  return {
    text: `SELECT c.id AS contact, '${key}' AS segment, NULL AS cause FROM contacts AS c WHERE ${text}`,
    values,
  };
}

function exclusiveSql(
  { segments, rest: last, everybody }: Exclusive,
  now: number,
  terms: Terms,
  parameter: number,
): FamilySql {
  const among = targetSql({ rule: { all: [] }, everybody }, now, terms, parameter);
  const rules = segments.map(({ rule }, index) => ruleSql(rule, now, terms, parameter + 1 + index));
  const cases = rules.map(({ text }, index) => `WHEN (${text}) THEN '${segments[index]?.key}'`).join(" ");
  const text =
    `SELECT c.id AS contact, CASE ${cases} ELSE ${last ? `'${last.key}'` : "NULL"} END AS segment, NULL AS cause ` +
    `FROM contacts AS c WHERE ${among.text}`;
  return { text, values: [among, ...rules].flatMap(({ values }) => values) };
}

/** The families that conditions of a rule speak of. */
export function segmentsIn(rule: Rule): string[] {
  const group = childrenOf(rule);
  if (group) return group.rules.flatMap(segmentsIn);
  const { type, family, segment } = rule as Readonly<Record<string, unknown>>;
  if (type !== "segment") return [];
  return [family, segment].filter((text) => typeof text === "string").slice(0, 1);
}
