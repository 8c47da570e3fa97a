import { emitEvent } from "./emit-event";
import { issueCouponAct } from "./issue-coupon";
import type { Performer } from "./performer";

/** Who does what, by the kind of the act. The one place to add one. */
export const PERFORMERS: Readonly<Record<string, Performer>> = {
  "emit.event": emitEvent,
  "issue.coupon": issueCouponAct,
};

/** Who does acts of a kind; undefined for one of another release. */
export function performerOf(kind: string): Performer | undefined {
  return Object.hasOwn(PERFORMERS, kind) ? PERFORMERS[kind] : undefined;
}
