/*
 * Messages of campaigns stand in `sends` with `open = 2`, outside of the index of open sends, and without a decision of their
 * own. Whoever counts or lists messages finds them by the pages of their campaigns.
 */

/** SQL: `s`, the messages on pages `p` of campaigns `g` that are not over. */
export const KEPT_BY_CAMPAIGNS =
  "campaigns g INDEXED BY campaigns_open CROSS JOIN campaign_pages p ON p.campaign = g.id CROSS JOIN json_each(p.contacts) e " +
  "CROSS JOIN sends s ON s.contact = e.value AND s.run = g.id " +
  "WHERE g.confirmed_at IS NOT NULL AND g.ended_at IS NULL AND p.state IN ('prepared', 'released') AND s.open = 2";

/** SQL: `s`, the messages on pages `p` of all campaigns, by the time at which they were made (`p.made_at`). */
export const OF_CAMPAIGNS =
  "campaign_pages p INDEXED BY campaign_pages_made CROSS JOIN json_each(p.contacts) e " +
  "CROSS JOIN sends s ON s.contact = e.value AND s.run = p.campaign WHERE p.made_at IS NOT NULL";
