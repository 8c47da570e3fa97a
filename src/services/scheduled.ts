import type { Services } from "../services";
import { MINUTE, SECOND } from "../shared/clock";
import { watchAlerts } from "./alerts";
import { keepBehaviour } from "./behaviour";
import { startOnDates } from "./date-starts";
import { keepCatalogue } from "./feeds/keep";
import { keepPrivacy } from "./keep";
import { keepRfm } from "./rfm";
import { keepSegments } from "./segments/keep";
import { sweep } from "./sweep";

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
  const dated = swept.then(() => startOnDates(services));
  const results = await Promise.allSettled([swept.then(() => keepAll(services)), dated, watched]);
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

async function keepAll(services: Services): Promise<void> {
  await keepPrivacy(services);
  await keepCatalogue(services);
  await keepRfm(services);
  await keepBehaviour(services);
  await keepSegments(services);
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
