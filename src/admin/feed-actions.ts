import type * as z from "zod";
import type { Feed } from "../commerce/feed";
import { deleteFeed, findFeed, putFeed } from "../commerce/feed-store";
import type { Services } from "../services";
import { clearParts } from "../services/feeds/parts";
import { fetchNow } from "../services/feeds/run";
import { Fault } from "../shared/fault";
import type { feedChange, feedInput } from "./feed-schema";
import { definitionOf } from "./feed-schema";

/** A feed by its key. Throws not-found. */
export async function feedOf({ env }: Services, key: string): Promise<Feed> {
  const found = await findFeed(env.DB, key);
  if (!found) throw new Fault("not-found", "No feed has this key.");
  return found;
}

/** Takes a feed away; its products stay. Throws not-found. */
export async function removeFeed({ env }: Services, key: string): Promise<void> {
  if (!(await deleteFeed(env.DB, key))) throw new Fault("not-found", "No feed has this key.");
  await clearParts(env.ARCHIVE, key);
}

/** Sets a feed up. Throws invalid-input with the places that do not fit, conflict where the key is another feed's. */
export async function createFeed(services: Services, input: z.output<typeof feedInput>): Promise<void> {
  const { key, ...change } = input;
  const definition = definitionOf(services, change);
  const now = services.clock.now();
  const known = await findFeed(services.env.DB, key);
  if (known && JSON.stringify(known.definition) !== JSON.stringify(definition)) {
    throw new Fault("conflict", "Another feed has this key. Change it by PUT.");
  }
  await putFeed(services.env.DB, key, definition, now, definition.paused ? null : now);
}

/** Sets a feed up anew, and fetches it from the next step on. Throws not-found. */
export async function changeFeed(services: Services, key: string, change: z.output<typeof feedChange>): Promise<void> {
  const definition = definitionOf(services, change);
  await feedOf(services, key);
  const now = services.clock.now();
  await putFeed(services.env.DB, key, definition, now, definition.paused ? null : now);
}

/** Fetches a feed now. Throws not-found, conflict where it is being fetched. */
export async function fetchFeed(services: Services, key: string): Promise<void> {
  await feedOf(services, key);
  if (!(await fetchNow(services, key))) throw new Fault("conflict", "The feed is being fetched at this moment.");
}
