import * as z from "zod";
import type { FieldError } from "../shared/fault";
import type { Family } from "./family";
import { HEADS } from "./family";
import type { Rule } from "./rule";
import { ruleInput, ruleSql } from "./rule";

/** The key of a segment or of a family of segments. */
export const segmentKey = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,39}$/, "must be a lower-case letter followed by letters, digits, _ and -");
const name = z.string().trim().min(1).max(120);
const MOST = 30;

const part = z.strictObject({ key: segmentKey, name, rule: ruleInput });
const rest = z.strictObject({ key: segmentKey, name });

/** One segment: in or out. */
export const simpleInput = z.strictObject({ key: segmentKey, name, rule: ruleInput });
/** An exclusive partition: the first segment whose rule holds, best first; `rest` takes whoever is left. */
export const exclusiveInput = z.strictObject({
  key: segmentKey,
  name,
  segments: z.array(part).min(1).max(MOST),
  rest: rest.optional(),
});

/** What is stored of a segment or family beside its key and name. */
export type SegmentDefinition =
  | { readonly rule: Rule }
  | {
      readonly segments: readonly { readonly key: string; readonly name: string; readonly rule: Rule }[];
      readonly rest?: { readonly key: string; readonly name: string } | undefined;
    };

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
export function familyOfSegment(key: string, definition: SegmentDefinition): Family {
  const ranks = partsOf(key, "", definition).map((one) => one.key);
  return {
    key,
    ranks,
    dependsOn: [...new Set(rulesOf(definition).flatMap(({ rule }) => segmentsIn(rule)))],
    sql(now) {
      const head = "SELECT c.id AS contact, ";
      const from = ` AS segment, NULL AS cause FROM contacts AS c WHERE ${HEADS}`;
      if ("rule" in definition) {
        const { text, values } = ruleSql(definition.rule, now);
        return { text: `${head}'${key}'${from} AND (${text})`, values };
      }
      const rules = definition.segments.map((one) => ({ key: one.key, sql: ruleSql(one.rule, now) }));
      const cases = rules.map((one) => `WHEN (${one.sql.text}) THEN '${one.key}'`).join(" ");
      const last = definition.rest ? `'${definition.rest.key}'` : "NULL";
      return { text: `${head}CASE ${cases} ELSE ${last} END${from}`, values: rules.flatMap(({ sql }) => sql.values) };
    },
  };
}

/** The keys of segments and families that conditions of a rule speak of. */
export function segmentsIn(rule: Rule): string[] {
  if ("all" in rule) return (rule.all as readonly Rule[]).flatMap(segmentsIn);
  if ("any" in rule) return (rule.any as readonly Rule[]).flatMap(segmentsIn);
  if ("not" in rule) return segmentsIn(rule.not as Rule);
  const { type, key, family } = rule;
  if (type !== "segment") return [];
  return [family, key].filter((text) => typeof text === "string").slice(0, 1);
}
