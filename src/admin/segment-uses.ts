import { mentionsOf, placesIn, tablesIn } from "../scenarios/segment-use";
import { listSegments } from "../segments/segment-store";
import type { Services } from "../services";

/** Something that looks at a segment or a table. */
export interface SegmentUse {
  readonly kind: "segment" | "scenario";
  readonly id: string;
  readonly name: string;
}

/** Where segments are in use, by their keys: by other segments, and by scenarios that run or wait. */
export async function readUses(services: Services): Promise<(key: string) => readonly SegmentUse[]> {
  const users = await readUsers(services);
  return (key) => users.filter(({ id, part }) => id !== key && mentionsOf(part).includes(key));
}

/** Where some segments of a family are in use. */
export async function usesOfParts(
  services: Services,
  key: string,
  parts: readonly string[],
): Promise<readonly SegmentUse[]> {
  const looks = ({ family, segment }: { family: string; segment: string }) => family === key && parts.includes(segment);
  return (await readUsers(services)).filter(({ id, part }) => id !== key && placesIn(part).some(looks));
}

/** Where a table is in use. */
export async function usesOfTable(services: Services, table: string): Promise<readonly SegmentUse[]> {
  return (await readUsers(services)).filter(({ part }) => tablesIn(part).includes(table));
}

/** Uses as a refusal names them. */
export function inWords(uses: readonly SegmentUse[]): string {
  return uses
    .map(({ kind, id, name }) => (kind === "segment" ? `segment ${id}` : `scenario ${id} (${name})`))
    .join("; ");
}

/** Everything that looks at segments and tables. */
async function readUsers(services: Services): Promise<readonly (SegmentUse & { readonly part: unknown })[]> {
  const stored = (await listSegments(services.env.DB)).filter(({ state }) => state === "ready");
  const { playbook } = await services.briefings.read();
  return [
    ...stored.map(({ key: id, name, definition: part }) => ({ kind: "segment" as const, id, name, part })),
    ...playbook.live
      .flatMap(({ id, definition, challenger }) =>
        [definition, ...(challenger ? [challenger.definition] : [])].map((part) => ({ id, part })),
      )
      .map(({ id, part }) => ({ kind: "scenario" as const, id, name: part.name, part })),
  ];
}
