import { audienceAdd, audienceRemove } from "./audience";
import { awardPoints } from "./award-points";
import { beginScenario } from "./begin-scenario";
import { emitEvent } from "./emit-event";
import { issueCouponAct } from "./issue-coupon";
import { lookUp } from "./look-up";
import type { Performer } from "./performer";
import { subscribe, suppress, unsubscribe } from "./subscription";
import { taskCreate } from "./task-create";
import { updateProfile } from "./update-profile";
import { webhook } from "./webhook";

/** Who does what, by the kind of the act. The one place to add one. */
export const PERFORMERS: Readonly<Record<string, Performer>> = {
  "audience.add": audienceAdd,
  "audience.remove": audienceRemove,
  "award.points": awardPoints,
  "begin.scenario": beginScenario,
  "emit.event": emitEvent,
  "issue.coupon": issueCouponAct,
  look_up: lookUp,
  subscribe,
  suppress,
  "task.create": taskCreate,
  unsubscribe,
  "update.profile": updateProfile,
  webhook,
};

/** Who does acts of a kind; undefined for one of another release. */
export function performerOf(kind: string): Performer | undefined {
  return Object.hasOwn(PERFORMERS, kind) ? PERFORMERS[kind] : undefined;
}
