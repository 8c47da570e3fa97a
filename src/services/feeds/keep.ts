import { catalogueNews, nextPrice } from "../../commerce/change-store";
import { nextFeed } from "../../commerce/feed-store";
import type { Services } from "../../services";
import { runFeeds } from "./run";

/** Tells of announced prices that have come into force, and fetches the feeds that are due. */
export async function keepCatalogue(services: Services): Promise<void> {
  await catalogueNews(services.env.DB, services.clock.now());
  await runFeeds(services);
}

/** When there is something to do for it next, later than `after`; null where nothing is. */
export async function nextCatalogue(services: Services, after: number): Promise<number | null> {
  const { DB } = services.env;
  const [price, feed] = await Promise.all([nextPrice(DB, after), nextFeed(DB, after)]);
  const times = [price, feed].filter((time) => time !== null);
  return times.length > 0 ? Math.min(...times) : null;
}
