import { appEvents } from "./app-events";
import { localCampaigns, pushCampaigns } from "./campaigns";
import { crmEvents } from "./crm-events";
import { householdMembers } from "./household-members";
import { promotions } from "./promotions";
import { recommendations } from "./recommendations";
import { reviews } from "./reviews";
import { subscriptionContracts } from "./subscription-contracts";
import type { Feed, StarTable } from "./table";
import { visits } from "./visits";
import { wishlistItems } from "./wishlist-items";

/** Every table of the star that is plain rows, by its name in the database. The one place to add one. */
export const STAR_TABLES = {
  reviews,
  subscription_contracts: subscriptionContracts,
  visits,
  app_events: appEvents,
  crm_events: crmEvents,
  local_campaigns: localCampaigns,
  push_campaigns: pushCampaigns,
  recommendations,
  wishlist_items: wishlistItems,
  household_members: householdMembers,
  promotions,
} as const satisfies Record<string, StarTable>;

/** The table of ours that has this name. */
export function starTable(key: string): StarTable | undefined {
  return Object.hasOwn(STAR_TABLES, key) ? STAR_TABLES[key as keyof typeof STAR_TABLES] : undefined;
}

/** What an event fills, by its lower-case name. */
export const FEEDS: ReadonlyMap<string, { readonly table: StarTable; readonly feed: Feed }> = new Map(
  Object.values<StarTable>(STAR_TABLES).flatMap((table) =>
    Object.entries(table.feeds).map(([name, feed]) => [name, { table, feed }] as const),
  ),
);
