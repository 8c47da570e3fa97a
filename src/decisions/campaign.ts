/** SQL over a send `s`: it is a campaign's that is paused. */
export const CAMPAIGN_PAUSED = "EXISTS (SELECT 1 FROM campaigns g WHERE g.id = s.run AND g.state = 'paused')";

/**
 * Verdicts on a campaign's message, over `SEND_HEAD_JOIN`: the campaign was cancelled, or the contact was merged into somebody
 * who has a message of it, as one person gets one.
 */
export const CAMPAIGN_VERDICTS =
  "WHEN EXISTS (SELECT 1 FROM campaigns g WHERE g.id = s.run AND g.state = 'cancelled') THEN 'campaign_cancelled' " +
  "WHEN o.merged_into IS NOT NULL AND EXISTS (SELECT 1 FROM campaigns g WHERE g.id = s.run) " +
  "AND EXISTS (SELECT 1 FROM sends t WHERE t.contact = c.id AND t.run = s.run) THEN 'person_has_message'";
