import { rule as ruleSchema } from "../admin/rule-schema";
import { STAR_TABLES } from "../contacts/star";
import { readyTables } from "../contacts/star/custom-store";
import { tableKey } from "../contacts/star/table";
import { definitionFaults } from "../segments/length";
import { ruleFaults } from "../segments/rule";
import type { SegmentDefinition } from "../segments/segment";
import { inputsWith } from "../segments/segment";
import { countTarget } from "../segments/target-store";
import type { Services } from "../services";
import { readSnapshot } from "../services/segments/families";
import type { FieldError } from "../shared/fault";
import { pointersOf } from "../shared/pointer";
import type { Suggestions } from "./rule/sheet";
import type { SegmentDraft } from "./segment-draft";
import { inputOf, rulesIn } from "./segment-draft";
import { inLanguage, namesOf } from "./segment-names";
import type { NamedContact } from "./segment-store";
import { countParts, nameContacts, suggestedValues } from "./segment-store";
import type { View } from "./view";

const { simple, exclusive } = inputsWith(ruleSchema);

/** A draft as the API would take it, or what is wrong with it. */
export type Checked =
  | { readonly key: string; readonly name: string; readonly definition: SegmentDefinition }
  | { readonly errors: readonly FieldError[] };

/** Reads a draft as the API would. The shop's tables must have been read. */
export function checkDraft(services: Services, draft: SegmentDraft): Checked {
  const input = inputOf(draft);
  const parsed = draft.isSimple ? simple.safeParse(input) : exclusive.safeParse(input);
  if (!parsed.success) return { errors: pointersOf(parsed.error) };
  const errors = rulesIn(input).flatMap(({ pointer, rule }) =>
    ruleFaults(rule, services.terms).map((fault) => ({ ...fault, pointer: pointer + fault.pointer })),
  );
  if (errors.length > 0) return { errors };
  const { key, name, ...definition } = parsed.data;
  const long = definitionFaults(definition, services.terms);
  return long.length > 0 ? { errors: long } : { key, name, definition };
}

/** Whom a draft would hold by now. */
export interface Preview {
  readonly counts: ReadonlyMap<string, number>;
  readonly total: number;
  /** How many more there would be without the filter of active profiles; null where nobody counted them. */
  readonly inactive: number | null;
  readonly sample: readonly NamedContact[];
}

const SAMPLED = 5;

/** Counts whom a draft would hold; its names and keys need not be there yet. Null where a rule is not right. */
export async function previewDraft(services: Services, draft: SegmentDraft): Promise<Preview | null> {
  const parts = draft.parts.map((part, index) => ({ ...part, key: `part-${index}`, name: "-" }));
  const rest = draft.rest && { key: "rest", name: "-" };
  const checked = checkDraft(services, { ...draft, key: "preview", name: "-", parts, rest });
  if ("errors" in checked) return null;
  const { env, clock, terms } = services;
  const { definition } = checked;
  if ("rule" in definition) {
    const { count, inactive, sample } = await countTarget(env.DB, definition, clock.now(), terms, SAMPLED);
    const named = await nameContacts(env.DB, sample);
    return { counts: new Map([["part-0", count]]), total: count, inactive, sample: named };
  }
  const counts = await countParts(env.DB, definition, clock.now(), terms);
  return { counts, total: [...counts.values()].reduce((sum, one) => sum + one, 0), inactive: null, sample: [] };
}

const MOST = 200;

/** Values that rules can ask for, as lists to choose from. */
export async function suggestionsFor(services: Services, view: View): Promise<Suggestions> {
  const { DB } = services.env;
  const [values, { families }, own] = await Promise.all([
    suggestedValues(DB, MOST),
    readSnapshot(services),
    readyTables(DB),
  ]);
  const tables = [...Object.values(STAR_TABLES), ...own.values()].filter(({ contact }) => contact !== "none");
  const columns = tables.flatMap((table) =>
    Object.entries(table.columns).flatMap(([name, { type }]) =>
      type === "time" ? [{ value: name, text: table.title[view.language] }] : [],
    ),
  );
  return {
    ...values,
    family: families
      .map((family) => inLanguage(family, view.language))
      .map(({ key, name }) => ({ value: key, text: name })),
    segment: namesOf(families, view.language).map(({ segment, name }) => ({ value: segment, text: name })),
    table: tables.map((table) => ({ value: tableKey(table), text: table.title[view.language] })),
    time_column: columns,
  };
}
