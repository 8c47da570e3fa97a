import { log } from "../platform/log";
import type { Services } from "../services";
import { MINUTE, SECOND } from "../shared/clock";
import { watchAlerts } from "./alerts";
import { letInLate } from "./back-population";
import { keepBehaviour } from "./behaviour";
import { startOnDates } from "./date-starts";
import { keepEarnings } from "./earnings";
import { keepCatalogue } from "./feeds/keep";
import { keepPrivacy } from "./keep";
import { keepMailboxes } from "./mailboxes";
import { keepRfm } from "./rfm";
import { keepSegments } from "./segments/keep";
import { sweep } from "./sweep";
import { keepWinners } from "./winners";

const WINDOW = 5 * MINUTE;
/** The cron of the local runtime, which comes every real second whatever our clock says. */
const LOCAL_TICK = "local-tick";
/** So long in real time the next one waits for the one before it. */
const PATIENCE = 30 * SECOND;

let lastWindow = -1;

/**
 * Runs what a cron is for. Alerts are looked at once the sweep has mended what it can, which is no alert then, but in
 * front of all that takes long: an invocation that ends for its time or memory ends there without a word.
 */
export async function runScheduled(services: Services, cron: string, patience = PATIENCE): Promise<void> {
  await services.ready();
  if (__LOCAL__ && cron === LOCAL_TICK) {
    const window = Math.floor(services.clock.now() / WINDOW);
    if (window === lastWindow) return;
    lastWindow = window;
  }
  const swept = sweep(services);
  await settledWithin(swept, patience);
  const watched = watchAlerts(services);
  await settledWithin(watched, patience);
  const kept = swept.catch(() => undefined).then(() => keepAll(services));
  throwFirst(await Promise.allSettled([swept, kept, watched]));
}

const KEEPS = [
  keepWinners,
  keepMailboxes,
  keepEarnings,
  letInLate,
  startOnDates,
  keepPrivacy,
  keepCatalogue,
  keepRfm,
  keepBehaviour,
  keepSegments,
] as const;

/** One after the other; one that fails stops none of those behind it. */
async function keepAll(services: Services): Promise<void> {
  const results: PromiseSettledResult<void>[] = [];
  for (const keep of KEEPS) results.push(...(await Promise.allSettled([keep(services)])));
  throwFirst(results);
}

/** Throws the first of the errors. The others are for the log. */
function throwFirst(results: readonly PromiseSettledResult<unknown>[]): void {
  const errors = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
  for (const error of errors.slice(1)) log("cron failed", { error: String(error) });
  if (errors.length > 0) throw errors[0];
}

/** Resolves when something has ended, well or not, or when it takes longer than `ms`. */
async function settledWithin(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
}
