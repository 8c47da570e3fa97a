import type { LineContext } from "./kind";
import { statedTime, TIME_FORMS } from "./stated-time";
import { textOf, yesOrNo } from "./value";

const CHANNELS = ["email", "sms", "push"] as const;

/**
 * The consents that a line states, as traits of an identify call. A grant needs its source and its date, in the line
 * or attested for the whole file; without them it counts as none. A refusal always counts.
 */
export function consentsOf(
  value: Readonly<Record<string, unknown>>,
  { receivedAt, attested }: LineContext,
  warnings: string[],
): Readonly<Record<string, unknown>> {
  const given = CHANNELS.filter((channel) => isStated(value, channel, warnings) === true);
  const refused = CHANNELS.filter((channel) => yesOrNo(value[`consent_${channel}`]) === false);
  const source = textOf(value["consent_source"]);
  const at = statedTime(value["consent_at"]);
  if (at === null && textOf(value["consent_at"]) !== null) warnings.push(`consent_at is not a time: ${TIME_FORMS}`);
  const proof = source !== null && at !== null && at <= receivedAt ? { source, at } : attested;
  for (const channel of proof ? [] : given) {
    warnings.push(`consent_${channel} counts as none: its source and date are missing or no date of the past`);
  }
  const stated = [
    ...refused.map((channel) => [channel, false]),
    ...(proof ? given : []).map((channel) => [channel, true]),
  ];
  if (stated.length === 0) return {};
  const wording = textOf(value["consent_wording"]);
  return {
    consent: Object.fromEntries(stated) as Record<string, boolean>,
    ...(proof ? { consent_source: proof.source, consent_at: proof.at } : source !== null && { consent_source: source }),
    ...(wording !== null && { consent_wording: wording }),
  };
}

function isStated(value: Readonly<Record<string, unknown>>, channel: string, warnings: string[]): boolean | null {
  const name = `consent_${channel}`;
  const stated = yesOrNo(value[name]);
  if (stated === null && textOf(value[name]) !== null)
    warnings.push(`${name} is neither yes nor no and counts as none`);
  return stated;
}
