import { placesIn, tablesIn } from "../scenarios/segment-use";
import { listSegments } from "../segments/segment-store";
import type { Services } from "../services";

/** Where some segments of a family are in use: by other segments, and by scenarios that run or wait. */
export function usesOfParts(services: Services, family: string, parts: readonly string[]): Promise<string[]> {
  return users(services, family, (part) =>
    placesIn(part).some((place) => place.family === family && parts.includes(place.segment)),
  );
}

/** Where a table is in use, likewise. */
export function usesOfTable(services: Services, table: string): Promise<string[]> {
  return users(services, null, (part) => tablesIn(part).includes(table));
}

async function users(services: Services, but: string | null, looks: (part: unknown) => boolean): Promise<string[]> {
  const segments = (await listSegments(services.env.DB)).flatMap(({ key, state, definition }) =>
    key !== but && state === "ready" && looks(definition) ? [`segment ${key}`] : [],
  );
  const { playbook } = await services.briefings.read();
  const scenarios = playbook.live.flatMap(({ id, definition }) =>
    looks(definition) ? [`scenario ${id} (${definition.name})`] : [],
  );
  return [...segments, ...scenarios];
}
