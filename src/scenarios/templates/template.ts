import type * as z from "zod";
import type { Words } from "../../shared/language";
import type { ScenarioDefinition } from "../definition";

/** A choice of parameters with a name of its own; what a shop states itself goes over it. */
export interface Preset {
  readonly title: Words;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A scenario that is ready to be used. Adding one is a file here and a line in the catalog. */
export interface Template<Params> {
  readonly title: Words;
  readonly description: Words;
  /** Where the gallery shows it: what every shop needs, or what may give it an idea. */
  readonly tab: "essentials" | "inspirations";
  readonly presets: Readonly<Record<string, Preset>>;
  /** Every parameter has a default, so that an empty object builds a scenario. */
  readonly params: z.ZodType<Params>;
  readonly build: (params: Params) => ScenarioDefinition;
}

/** Keeps a template's own parameter type inside the catalog. */
export function template<Schema extends z.ZodType>(
  definition: Template<z.output<Schema>> & { readonly params: Schema },
): Template<unknown> {
  return definition as Template<unknown>;
}
