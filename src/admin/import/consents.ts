import type { ConsentKey } from "../../contacts/consent";
import { statedConsents } from "../../contacts/consent";
import type { LineContext } from "./kind";
import { statedTime, TIME_FORMS } from "./stated-time";
import { textOf, yesOrNo } from "./value";

const CHANNELS = ["email", "sms", "push"] as const;

type Bag = Readonly<Record<string, unknown>>;
type Stated = readonly (readonly [ConsentKey, boolean])[];

/** The consents that a line states in columns of its own, as traits of an identify call: see `provenConsents`. */
export function consentsOf(value: Bag, context: LineContext, warnings: string[]): Bag {
  const stated = CHANNELS.flatMap((channel) => {
    const given = isStated(value, channel, warnings);
    return given === null ? [] : [[channel, given] as const];
  });
  return provenConsents(stated, value, context, warnings);
}

/** The traits of an identify call out of a file, with no more consents than it proves: see `provenConsents`. */
export function provenTraits(traits: Bag, context: LineContext, warnings: string[]): Bag {
  const { consent, consent_source: _source, consent_at: _at, consent_wording: _wording, ...others } = traits;
  const stated = statedConsents(consent);
  return stated.length === 0 ? traits : { ...others, ...provenConsents(stated, traits, context, warnings) };
}

/**
 * Consents that are stated as traits. A grant needs its source and its date, beside it or attested for the whole file;
 * without them it counts as none. A refusal always counts.
 */
function provenConsents(stated: Stated, value: Bag, { receivedAt, attested }: LineContext, warnings: string[]): Bag {
  const source = textOf(value["consent_source"]);
  const at = statedTime(value["consent_at"]);
  if (at === null && textOf(value["consent_at"]) !== null) warnings.push(`consent_at is not a time: ${TIME_FORMS}`);
  const proof = source !== null && at !== null && at <= receivedAt ? { source, at } : attested;
  const counting = stated.filter(([key, given]) => {
    if (given && !proof)
      warnings.push(`consent_${key} counts as none: its source and date are missing or no date of the past`);
    return !given || proof !== null;
  });
  if (counting.length === 0) return {};
  const wording = textOf(value["consent_wording"]);
  return {
    consent: Object.fromEntries(counting) as Record<string, boolean>,
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
