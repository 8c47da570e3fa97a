import { catalogueNews, nextPrice } from "../../commerce/change-store";
import { nextFeed } from "../../commerce/feed-store";
import type { Services } from "../../services";
import { nextStart, startOnChanges } from "../catalogue-starts";
import { runFeeds } from "./run";

/**
 * Tells of announced prices that have come into force, fetches the feeds that are due, and lets into scenarios whoever
 * cares for what has changed.
 */
export async function keepCatalogue(services: Services): Promise<void> {
  await catalogueNews(services.env.DB, services.clock.now());
  await runFeeds(services);
  await startOnChanges(services);
}

/** When there is something to do for it next, later than `after`; null where nothing is. */
export async function nextCatalogue(services: Services, after: number): Promise<number | null> {
  const { DB } = services.env;
  const known = await Promise.all([nextPrice(DB, after), nextFeed(DB, after), nextStart(services, after)]);
  const times = known.filter((time) => time !== null);
  return times.length > 0 ? Math.min(...times) : null;
}
