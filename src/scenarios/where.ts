import * as z from "zod";
import type { Moment, Terms } from "../segments/compile";
import { cellOf } from "../segments/conditions/attribute";
import { filterFaults } from "../segments/filter";
import { holds } from "../segments/operators";
import { phrase } from "../segments/phrase";
import { readerOf } from "../segments/reader";
import { quoted } from "../segments/shown";
import type { Language } from "../shared/language";

/** What an event's properties have to say for it to count: all of these. */
export type Where = readonly z.output<typeof condition>[];

const condition = z
  .strictObject({
    /** Name of a property, or the way to it: `total`, `shipping.country`. Of a list, one of its elements has to fit. */
    property: z.string().regex(/^[^.\s][^.]{0,79}(\.[^.]{1,80}){0,4}$/, "is not the name of a property"),
    as: z.enum(["text", "number", "boolean", "date"]),
    op: z.string().max(20),
    value: z.unknown().optional(),
  })
  .superRefine(({ as, op, value }, context) => {
    for (const { path, message } of filterFaults({ type: as }, op, value)) {
      context.addIssue({ code: "custom", path: [...path], message });
    }
  });

export const whereInput = z.array(condition).max(20);

/** Whether an event says what is asked for. A property that it lacks is unknown, as anywhere in a rule. */
export function testWhere(
  where: Where | undefined,
  properties: Readonly<Record<string, unknown>> | undefined,
  moment: Moment,
): boolean {
  return (where ?? []).every(({ property, as, op, value }) =>
    valuesAt(properties, property.split(".")).some((found) => holds(as, op, cellOf(found, as), value, moment)),
  );
}

/** What stands at the end of a way through objects and lists; one null where there is nothing. */
function valuesAt(root: unknown, way: readonly string[]): readonly unknown[] {
  let found: readonly unknown[] = [root];
  for (const name of way) {
    found = found.flatMap((one) =>
      Array.isArray(one) ? one.map((element) => memberOf(element, name)) : [memberOf(one, name)],
    );
  }
  const flat = found.flat();
  return flat.length > 0 ? flat : [null];
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : null;
}

/** What is asked of an event's properties, to be put behind its name: ` with a property “total” of at least 100`. */
export function whereWords(where: Where | undefined, language: Language, terms?: Terms): string {
  const reader = readerOf(language, terms);
  const asked = (where ?? []).map(({ property, as, op, value }) => {
    const words = {
      en: `property ${quoted(property, "en")}`,
      fr: `propriété ${quoted(property, "fr")}`,
    };
    return phrase({ type: as, words, feminine: true }, { op, value }, reader, "with");
  });
  return asked.length === 0 ? "" : ` ${asked.join(language === "fr" ? " et " : " and ")}`;
}
