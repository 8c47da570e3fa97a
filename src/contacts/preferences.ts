import * as z from "zod";
import { DAY } from "../shared/clock";
import type { Profile } from "./profile";

/** How often at most a person wants marketing. */
export const FREQUENCIES = ["all", "weekly", "monthly"] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** The pauses that the preference centre offers, in days. */
export const SNOOZE_DAYS = [30, 60, 90] as const;

const key = z.string().min(1).max(200);
const keys = z.array(key).max(200);

/** Properties of `preferences.changed`. What is left out stays as it is. */
export const preferencesChange = z.object({
  frequency: z.enum(FREQUENCIES).optional(),
  /** Epoch ms; null ends a pause. */
  snoozed_until: z.number().int().nullish(),
  topics: keys.optional(),
  /** Topics that come to those that are chosen, and that go. */
  topics_joined: keys.optional(),
  topics_left: keys.optional(),
  /** What not to show again. */
  hide: z.object({ products: keys.optional(), categories: keys.optional() }).optional(),
  /** What may be shown again. */
  unhide: z.object({ products: keys.optional(), categories: keys.optional() }).optional(),
});
export type PreferencesChange = z.infer<typeof preferencesChange>;

export interface Hidden {
  readonly products: readonly string[];
  readonly categories: readonly string[];
}

export interface Preferences {
  readonly frequency: Frequency;
  /** Epoch ms until which no marketing is sent; 0 for none. */
  readonly snoozedUntil: number;
  /** Null where the person never chose any. */
  readonly topics: readonly string[] | null;
  readonly hidden: Hidden;
}

const stored = z.object({
  preferences: z
    .object({ frequency: z.enum(FREQUENCIES).optional(), snoozed_until: z.number().nullish() })
    .optional()
    .catch(undefined),
  topics: z.array(z.string()).optional().catch(undefined),
  hidden: z
    .object({ products: z.array(z.string()).optional(), categories: z.array(z.string()).optional() })
    .optional()
    .catch(undefined),
});

/** What a person chose, out of the attributes where it is kept: `preferences`, `topics` and `hidden`. */
export function preferencesOf({ attributes }: Pick<Profile, "attributes">): Preferences {
  const { preferences, topics, hidden } = stored.parse(attributes);
  return {
    frequency: preferences?.frequency ?? "all",
    snoozedUntil: preferences?.snoozed_until ?? 0,
    topics: topics ?? null,
    hidden: { products: hidden?.products ?? [], categories: hidden?.categories ?? [] },
  };
}

/** Whether marketing pauses at `now`, epoch ms. */
export function isSnoozed(profile: Pick<Profile, "attributes">, now: number): boolean {
  // Asked for every message: most people never chose anything.
  if (profile.attributes["preferences"] === undefined) return false;
  return preferencesOf(profile).snoozedUntil > now;
}

/** The time between two marketing messages that a frequency asks for, in ms; null where it asks for none. */
export const FREQUENCY_MS: Readonly<Record<Frequency, number | null>> = {
  all: null,
  weekly: 7 * DAY,
  monthly: 30 * DAY,
};

/** The attributes after a change. */
export function withPreferences(
  attributes: Readonly<Record<string, unknown>>,
  { frequency, snoozed_until, topics, topics_joined, topics_left, hide, unhide }: PreferencesChange,
): Readonly<Record<string, unknown>> {
  const { hidden, topics: before } = preferencesOf({ attributes });
  const known = (attributes["preferences"] ?? {}) as object;
  const chosen = { ...(frequency && { frequency }), ...(snoozed_until !== undefined && { snoozed_until }) };
  const without = (all: readonly string[], more: readonly string[] = [], less: readonly string[] = []) =>
    [...new Set([...all, ...more])].filter((one) => !less.includes(one)).slice(-200);
  return {
    ...attributes,
    ...(Object.keys(chosen).length > 0 && { preferences: { ...known, ...chosen } }),
    ...(topics && { topics: [...new Set(topics)] }),
    ...((topics_joined || topics_left) && { topics: without(topics ?? before ?? [], topics_joined, topics_left) }),
    ...((hide || unhide) && {
      hidden: {
        products: without(hidden.products, hide?.products, unhide?.products),
        categories: without(hidden.categories, hide?.categories, unhide?.categories),
      },
    }),
  };
}
