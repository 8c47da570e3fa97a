import * as z from "zod";
import { block } from "../block";
import { whereInput, whereWords } from "../where";

const params = z.strictObject({
  /** A table of the star that hangs on contacts, or one of the shop's own. */
  table: z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, "is not the name of a table"),
  /** `created`: the first time that we are told of a row; `changed`: each time. */
  on: z.enum(["created", "changed"]).default("created"),
  /** What its columns have to say. */
  where: whereInput.optional(),
});

export const startInteraction = block({
  category: "start",
  title: { en: "When a row of a table is told of", fr: "Quand une ligne d’une table est transmise" },
  icon: "▥",
  params,
  outputs: ["next"],
  example: { table: "reviews", on: "created", where: [{ property: "rating", as: "number", op: "lte", value: 2 }] },
  describe({ table, on, where }, language, terms) {
    const asked = whereWords(where, language, terms);
    if (language === "fr") {
      const often = on === "created" ? "pour la première fois" : "chaque fois";
      return `Démarre quand une ligne de « ${table} »${asked} est transmise, ${often}.`;
    }
    const often = on === "created" ? "the first time that" : "each time that";
    return `Starts ${often} a row of “${table}”${asked} is told of.`;
  },
  traits: ({ table }) => ({ table }),
  trigger: ({ table, on, where }) => ({ kind: "row", table, once: on === "created", where }),
  enter: () => ({ do: "go", output: "next" }),
});
