import * as z from "zod";
import type { BlockDefinition } from "../scenarios/block";
import { BLOCKS } from "../scenarios/blocks";
import { definitionInput } from "../scenarios/definition";
import { TEMPLATES } from "../scenarios/templates";
import { CONDITIONS } from "../segments/conditions";
import { readerOf } from "../segments/reader";

type JsonSchema = Record<string, unknown>;

const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/** A zod schema as JSON Schema whose only recursion, the rule, refers to the component of that name. */
function schemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _schema, $defs: _rule, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return JSON.parse(
    JSON.stringify(rest).replaceAll(/"#\/\$defs\/[^"]+"/g, '"#/components/schemas/Rule"'),
  ) as JsonSchema;
}

function object(properties: JsonSchema, required: readonly string[], more: JsonSchema = {}): JsonSchema {
  return { type: "object", properties, required, additionalProperties: false, ...more };
}

function conditionSchema([name, { params, describe, example }]: [
  string,
  (typeof CONDITIONS)[keyof typeof CONDITIONS],
]) {
  const { properties = {}, required = [] } = schemaOf(params) as { properties?: JsonSchema; required?: string[] };
  const about = {
    description: `For example: ${describe(example, readerOf("en"))}.`,
    examples: [{ type: name, ...Object(example) }],
  };
  return object({ type: { const: name }, ...properties }, ["type", ...required], about);
}

function blockSchema([type, block]: [string, BlockDefinition<unknown>]): JsonSchema {
  const target = { type: "string" };
  const next =
    typeof block.outputs === "function"
      ? { type: "object", additionalProperties: target }
      : object(Object.fromEntries(block.outputs.map((output) => [output, target])), []);
  const description = `${block.title.en}. For example: ${block.describe(block.example, "en")}`;
  const properties = { type: { const: type }, params: schemaOf(block.params), next };
  return object(properties, ["type"], { description });
}

/** Components of the document that are made from the catalogs of blocks, conditions and templates. */
export function graphSchemas(): Record<string, JsonSchema> {
  const list = { type: "array", items: ref("Rule") };
  const groups = [
    object({ all: list }, ["all"]),
    object({ any: list }, ["any"]),
    object({ not: ref("Rule") }, ["not"]),
  ];
  const conditions = Object.entries(CONDITIONS).map(conditionSchema);
  const definition = schemaOf(definitionInput) as { properties: JsonSchema };
  const fromTemplate = object(
    {
      template: { enum: Object.keys(TEMPLATES) },
      preset: { type: "string" },
      params: { type: "object", description: "Over those of the preset; see GET /api/templates." },
      name: { type: "string", maxLength: 120 },
    },
    ["template"],
    { examples: [{ template: "abandoned-cart", preset: "fast", params: { inactivity: { duration: "PT30M" } } }] },
  );
  return {
    Rule: { description: "A tree of conditions; `{all: []}` is everybody.", anyOf: [...groups, ...conditions] },
    Block: {
      description: "`next` names the block behind each output.",
      oneOf: Object.entries(BLOCKS).map(blockSchema),
    },
    ScenarioDefinition: {
      ...definition,
      properties: {
        ...definition.properties,
        filter: ref("Rule"),
        blocks: { type: "object", description: "At most 100, by name.", additionalProperties: ref("Block") },
      },
    },
    ScenarioSource: { oneOf: [fromTemplate, object({ definition: ref("ScenarioDefinition") }, ["definition"])] },
  };
}
