import { startTarget } from "./blocks/start-targeting";
import { DateCalendar } from "./date-calendar";
import type { LiveScenario } from "./live";
import { triggerOf } from "./live";
import { changesDoor } from "./rehearsal-changes";
import type { Door, People } from "./rehearsal-door";
import { dateDoor, targetDoor } from "./rehearsal-door";

/** The door of a scenario that starts on a target, a date or a change of the catalogue; null for any other. Nobody comes in before `from`. */
export function doorOf({ id, definition }: LiveScenario, from: number, people: People): Door | null {
  const trigger = triggerOf(definition);
  if (trigger?.kind === "targeting") {
    const target = startTarget(definition.blocks[definition.start]?.params);
    return targetDoor(id, target, from, trigger.everyMs, people);
  }
  if (trigger?.kind === "catalogue") return people.shop ? changesDoor(id, trigger, from, people, people.shop) : null;
  return trigger?.kind === "date" ? dateDoor(id, new DateCalendar(trigger.date, people.factsOf), from) : null;
}
