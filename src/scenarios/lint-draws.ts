import { placesOfAll } from "../segments/rule";
import { blockDefinition } from "./blocks";
import type { ScenarioDefinition } from "./definition";

/** A draw of so many from all contacts would be made anew at every event of a contact, and change with who is new. */
export function drawsOfAll({ blocks, start, filter }: ScenarioDefinition) {
  const asked = Object.entries(blocks).map(([block, { type, params }]) => ({
    block,
    rules: blockDefinition(type)?.traits(params).asks ?? [],
  }));
  const faults = [...asked, { block: start, rules: [filter] }].filter(({ rules }) =>
    rules.some((rule) => placesOfAll(rule).length > 0),
  );
  return faults.map(({ block }) => ({
    level: "error" as const,
    code: "draw_of_all",
    message: {
      en: `A rule at “${block}” draws a number of all contacts, which cannot be asked of one: draw so many percent.`,
      fr: `Une règle de « ${block} » tire un nombre de tous les contacts, ce qui ne se demande pas d’un seul : tirez un pourcentage.`,
    },
    path: [block],
  }));
}
