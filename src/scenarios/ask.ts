import { cartValue } from "../commerce/cart";
import type { Contender } from "../decisions/arbitration";
import { ranked } from "../decisions/arbitration";
import type { Attempt } from "../decisions/caps";
import { withAttempt } from "../decisions/caps";
import type { Decision, GatePolicy, Intent } from "../decisions/gate";
import { decide } from "../decisions/gate";
import type { Subject } from "../decisions/question";
import { expectedValue } from "../decisions/worth";
import type { Facts } from "../segments/facts";
import { parseMajor } from "../shared/money";
import type { Wanted } from "./advance";
import type { ScenarioDefinition } from "./definition";
import type { HeldSend, Run } from "./state";

/** A message that somebody's run wants to leave, until the gate is asked about all that came up together. */
export interface Ask {
  readonly by: Run | HeldSend;
  readonly definition: ScenarioDefinition;
  readonly wanted: Wanted;
  readonly plannedAt: number;
  /** How many effects came before it: its decision stands behind them. */
  readonly place: number;
}

/** What the gate said to one. */
export interface Answered {
  readonly ask: Ask;
  readonly run: string;
  readonly intent: Intent;
  readonly decision: Decision;
}

/** What the gate is asked under. */
export interface Asking {
  readonly policy: (definition: ScenarioDefinition) => GatePolicy;
  readonly factsOf: (by: Run | HeldSend) => Facts;
  readonly now: number;
}

/** The run that a message is of. */
export function runOf(by: Run | HeldSend): string {
  return "run" in by ? by.run : by.id;
}

/** What a message of it would be about, as far as the gate asks. */
function subjectOf(by: Run | HeldSend, shop: string): Subject | undefined {
  if ("run" in by) return by.subject;
  const { about } = by;
  if (!about) return undefined;
  const [order, product, sku] = [textOf(about["order_id"]), textOf(about["product_id"]), textOf(about["sku"])];
  const couponUntil = Date.parse(textOf(about["coupon_until"]) ?? "");
  const price = loweredPrice(about, shop);
  const subject: Subject = {
    ...(order !== undefined && { order }),
    ...(product !== undefined && { product }),
    ...(sku !== undefined && { sku }),
    ...(price !== null && { price }),
    ...(!Number.isNaN(couponUntil) && { couponUntil }),
  };
  return Object.keys(subject).length > 0 ? subject : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** The price that began a run, where that is lower than the one before. */
function loweredPrice(
  { price, price_before: before, currency }: NonNullable<Run["about"]>,
  shop: string,
): number | null {
  if (typeof price !== "number" || typeof before !== "number" || price >= before) return null;
  return parseMajor(price, textOf(currency) ?? shop);
}

/** What a message is expected to earn: by the open cart that its run is about, where it is about one. */
function expectedOf(by: Run | HeldSend, { earnings }: GatePolicy, { commerce: { cart }, shop }: Facts): number {
  const isAbout = by.cart !== null && by.cart !== undefined && cart?.id === by.cart && cart.currency === shop.currency;
  return expectedValue(earnings?.[by.scenario], isAbout && cart ? cartValue(cart) : null);
}

/** The intent that comes of it. */
export function intentOf({ by, definition, wanted, plannedAt }: Ask, policy: GatePolicy, facts: Facts): Intent {
  const { block, channel, content } = wanted;
  const about = subjectOf(by, facts.shop.currency);
  const value = definition.class === "marketing" ? expectedOf(by, policy, facts) : 0;
  return {
    run: runOf(by),
    scenario: by.scenario,
    block,
    channel,
    content,
    class: definition.class,
    plannedAt,
    leaveBy: plannedAt + policy.maxLatenessMs,
    priority: definition.priority,
    ...(value > 0 && { value }),
    ...(definition.weight !== undefined && { weight: definition.weight }),
    ...(about && { about }),
    ...("run" in by && by.reason !== undefined && { heldFor: by.reason }),
  };
}

/**
 * Asks the gate about messages of one contact that came up together: the most valuable first, so that it is the others who
 * meet the caps that it fills.
 */
export function askGate(
  asks: readonly Ask[],
  sent: readonly Attempt[],
  { policy, factsOf, now }: Asking,
): { readonly answers: readonly Answered[]; readonly sent: readonly Attempt[] } {
  let attempts = sent;
  const wanted = asks.map((ask) => {
    const limits = policy(ask.definition);
    const facts = factsOf(ask.by);
    return { ask, limits, facts, intent: intentOf(ask, limits, facts) };
  });
  const contender = ({ ask: { definition, plannedAt }, intent: { value } }: (typeof wanted)[number]): Contender => {
    return { ...definition, plannedAt, value };
  };
  const answers = ranked(wanted, contender, now).map(({ ask, limits, facts, intent }): Answered => {
    const decision = decide(intent, facts, limits, now, attempts);
    // Nothing is kept for a shop without caps; the permit counts by the database in any case.
    if (limits.sending && decision.outcome === "send" && intent.class === "marketing") {
      attempts = withAttempt(attempts, { at: now, channel: intent.channel, weight: intent.weight ?? 1 });
    }
    return { ask, run: intent.run, intent, decision };
  });
  return { answers, sent: attempts };
}
