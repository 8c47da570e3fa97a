import * as z from "zod";
import type { Feed, FeedDefinition, FeedRun } from "../commerce/feed";
import { FEED_FORMATS } from "../commerce/feed";
import type { FeedField } from "../commerce/feed-record";
import { FEED_FIELD_NAMES } from "../commerce/feed-record";
import type { Services } from "../services";
import { MINUTE } from "../shared/clock";
import { parseDuration } from "../shared/duration";
import type { FieldError } from "../shared/fault";
import { Fault } from "../shared/fault";
import { checkOutboundUrl } from "../shared/outbound-url";
import { isTimezone } from "../shared/wall-time";
import { currencyCode, time, timeText } from "./api";

const LEAST_INTERVAL = 15 * MINUTE;

/** A key of a feed, as it stands in addresses. */
export const feedKey = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/, "is not a key as in main-feed");

const shape = {
  url: z.string().min(1).max(2_000).openapi({
    description: "https on port 443, at the shop's own host or one that the operator allowed (OUTBOUND_HOSTS).",
  }),
  format: z.enum(FEED_FORMATS).default("auto"),
  every: z.string().max(40).default("PT6H").openapi({ description: "ISO 8601, at least PT15M." }),
  currency: currencyCode
    .optional()
    .openapi({ description: "Of prices that name none; the shop's own where it is left out." }),
  timezone: z.string().max(60).optional().openapi({ description: "IANA, of times that name none." }),
  columns: z
    .partialRecord(z.enum(FEED_FIELD_NAMES as [FeedField, ...FeedField[]]), z.string().min(1).max(200))
    .default({})
    .openapi({ description: "For CSV: what it calls the fields of Google's specification." }),
  paused: z.boolean().default(false).openapi({ description: "Fetched only when it is asked for." }),
};

export const feedChange = z.strictObject(shape).openapi("FeedChange");
export const feedInput = z.strictObject({ key: feedKey, ...shape }).openapi("FeedInput", {
  example: { key: "main", url: "https://shop.example/feed.xml", every: "PT1H" },
});

/** What was asked for as a definition. Throws invalid-input with its places. */
export function definitionOf(services: Services, input: z.output<typeof feedChange>): FeedDefinition {
  const { url, format, every, columns, paused } = input;
  const { currency = services.config.SHOP_CURRENCY, timezone = services.config.SHOP_TIMEZONE } = input;
  const errors: FieldError[] = [];
  const checked = checkOutboundUrl(url, services.outbound);
  if (!checked.ok) errors.push({ pointer: "/url", detail: checked.reason });
  const interval = parseDuration(every);
  if (interval === null) errors.push({ pointer: "/every", detail: "is not an ISO 8601 duration as in PT6H" });
  else if (interval < LEAST_INTERVAL) errors.push({ pointer: "/every", detail: "is less than PT15M" });
  if (!isTimezone(timezone)) errors.push({ pointer: "/timezone", detail: "is not a time zone as in Europe/Paris" });
  if (errors.length > 0) throw new Fault("invalid-input", "The feed does not fit: see `errors`.", errors);
  return { url, format, every, currency, timezone, columns, paused };
}

const run = z
  .object({
    id: z.string(),
    state: z.enum(["reading", "writing", "leaving", "done", "unchanged", "failed"]),
    reason: z.string().nullable().openapi({ description: "Why it failed. Nothing of a feed that failed is written." }),
    started_at: time,
    finished_at: time.nullable(),
    items: z.number().int().openapi({ description: "Items that were read." }),
    progress: z
      .number()
      .openapi({ description: "Share of the items that was looked at for what is new, from 0 to 1." }),
    changed: z.number().int().openapi({ description: "Items that said something new." }),
    gone: z.number().int().openapi({ description: "Variants that the feed lists no more; they stay, and are marked." }),
    rows_written: z.number().int(),
    rejected: z.array(
      z.object({
        reason: z.string(),
        count: z.number().int(),
        line: z.number().int().openapi({ description: "Of the first one." }),
        example: z.string().nullable().openapi({ description: "Its id, where it has one." }),
      }),
    ),
  })
  .openapi("FeedRun");

export const feed = z
  .object({
    ...shape,
    key: z.string(),
    currency: z.string(),
    timezone: z.string(),
    next_at: time.nullable(),
    last_run: run.nullable(),
  })
  .openapi("Feed");

export const feedFile = feed.extend({ runs: z.array(run) }).openapi("FeedFile");

export function showFeed({ key, definition, nextAt }: Feed, last: FeedRun | undefined): z.output<typeof feed> {
  return { key, ...definition, next_at: timeText(nextAt), last_run: last ? showRun(last) : null };
}

export function showRun(row: FeedRun): z.output<typeof run> {
  const { id, state, reason, items, changed, gone, rowsWritten, rejected } = row;
  const times = { started_at: timeText(row.startedAt), finished_at: timeText(row.finishedAt) };
  const progress = row.parts === 0 ? 0 : row.part / row.parts;
  const counts = { items, progress, changed, gone, rows_written: rowsWritten };
  return { id, state, reason, ...times, ...counts, rejected: [...rejected] };
}
