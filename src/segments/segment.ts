import * as z from "zod";
import type { FieldError } from "../shared/fault";
import type { Terms } from "./compile";
import { Compilation } from "./compile";
import type { Family } from "./family";
import type { Rule } from "./rule";
import { childrenOf, ruleText } from "./rule";
import { seeded } from "./seed";
import { amongSql } from "./target";

/** The key of a segment or of a family of segments. */
export const segmentKey = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,39}$/, "must be a lower-case letter followed by letters, digits, _ and -");
const name = z.string().trim().min(1).max(120);
const MOST = 30;
/** Takes the filter of active profiles off. */
const everybody = z.boolean().optional();

const rest = z.strictObject({ key: segmentKey, name });

/** What is asked for: one segment, or an exclusive partition, best first, whose `rest` takes whoever is left. */
export function inputsWith(rule: z.ZodType<Rule>) {
  const segments = z
    .array(z.strictObject({ key: segmentKey, name, rule }))
    .min(1)
    .max(MOST);
  return {
    simple: z.strictObject({ key: segmentKey, name, rule, everybody }),
    exclusive: z.strictObject({ key: segmentKey, name, segments, rest: rest.optional(), everybody }),
  };
}

/** What is stored of a segment or family beside its key and name. */
export type SegmentDefinition =
  | { readonly rule: Rule; readonly everybody?: boolean | undefined }
  | {
      readonly segments: readonly { readonly key: string; readonly name: string; readonly rule: Rule }[];
      readonly rest?: { readonly key: string; readonly name: string } | undefined;
      readonly everybody?: boolean | undefined;
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
export function familyOfSegment(key: string, definition: SegmentDefinition, terms: Terms): Family {
  const ranks = partsOf(key, "", definition).map((one) => one.key);
  return {
    key,
    ranks,
    dependsOn: [...new Set(rulesOf(definition).flatMap(({ rule }) => segmentsIn(rule)))],
    sql(now, parameter) {
      const compilation = new Compilation(now, terms, parameter);
      const head = "SELECT c.id AS contact, ";
      const among = `${compilation.always} AND ${amongSql(definition.everybody, now)}`;
      const from = ` AS segment, NULL AS cause FROM contacts AS c WHERE ${among}`;
      if ("rule" in definition) {
        return compilation.result(
          `${head}'${key}'${from} AND (${ruleText(seeded(definition.rule, key), compilation)})`,
        );
      }
      const cases = definition.segments.map(
        (one) => `WHEN (${ruleText(seeded(one.rule, `${key}.${one.key}`), compilation)}) THEN '${one.key}'`,
      );
      const last = definition.rest ? `'${definition.rest.key}'` : "NULL";
      return compilation.result(`${head}CASE ${cases.join(" ")} ELSE ${last} END${from}`);
    },
  };
}

/** The families that conditions of a rule speak of. */
export function segmentsIn(rule: Rule): string[] {
  const group = childrenOf(rule);
  if (group) return group.rules.flatMap(segmentsIn);
  const { type, family, segment } = rule as Readonly<Record<string, unknown>>;
  if (type !== "segment") return [];
  return [family, segment].filter((text) => typeof text === "string").slice(0, 1);
}
