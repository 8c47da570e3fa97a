import type { FieldError } from "../shared/fault";
import type { Terms } from "./compile";
import type { Rule } from "./rule";
import { ruleSql } from "./rule";
import type { SegmentDefinition } from "./segment";
import { familyOfSegment, rulesOf } from "./segment";

/** D1 takes statements of 100 kB; a rule's own text leaves a tenth for what stands around it. */
const MOST = 90_000;

/** What is wrong with a rule that compiles to more than the database takes in one statement. The rule has been checked. */
export function lengthFaults(rule: Rule, terms: Terms, pointer = ""): FieldError[] {
  return faultsOf(ruleSql(rule, 0, terms).text, pointer);
}

/** The same for all rules of a segment: each by itself, and where they fit, together. */
export function definitionFaults(definition: SegmentDefinition, terms: Terms): FieldError[] {
  const single = rulesOf(definition).flatMap(({ pointer, rule }) => lengthFaults(rule, terms, pointer));
  if (single.length > 0 || "rule" in definition) return single;
  return faultsOf(familyOfSegment("x", definition, terms).sql(0, 1).text, "/segments");
}

function faultsOf(text: string, pointer: string): FieldError[] {
  if (text.length <= MOST) return [];
  const kilobytes = Math.ceil(text.length / 1_000);
  const detail = `is too long for the database: ${kilobytes} kB of SQL, of ${MOST / 1_000} at most; use fewer conditions and filters`;
  return [{ pointer, detail }];
}
