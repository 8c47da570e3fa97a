import type * as z from "zod";
import { attribute } from "../../segments/conditions/attribute";
import { askBlock } from "./ask";

export const ifAttribute = askBlock({
  title: { en: "If an attribute says so", fr: "Si un attribut le dit" },
  icon: "≟",
  params: attribute.params as z.ZodType<Readonly<Record<string, unknown>>>,
  rule: (params) => ({ ...params, type: "attribute" }),
  example: { name: "shoe_size", as: "number", op: "gte", value: 42 },
});
