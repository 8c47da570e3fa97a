import { isSteady } from "../events/source";
import { readLastSeen, readSourceHours } from "../events/tally-store";
import { log } from "../platform/log";
import type { AlertSettings } from "../reports/alert-settings";
import { silenceAfter } from "../reports/alert-settings";
import type { SourceFigures } from "../reports/source-figures";
import { sourceFigures } from "../reports/source-figures";
import { bySource } from "../reports/source-hours";
import type { Services } from "../services";
import { DAY, HOUR, SECOND } from "../shared/clock";

/** What a source is compared with, and beyond it as long as a silence is looked for. */
const LOOKED_AT = 15 * DAY;
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

/** Every source that was heard of in the last two weeks. The ledger has been asked to write what it counted. */
export async function readSources(services: Services, settings: AlertSettings): Promise<SourceFigures[]> {
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

/** The same with those that were last heard of before; their figures are zero. */
export async function readAllSources(services: Services, settings: AlertSettings): Promise<SourceFigures[]> {
  const [lately, seen] = await Promise.all([readSources(services, settings), readLastSeen(services.env.DB)]);
  const now = services.clock.now();
  const known = new Set(lately.map(({ source }) => source));
  const before = seen
    .filter(({ source }) => !known.has(source))
    .map(({ source, lastAt, lastEventAt }): SourceFigures => {
      const after = silenceAfter(settings, source, isSteady(source));
      const figures = sourceFigures({ source, hours: new Map() }, now, { after, gaps: settings.silence.gaps });
      const state = after === "off" || lastAt === null ? "ok" : "silent";
      return { ...figures, lastAt, lastEventAt, state };
    });
  return [...lately, ...before];
}
