import type { BlockTraits } from "./block";
import { blockDefinition } from "./blocks";
import type { ScenarioDefinition } from "./definition";
import { nextBlocks } from "./graph";

/** Channels that ring: the law of some countries gives them days and hours. */
const RINGING: ReadonlySet<string> = new Set(["sms", "push"]);

/** A block on the way, and whether the last wait before it was for hours at which a phone may ring. */
interface Place {
  readonly block: string;
  readonly isQuiet: boolean;
  readonly way: readonly string[];
}

/**
 * Marketing that can ring at night, on a Sunday or on a public holiday: some way leads to it on which the last wait is not for
 * the days and hours that France leaves open, the strictest of the countries that the product knows.
 */
export function ringsAtAnyHour(definition: ScenarioDefinition) {
  if (definition.class !== "marketing") return [];
  return waysToRinging(definition).map((way) => {
    const block = way.at(-1) ?? "";
    return {
      level: "error" as const,
      code: "rings_at_any_hour",
      message: {
        en: `“${block}” can ring at night, on a Sunday or a public holiday: wait for days and hours right before it, Monday to Saturday between 08:00 and 20:00.`,
        fr: `« ${block} » peut sonner la nuit, un dimanche ou un jour férié : attendez juste avant des jours et des heures, du lundi au samedi entre 08:00 et 20:00.`,
      },
      path: way,
    };
  });
}

/** The shortest way to each block that rings and is not behind such a wait. */
function waysToRinging({ start, blocks }: ScenarioDefinition): readonly (readonly string[])[] {
  const seen = new Set<string>();
  const found = new Map<string, readonly string[]>();
  const line: Place[] = [{ block: start, isQuiet: false, way: [start] }];
  for (const { block, isQuiet, way } of line) {
    const key = `${block} ${isQuiet}`;
    const node = Object.hasOwn(blocks, block) ? blocks[block] : undefined;
    const known = node && blockDefinition(node.type);
    if (!node || !known || seen.has(key)) continue;
    seen.add(key);
    const { sends, opens } = known.traits(node.params);
    const rings = sends?.some(({ channel }) => RINGING.has(channel)) === true;
    if (rings && !isQuiet && !found.has(block)) found.set(block, way);
    const after = known.category === "wait" ? opens !== undefined && isByDay(opens) : isQuiet;
    for (const next of nextBlocks(node)) line.push({ block: next, isQuiet: after, way: [...way, next] });
  }
  return [...found.values()];
}

/** Within what mission spec §9.3 leaves open in France. */
function isByDay({ days, from, to, skipsHolidays }: NonNullable<BlockTraits["opens"]>): boolean {
  return skipsHolidays && !days.includes("sun") && from >= "08:00" && to <= "20:00" && from < to;
}
