import type { Services } from "../services";
import { MINUTE } from "../shared/clock";
import { watchAlerts } from "./alerts";
import { keepCatalogue } from "./feeds/keep";
import { keepPrivacy } from "./keep";
import { keepRfm } from "./rfm";
import { keepSegments } from "./segments/keep";
import { sweep } from "./sweep";

const WINDOW = 5 * MINUTE;
/** The cron of the local runtime, which comes every real second whatever our clock says. */
const LOCAL_TICK = "local-tick";

let lastWindow = -1;

/** Runs what a cron is for. */
export async function runScheduled(services: Services, cron: string): Promise<void> {
  await services.ready();
  if (__LOCAL__ && cron === LOCAL_TICK) {
    const window = Math.floor(services.clock.now() / WINDOW);
    if (window === lastWindow) return;
    lastWindow = window;
  }
  try {
    await sweep(services);
    await keepPrivacy(services);
    await keepCatalogue(services);
    await keepRfm(services);
    await keepSegments(services);
  } finally {
    // Most of all where one of them failed.
    await watchAlerts(services);
  }
}
