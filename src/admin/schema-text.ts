/** A JSON Schema as far as the reference page reads it. */
export interface ReadableSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, ReadableSchema>>;
  readonly required?: readonly string[];
  readonly items?: ReadableSchema;
  readonly additionalProperties?: boolean | ReadableSchema;
  readonly oneOf?: readonly ReadableSchema[];
  readonly anyOf?: readonly ReadableSchema[];
  readonly allOf?: readonly ReadableSchema[];
}

/** A piece of a schema's text: plain, or the name of another schema to lead to. */
export type Piece = string | { readonly schema: string };

/** A schema as one would write its type: short, every field on its line with what is said of it. */
export function schemaText(schema: ReadableSchema, indent = ""): Piece[] {
  if (schema.$ref !== undefined) return [{ schema: schema.$ref.split("/").at(-1) ?? "" }];
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return join(choices, ` |\n${indent}`, indent);
  if (schema.allOf) return join(schema.allOf, " & ", indent);
  if (schema.const !== undefined) return [JSON.stringify(schema.const)];
  if (schema.enum) return [schema.enum.map((value) => JSON.stringify(value)).join(" | ")];
  const types = [schema.type ?? "unknown"].flat();
  return types.flatMap((type, index) => [...(index > 0 ? [" | "] : []), ...typeText(type, schema, indent)]);
}

function join(schemas: readonly ReadableSchema[], between: string, indent: string): Piece[] {
  return schemas.flatMap((schema, index) => [...(index > 0 ? [between] : []), ...schemaText(schema, indent)]);
}

function typeText(type: string, schema: ReadableSchema, indent: string): Piece[] {
  if (type === "array") return [...schemaText(schema.items ?? {}, indent), "[]"];
  if (type !== "object") return [schema.format === undefined ? type : `${type} (${schema.format})`];
  const fields = Object.entries(schema.properties ?? {});
  const more = schema.additionalProperties;
  if (fields.length === 0) {
    return typeof more === "object" ? ["{ [name]: ", ...schemaText(more, indent), " }"] : ["{ … }"];
  }
  const deeper = `${indent}  `;
  const lines = fields.flatMap(([name, field]): Piece[] => {
    const optional = schema.required?.includes(name) ? "" : "?";
    const said = field.description === undefined ? "" : `  — ${field.description}`;
    return [`\n${deeper}${name}${optional}: `, ...schemaText(field, deeper), said];
  });
  return ["{", ...lines, `\n${indent}}`];
}
