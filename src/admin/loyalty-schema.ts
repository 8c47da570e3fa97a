import * as z from "zod";
import { pointsOf } from "../commerce/loyalty";
import type { readAccountOf } from "../commerce/loyalty-store";
import { DAY } from "../shared/clock";
import { time, timeText } from "./api";

const text = z.string().nullable();

/** The shape of a loyalty account. */
export const account = z
  .object({
    points: z.number().int().openapi({ description: "What can be spent now: the sum of the lots." }),
    tier: text,
    tier_since: time.nullable(),
    tier_until: time.nullable().openapi({ description: "When the tier is lost if nothing more is earned." }),
    next_expiry: z
      .object({ points: z.number().int(), at: time })
      .nullable()
      .openapi({ description: "What runs out next, with what else does on that day of UTC." }),
    lots: z.array(
      z.object({
        id: z.string(),
        points: z.number().int().openapi({ description: "As earned." }),
        points_left: z.number().int(),
        earned_at: time,
        expires_at: time.nullable(),
        order_id: text,
      }),
    ),
    movements: z
      .array(
        z.object({
          id: z.string(),
          kind: z.enum(["earn", "spend", "return", "adjust"]),
          points: z.number().int(),
          missing: z.number().int().openapi({ description: "What could not be taken, as the account was empty." }),
          at: time,
          rule: text,
          order_id: text,
          reason: text,
        }),
      )
      .openapi({ description: "The newest 200." }),
    badges: z.array(z.object({ badge: z.string(), name: z.string(), at: time })),
  })
  .openapi("LoyaltyAccount");

type Read = Awaited<ReturnType<typeof readAccountOf>>;

/** An account as answers show it; nobody without points has rows, and theirs is empty. */
export function showAccount({ account: slice, movements, badges }: Read, now: number): z.output<typeof account> {
  const live = (slice?.lots ?? [])
    .filter(({ left, expiresAt }) => left > 0 && (expiresAt === null || expiresAt > now))
    .sort((one, other) => one.earnedAt - other.earnedAt || (one.id < other.id ? -1 : 1));
  const ends = live.flatMap(({ expiresAt }) => (expiresAt === null ? [] : [expiresAt]));
  const next = ends.length > 0 ? Math.min(...ends) : null;
  const day = (at: number | null): number => Math.floor((at ?? Number.POSITIVE_INFINITY) / DAY);
  const expiring = live.filter(({ expiresAt }) => day(expiresAt) === day(next));
  return {
    points: pointsOf(live, now),
    tier: slice?.tier ?? null,
    tier_since: timeText(slice?.tierSince ?? null),
    tier_until: timeText(slice?.tierUntil ?? null),
    next_expiry: next === null ? null : { points: pointsOf(expiring, now), at: timeText(next) },
    lots: live.map((lot) => ({
      id: lot.id,
      points: lot.points,
      points_left: lot.left,
      earned_at: timeText(lot.earnedAt),
      expires_at: timeText(lot.expiresAt),
      order_id: lot.order,
    })),
    movements: movements.map(({ kind, at, ...rest }) => {
      return { ...rest, kind: kind as "earn", at: timeText(at) };
    }),
    badges: badges.map(({ at, ...rest }) => ({ ...rest, at: timeText(at) })),
  };
}
