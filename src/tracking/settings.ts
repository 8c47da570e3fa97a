import * as z from "zod";
import { DAY } from "../shared/clock";
import { durationMs, parseDuration } from "../shared/duration";

const window = z
  .string()
  .refine((text) => parseDuration(text) !== null, "is no ISO 8601 duration such as P5D or PT24H")
  .refine((text) => (parseDuration(text) ?? 0) <= 90 * DAY, "is longer than 90 days");

/** How long after a click an order still counts as the message's, by channel. */
const windows = z.strictObject({
  email: window.default("P5D"),
  sms: window.default("PT24H"),
  push: window.default("PT24H"),
  wallet: window.default("PT24H"),
  print: window.default("PT0S"),
});

/** What a shop sets about links and figures, stated as a whole: what is left out is as the product comes with it. */
export const trackingInput = z.strictObject({
  utm: z
    .strictObject({
      enabled: z.boolean().default(true),
      source: z
        .string()
        .regex(/^[a-z0-9][a-z0-9._-]{0,39}$/i, "is letters, digits, dots, dashes and underscores, 40 at most")
        .default("relance"),
    })
    .prefault({}),
  /** Whether links to the shop carry `mid`, by which an order says of which message's link it came. */
  mid: z.strictObject({ enabled: z.boolean().default(true) }).prefault({}),
  windows: windows.prefault({}),
});

export type TrackingSettings = z.output<typeof trackingInput>;

export const TRACKING_DEFAULTS: TrackingSettings = trackingInput.parse({});

/** The windows as the database compares them: milliseconds by channel. */
export function windowsMs({ windows: by }: TrackingSettings): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(by).map(([channel, text]) => [channel, durationMs(text)]));
}
