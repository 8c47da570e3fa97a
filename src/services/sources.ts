import { isSteady } from "../events/source";
import type { LastSeen } from "../events/tally-store";
import { readLastSeen, readSourceHours } from "../events/tally-store";
import { log } from "../platform/log";
import type { AlertSettings } from "../reports/alert-settings";
import { silenceAfter } from "../reports/alert-settings";
import { HORIZON } from "../reports/silence";
import type { SourceFigures } from "../reports/source-figures";
import { sourceFigures } from "../reports/source-figures";
import { bySource } from "../reports/source-hours";
import type { Services } from "../services";
import { DAY, HOUR, SECOND } from "../shared/clock";

/** As long as a silence is looked for, and beyond it the week before, which says what is usual. */
const LOOKED_AT = HORIZON + 8 * DAY;
const PATIENCE = 10 * SECOND;

/** Where the ledger object stands, or null where it does not answer. What it counted is written by then. */
export async function askLedger(services: Services): Promise<{ applied: number; woken: number } | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer")), PATIENCE);
  });
  try {
    return await Promise.race([services.ledger.standing(), late]);
  } catch (error) {
    log("ledger does not say where it stands", { error: String(error) });
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Every source that was heard of in the last weeks, and those of `named` that were heard of before, whose counts are
 * zero. The ledger has been asked to write what it counted.
 */
export async function readSources(
  services: Services,
  settings: AlertSettings,
  named: readonly string[] = [],
): Promise<SourceFigures[]> {
  const lately = await readLately(services, settings);
  const known = new Set(lately.map(({ source }) => source));
  const missing = new Set(named.filter((source) => !known.has(source)));
  if (missing.size === 0) return lately;
  const seen = (await readLastSeen(services.env.DB)).filter(({ source }) => missing.has(source));
  return [...lately, ...seen.map((one) => seenBefore(services, settings, one))];
}

async function readLately(services: Services, settings: AlertSettings): Promise<SourceFigures[]> {
  const now = services.clock.now();
  const begin = Math.floor((now - LOOKED_AT) / HOUR) * HOUR;
  const found = bySource(await readSourceHours(services.env.DB, begin));
  const { gaps } = settings.silence;
  return found
    .map((of) => {
      const steady = isSteady(of.source);
      const figures = sourceFigures(of, now, { after: silenceAfter(settings, of.source, steady), gaps });
      return steady || figures.state !== "rejecting" ? figures : { ...figures, state: "ok" as const };
    })
    .sort((left, right) => (right.lastAt ?? 0) - (left.lastAt ?? 0) || left.source.localeCompare(right.source));
}

/** A source of which nothing is known but when it was heard of last: only a time that was set says when it is silent. */
function seenBefore(
  { clock }: Services,
  settings: AlertSettings,
  { source, lastAt, lastEventAt }: LastSeen,
): SourceFigures {
  const now = clock.now();
  const after = silenceAfter(settings, source, isSteady(source));
  const figures = sourceFigures({ source, hours: new Map() }, now, { after, gaps: settings.silence.gaps });
  const silentAt = lastAt === null || typeof after === "string" ? null : lastAt + after;
  return { ...figures, lastAt, lastEventAt, silentAt, state: silentAt !== null && silentAt <= now ? "silent" : "ok" };
}

/** Every source that was ever heard of. Who has said nothing for two weeks is silent, whatever was usual before. */
export async function readAllSources(services: Services, settings: AlertSettings): Promise<SourceFigures[]> {
  const seen = await readLastSeen(services.env.DB);
  const named = seen.map(({ source }) => source);
  const long = services.clock.now() - HORIZON;
  return (await readSources(services, settings, named)).map((figures) => {
    const isAuto = silenceAfter(settings, figures.source, isSteady(figures.source)) === "auto";
    const isLong = figures.lastAt !== null && figures.lastAt <= long;
    return isAuto && isLong ? { ...figures, state: "silent" as const } : figures;
  });
}
