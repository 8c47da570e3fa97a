import type { CampaignDefinition } from "../sends/campaigns/definition";
import { campaignInput } from "../sends/campaigns/definition";
import { Fault } from "../shared/fault";
import { pointersOf } from "../shared/pointer";
import { parseWallTime } from "../shared/wall-time";

/** A whole number of a field; null for anything else. */
function numberIn(form: URLSearchParams, name: string): number | null {
  const text = form.get(name) ?? "";
  return /^\d{1,3}$/.test(text) ? Number(text) : null;
}

function scheduleIn(form: URLSearchParams, zone: string): object | undefined {
  const [mode, date, time] = ["mode", "date", "time"].map((name) => form.get(name) ?? "");
  if (mode === "local") return { mode, date, time };
  const at = date === "" ? null : parseWallTime(`${date} ${time || "09:00"}`, zone);
  const moment = at === null ? {} : { at: new Date(at).toISOString() };
  if (mode === "at") return { mode, ...moment };
  return mode === "peak" ? { mode, ...moment } : undefined;
}

/** What the form of a new campaign asks for. Throws invalid-input as the API does, field by field. */
export function campaignIn(
  form: URLSearchParams,
  channelOf: (content: string) => string | undefined,
  zone: string,
): CampaignDefinition {
  const [family = "", segment = ""] = (form.get("audience") ?? "").split("|");
  const content = form.get("content") ?? "";
  const other = form.get("other") ?? "";
  const holdout = numberIn(form, "holdout") ?? 0;
  const name = (form.get("name") ?? "").trim();
  const parsed = campaignInput.safeParse({
    ...(name !== "" && { name }),
    ...(segment === "" ? { rule: { all: [] } } : { family, segment }),
    content,
    channel: channelOf(content) ?? "email",
    class: form.get("class") ?? "marketing",
    schedule: scheduleIn(form, zone),
    ...(other !== "" && {
      test: {
        contents: [other],
        share: (numberIn(form, "share") ?? 20) / 100,
        metric: form.get("metric") ?? "clicks",
        limit: `PT${numberIn(form, "limit") ?? 4}H`,
      },
    }),
    ...(form.get("ramp") === null && { ramp: false }),
    holdout: holdout / 100,
  });
  if (!parsed.success) throw new Fault("invalid-input", "", pointersOf(parsed.error));
  return parsed.data;
}
