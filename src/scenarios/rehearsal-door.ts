import type { Happening } from "../events/projection";
import type { Facts } from "../segments/facts";
import type { Target } from "../segments/target";
import { testTarget } from "../segments/target";
import type { DateCalendar } from "./date-calendar";
import type { PastShop } from "./rehearsal-caring";

/** Something that happens to a contact and is no event of theirs: a target, a date or a segment lets them in. */
export interface Call {
  readonly contact: number;
  /** Epoch ms. */
  readonly at: number;
  readonly happening: Happening;
}

/** Everybody as they are at a moment of virtual time. */
export interface People {
  readonly factsOf: (contact: number) => Facts | undefined;
  readonly everybody: () => Iterable<readonly [number, Facts]>;
  /** Whether somebody has been let into a scenario before: they are not looked for again. */
  readonly hasBeenIn: (contact: number, scenario: string) => boolean;
  /** Left out where nobody waits for a change of the catalogue. */
  readonly shop?: PastShop | undefined;
}

/** A way into a scenario that opens by itself. */
export interface Door {
  /** When it opens next, epoch ms; null for never. */
  readonly next: () => number | null;
  /** Whom it lets in by then, its next opening; it moves on to the one after. */
  readonly open: (at: number) => readonly Call[];
  /** It opens behind what the shop and its people say at the same moment: that is part of what it asks. */
  readonly isLate?: true;
  /** Looks at a contact who may have changed. */
  readonly note?: (contact: number, at: number) => void;
}

function entering(contact: number, scenario: string, at: number, key: string): Call {
  return { contact, at, happening: { type: "enter", at, scenario, key } };
}

/** Opens once in a while, for whom a target matches by then and who has not been in. */
export function targetDoor(scenario: string, target: Target, from: number, everyMs: number, people: People): Door {
  let next = from;
  return {
    next: () => next,
    open(at) {
      next = at + everyMs;
      const matching = [...people.everybody()].filter(([contact, facts]) => {
        return !people.hasBeenIn(contact, scenario) && testTarget(target, facts, at);
      });
      return matching.map(([contact]) => entering(contact, scenario, at, "once"));
    },
  };
}

/** Opens whenever a date of somebody falls. */
export function dateDoor(scenario: string, dates: DateCalendar, from: number): Door {
  return {
    next: () => dates.next,
    open(until) {
      const fallen = dates.take(until);
      // History only sets the scene.
      if (!fallen || fallen.at < from) return [];
      return [entering(fallen.contact, scenario, fallen.at, fallen.key)];
    },
    note: (contact, at) => dates.note(contact, at),
  };
}
