import * as z from "zod";
import { sourceTitle } from "../events/source";
import { redactEvent } from "../reports/redact-event";
import type { KeptRefusals } from "../reports/rejection-store";
import type { SourceFigures } from "../reports/source-figures";
import { time, timeText, words } from "./api";

const share = z.number().openapi({ description: "0 to 1.", example: 0.02 });

/** A source as the API shows it. */
export const source = z
  .object({
    source: z.string().openapi({ example: "shopify" }),
    title: words,
    state: z.enum(["ok", "silent", "rejecting"]),
    last_received_at: time.nullable().openapi({ description: "When something was taken from it last." }),
    last_event_at: time.nullable().openapi({ description: "The time of its latest event." }),
    silent_at: time.nullable().openapi({
      description: "From when on it counts as silent if nothing comes; null where its past does not say.",
    }),
    events: z.object({
      last_hour: z.number().int(),
      last_day: z.number().int(),
      by_five_minutes: z.array(z.number().int()).openapi({ description: "The last twelve, the oldest first." }),
      by_hour: z.array(z.number().int()).openapi({ description: "The last 24, the oldest first." }),
    }),
    rejected: z.object({
      last_hour: z.number().int(),
      last_day: z.number().int(),
      share_last_hour: share,
      share_usual: share,
      by_reason: z.array(
        z.object({
          reason: z.string().openapi({ example: "invalid-input" }),
          last_day: z.number().int(),
          kept: z.number().int().openapi({ description: "Of the newest thousand, those that can be replayed." }),
          replay: z.array(z.number().int()).openapi({
            description: "Their ids for `POST /api/rejected-events/{id}/replay`, the newest first, 50 at most.",
          }),
          example: z
            .object({
              id: z.number().int(),
              received_at: time,
              message_id: z.string(),
              detail: z.string(),
              body: z.string().openapi({ description: "The event without what describes a person." }),
            })
            .nullable()
            .openapi({ description: "The newest. None of what was refused with its whole request." }),
        }),
      ),
    }),
    clock: z.object({
      requests: z.number().int().openapi({ description: "Requests of the last day that said when they were sent." }),
      median_skew_ms: z.number().int().nullable().openapi({
        description: "How far its clients' clocks are behind ours, to the nearest power of two of a second.",
      }),
      share_beyond_5_min: share,
    }),
  })
  .openapi("Source");

const REPLAYED = 50;

/** What was refused of a source, by reason: counted, or kept, or both. */
export interface RefusedBy {
  readonly reason: string;
  readonly count: number;
  readonly kept: KeptRefusals | undefined;
}

/** Puts what was counted in the last day beside what is kept and can be replayed. */
export function refusedBy(figures: SourceFigures, kept: readonly KeptRefusals[]): RefusedBy[] {
  const own = new Map(kept.filter(({ source: of }) => of === figures.source).map((one) => [one.code, one]));
  const counted = figures.reasons.map(({ reason, count }) => ({ reason, count, kept: own.get(reason) }));
  const rest = [...own.values()].filter(({ code }) => !figures.reasons.some(({ reason }) => reason === code));
  return [...counted, ...rest.map((one) => ({ reason: one.code, count: 0, kept: one }))];
}

export function showSource(figures: SourceFigures, kept: readonly KeptRefusals[]): z.output<typeof source> {
  return {
    source: figures.source,
    title: sourceTitle(figures.source),
    state: figures.state,
    last_received_at: timeText(figures.lastAt),
    last_event_at: timeText(figures.lastEventAt),
    silent_at: timeText(figures.silentAt === null ? null : Math.round(figures.silentAt)),
    events: {
      last_hour: figures.eventsLastHour,
      last_day: figures.eventsLastDay,
      by_five_minutes: [...figures.hour],
      by_hour: [...figures.day],
    },
    rejected: {
      last_hour: figures.refusedLastHour,
      last_day: figures.refusedLastDay,
      share_last_hour: figures.refusedShare,
      share_usual: figures.usualShare,
      by_reason: refusedBy(figures, kept).map((one) => ({
        reason: one.reason,
        last_day: one.count,
        kept: one.kept?.kept ?? 0,
        replay: (one.kept?.ids ?? []).slice(0, REPLAYED),
        example: one.kept ? showExample(one.kept.example) : null,
      })),
    },
    clock: {
      requests: figures.clock.requests,
      median_skew_ms: figures.clock.median,
      share_beyond_5_min: figures.clock.wrongShare,
    },
  };
}

function showExample({ id, at, messageId, reason, body }: KeptRefusals["example"]) {
  return { id, received_at: timeText(at), message_id: messageId, detail: reason, body: redactEvent(body) };
}
