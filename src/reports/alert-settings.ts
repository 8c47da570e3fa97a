import * as z from "zod";
import { DAY, MINUTE } from "../shared/clock";
import { parseDuration } from "../shared/duration";
import { outboundHeaders } from "../shared/outbound-headers";
import type { SilenceAfter } from "./source-figures";

/** What a webhook may tell, beside what it is about and when: nothing else can be chosen, and nothing of a person. */
export const ALERT_FIELDS = [
  "source",
  "last_event_at",
  "refused",
  "share",
  "usual_share",
  "lag_seconds",
  "side_rows",
  "waiting",
  "failing_since",
  "shop",
  "console_url",
] as const;

export type AlertField = (typeof ALERT_FIELDS)[number];

const address = z
  .string()
  .max(254)
  .regex(/^[^\s@,;<>"'()[\]\\]+@[^\s@,;<>"'()[\]\\]+\.[^\s@,;<>"'()[\]\\]{2,}$/u, "is not one email address");

const silence = z
  .string()
  .refine(
    (text) => text === "auto" || text === "off" || isWait(text),
    "is `auto`, `off`, or a duration of PT5M to P30D",
  );

function isWait(text: string): boolean {
  const ms = parseDuration(text);
  return ms !== null && ms >= 5 * MINUTE && ms <= 30 * DAY;
}

/** Whom to alert and of what, as an operator sets it. */
export const alertInput = z.strictObject({
  language: z.enum(["en", "fr"]).default("en"),
  emails: z.array(address).max(10).default([]),
  webhook: z
    .strictObject({
      url: z.string().max(2_000),
      headers: outboundHeaders.default({}),
      fields: z.array(z.enum(ALERT_FIELDS)).default([...ALERT_FIELDS]),
    })
    .nullable()
    .default(null),
  silence: z
    .strictObject({
      gaps: z.number().min(3).max(1_000).default(12),
      sources: z.record(z.string().min(1).max(100), silence).default({}),
    })
    .default({ gaps: 12, sources: {} }),
});

/** The same as it is stored: with what the signing secret is made from. */
export interface AlertSettings extends z.output<typeof alertInput> {
  /** Names the webhook's secret; a new one comes with a new address. Null without a webhook. */
  readonly secretId: string | null;
}

export const NO_ALERTS: AlertSettings = { ...alertInput.parse({}), secretId: null };

/** After how long a source counts as silent. */
export function silenceAfter({ silence: { sources } }: AlertSettings, source: string, isSteady: boolean): SilenceAfter {
  const chosen = Object.hasOwn(sources, source) ? sources[source] : undefined;
  if (chosen === undefined || chosen === "auto") return isSteady ? "auto" : "off";
  return chosen === "off" ? "off" : (parseDuration(chosen) ?? "auto");
}
