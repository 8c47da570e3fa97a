import type { Services } from "../../services";
import { Fault } from "../../shared/fault";
import type { Mapping } from "./mapping";
import { findStoredMapping } from "./mapping-store";
import { readyMapping } from "./ready-mappings";

/**
 * The mapping of a name, as it is now: the shop's own, or one that the product brings, whose times are those of the
 * shop's clock. Throws unprocessable where there is none, or where it is for another kind.
 */
export async function mappingNamed({ env, config }: Services, name: string, kind: string): Promise<Mapping> {
  const stored = await findStoredMapping(env.DB, name);
  const ready = readyMapping(name);
  const definition = stored?.definition ?? (ready && { timezone: config.SHOP_TIMEZONE, ...ready.definition });
  const refused = (detail: string): Fault =>
    new Fault("unprocessable", "The file cannot be read by this mapping.", [{ pointer: "/mapping", detail }]);
  if (!definition) throw refused("is no mapping: store it at /api/mappings first");
  if (definition.kind !== undefined && definition.kind !== kind) throw refused(`is for the kind ${definition.kind}`);
  return definition;
}
