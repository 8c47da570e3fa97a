import { CHANNEL_KEYS } from "../decisions/channel";
import { DAY, HOUR, MINUTE, SECOND } from "../shared/clock";
import { durationMs } from "../shared/duration";
import type { FieldError } from "../shared/fault";
import { pointersOf } from "../shared/pointer";
import type { TrackingSettings } from "../tracking/settings";
import { trackingInput } from "../tracking/settings";

/** Units of a window, as an ISO 8601 duration writes them, the longest first. */
const UNITS = [
  ["days", "P", "D", DAY],
  ["hours", "PT", "H", HOUR],
  ["minutes", "PT", "M", MINUTE],
  ["seconds", "PT", "S", SECOND],
] as const;
type Unit = (typeof UNITS)[number][0];

/** What the form offers beside the unit that a window has. */
export const USUAL_UNITS: readonly Unit[] = ["days", "hours"];

/** One channel's window, as its fields hold it. */
interface WindowDraft {
  readonly count: string;
  readonly unit: Unit;
}

/** The form, as its fields hold it. */
export interface TrackingDraft {
  readonly utm: boolean;
  readonly source: string;
  readonly mid: boolean;
  readonly windows: Readonly<Record<(typeof CHANNEL_KEYS)[number], WindowDraft>>;
}

function windowDraft(duration: string): WindowDraft {
  const ms = durationMs(duration);
  // A window of 24 hours is said as it is set: it is no day of any calendar.
  const whole = UNITS.find(([unit, , , size]) => ms % size === 0 && (unit !== "days" || ms > DAY)) ?? UNITS[3];
  const [unit, , , size] = ms === 0 ? UNITS[1] : whole;
  return { count: String(ms / size), unit };
}

/** The form of settings. */
export function trackingDraftOf({ utm, mid, windows }: TrackingSettings): TrackingDraft {
  const shown = CHANNEL_KEYS.map((channel) => [channel, windowDraft(windows[channel])]);
  const by = Object.fromEntries(shown) as TrackingDraft["windows"];
  return { utm: utm.enabled, source: utm.source, mid: mid.enabled, windows: by };
}

/** What was posted, field by field. */
export function readTrackingDraft(form: URLSearchParams): TrackingDraft {
  const text = (name: string): string => (form.get(name) ?? "").trim();
  const shown = CHANNEL_KEYS.map((channel) => {
    const unit = UNITS.find(([one]) => one === text(`${channel}.unit`))?.[0] ?? "hours";
    return [channel, { count: text(`${channel}.count`), unit }];
  });
  return {
    utm: form.has("utm"),
    source: text("source"),
    mid: form.has("mid"),
    windows: Object.fromEntries(shown) as TrackingDraft["windows"],
  };
}

/** The settings that a draft says, or what is wrong with it. */
export function trackingOfDraft(
  draft: TrackingDraft,
): { readonly settings: TrackingSettings } | { readonly problems: readonly FieldError[] } {
  const windows = CHANNEL_KEYS.map((channel): [string, string] => {
    const { count, unit } = draft.windows[channel];
    const [, before = "PT", after = "H"] = UNITS.find(([one]) => one === unit) ?? [];
    return [channel, `${before}${count}${after}`];
  });
  const { utm: enabled, source, mid } = draft;
  const stated = { utm: { enabled, source }, mid: { enabled: mid }, windows: Object.fromEntries(windows) };
  const parsed = trackingInput.safeParse(stated);
  return parsed.success ? { settings: parsed.data } : { problems: pointersOf(parsed.error) };
}
