import type { FieldError } from "../../shared/fault";
import { jsonPointer, pointersOf } from "../../shared/pointer";
import type { ScenarioDefinition } from "../definition";
import { abandonedCart } from "./abandoned-cart";
import { secondPurchase } from "./second-purchase";
import type { Template } from "./template";

/** Every template by its key. The one place to add one. */
export const TEMPLATES = {
  "abandoned-cart": abandonedCart,
  "second-purchase": secondPurchase,
} as const satisfies Record<string, Template<unknown>>;

export type TemplateKey = keyof typeof TEMPLATES;

export type Built =
  | { readonly ok: true; readonly definition: ScenarioDefinition }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

/**
 * A scenario out of a template. What `params` states goes over the preset, and both over the defaults.
 * Pointers of the errors start at the request: `/preset`, `/params/…`.
 */
export function buildTemplate(
  key: TemplateKey,
  preset: string | undefined,
  params: Readonly<Record<string, unknown>> = {},
): Built {
  const chosen: Template<unknown> = TEMPLATES[key];
  if (preset !== undefined && !Object.hasOwn(chosen.presets, preset)) {
    const detail = `is none of ${Object.keys(chosen.presets).join(", ")}`;
    return { ok: false, errors: [{ pointer: jsonPointer(["preset"]), detail }] };
  }
  const given = { ...(preset === undefined ? {} : chosen.presets[preset]?.params), ...params };
  const parsed = chosen.params.safeParse(given);
  if (!parsed.success) return { ok: false, errors: pointersOf(parsed.error, ["params"]) };
  return { ok: true, definition: chosen.build(parsed.data) };
}
