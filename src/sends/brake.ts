import type { Brake } from "../decisions/brake";
import { HOUR, MINUTE, SECOND } from "../shared/clock";

/** What one call to a provider came to, as far as its channel is concerned. */
export interface CallResult {
  readonly state: string;
  readonly reason?: string | null;
  readonly afterMs?: number | null;
}

/** Refusals that are about the account and not about a message: all others would meet the same. */
const WHOLE =
  /^(?:rate_limit_exceeded|daily_quota_exceeded|monthly_quota_exceeded|too_many_connections|smtp_auth|smtp_4(?:21|54))$|_40[13]$/;
/** Failures in a row that open the circuit. */
const FAILURES = 5;
const FIRST_PAUSE = 15 * SECOND;
const LONGEST_PAUSE = 10 * MINUTE;
const ACCOUNT_PAUSE = 5 * MINUTE;

/** The reason of a message whose turn did not come in time: nobody was asked, so that it says nothing of the provider. */
export const OWN_PACE = "channel_busy";

/** True for a refusal that holds for the whole channel. */
export function holdsAll({ state, reason }: CallResult): boolean {
  return state === "retry" && WHOLE.test(reason ?? "");
}

/** True where the provider did not answer, or fell over. */
function isDown({ state }: CallResult): boolean {
  return state === "retry" || state === "unknown";
}

/** What is known of a channel's provider, beside what is stored. */
export interface Health {
  /** Calls that failed since the last that did not. */
  readonly failures: number;
}

/**
 * What a call changes: the channel's health, and its brake where it begins (`null`: it ends; `undefined`: as it was).
 * A quota or a rate holds as long as the provider says; a provider that fails again and again is left alone for a while,
 * twice as long each time, and one call then finds out whether it is back.
 */
export function afterCall(
  health: Health,
  known: Brake | undefined,
  result: CallResult,
  now: number,
): { readonly health: Health; readonly brake: Brake | null | undefined } {
  const { reason = null, afterMs = null } = result;
  if (reason === OWN_PACE) return { health, brake: undefined };
  if (holdsAll(result)) {
    const pause =
      afterMs ?? (reason?.endsWith("quota_exceeded") ? HOUR : reason?.startsWith("rate") ? SECOND : ACCOUNT_PAUSE);
    return { health, brake: later(known, { until: now + pause, reason: reason ?? "refused", times: 1 }) };
  }
  if (!isDown(result)) return { health: { failures: 0 }, brake: known && known.until <= now ? null : undefined };
  const failures = health.failures + 1;
  // Behind a pause that is over, the first failure says that the provider is still away.
  const again =
    known !== undefined && known.reason === "circuit_open" && known.until <= now && now - known.until < LONGEST_PAUSE;
  if (failures < FAILURES && !again) return { health: { failures }, brake: undefined };
  const times = again ? known.times + 1 : 1;
  const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (times - 1));
  return { health: { failures: 0 }, brake: later(known, { until: now + pause, reason: "circuit_open", times }) };
}

function later(known: Brake | undefined, wanted: Brake): Brake | undefined {
  return known && known.until >= wanted.until ? undefined : wanted;
}
