import type { StoredScenario } from "../scenarios/admin-store";
import { kindsBefore } from "../scenarios/admin-store";
import type { TakeOverChoice } from "../scenarios/publishing";
import type { Services } from "../services";
import { Fault } from "../shared/fault";
import { jsonPointer } from "../shared/pointer";

/** Throws unprocessable with every name by which no run of an earlier version could go on in the draft. */
export async function checkMapping(
  { env }: Services,
  draft: StoredScenario,
  { blocks }: TakeOverChoice,
): Promise<void> {
  const { definition, draftVersion, id } = draft;
  const names = Object.entries(blocks);
  if (names.length === 0) return;
  const kinds = await kindsBefore(env.DB, id, draftVersion);
  const listed = names.flatMap(([from, to]) => {
    const before = kinds.get(from);
    const after = Object.hasOwn(definition.blocks, to) ? definition.blocks[to]?.type : undefined;
    const detail =
      after === undefined
        ? "names no block of the draft"
        : !before
          ? "is no block of an earlier version"
          : before.includes(after)
            ? null
            : `names a block of another kind: ${before.join(" or ")} cannot go on as ${after}`;
    return detail === null ? [] : [{ pointer: jsonPointer(["blocks", from]), detail }];
  });
  if (listed.length > 0) throw new Fault("unprocessable", "Runs cannot go on at these blocks of the draft.", listed);
}
