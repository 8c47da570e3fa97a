import * as z from "zod";
import type { Words } from "../shared/language";
import type { Collection } from "./collection";
import { condition } from "./condition";
import { atLeast } from "./counted";
import type { Filter } from "./field";
import { readsFor } from "./figure";
import { filtersInput } from "./filter";
import { hinted } from "./hint";
import { phrases } from "./phrase";
import { inWords } from "./reader";
import { chosenRows, overRows, WHERE } from "./rows";
import { shown } from "./shown";

/** Whether the one row that somebody has of a collection passes: the condition behind `loyalty.tier` and its like. */
export function existsOf(collection: Collection, verb: Words, example: { readonly where: readonly Filter[] }) {
  const { fields } = collection;
  return condition({
    title: collection.words.one,
    params: z.strictObject({ where: hinted(filtersInput(fields), { words: WHERE }) }),
    describe: ({ where }, reader) => `${inWords(verb, reader)} (${phrases(fields, where, reader)})`,
    test: (facts, { where }, moment) => chosenRows(collection, { where }, facts, moment).length > 0,
    sql: ({ where }, c) => overRows(collection, { where }, atLeast(1), c),
    found(facts, { where }, moment, reader) {
      const [row] = chosenRows(collection, {}, facts, moment);
      const asked = [...new Set(where.map(({ field }) => field))];
      return asked
        .map((name) => {
          const field = fields[name];
          return field ? `${inWords(field.words, reader)} ${shown(field.type, row?.[name] ?? null, reader)}` : name;
        })
        .join(", ");
    },
    reads: ({ where }) => readsFor(collection, { where }),
    example,
  });
}
