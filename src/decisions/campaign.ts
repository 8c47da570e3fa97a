import { familyOf } from "../contacts/wanted";

/** SQL over a send `s`: it is a campaign's that is paused. */
export const CAMPAIGN_PAUSED = "EXISTS (SELECT 1 FROM campaigns g WHERE g.id = s.run AND g.state = 'paused')";

/**
 * Verdicts on a campaign's message, over `SEND_HEAD_JOIN`: the campaign was cancelled, or another record of the same person has
 * a message of it, as one person gets one. Of two that have not left, the one of whoever stands for the person goes.
 */
export const CAMPAIGN_VERDICTS =
  "WHEN EXISTS (SELECT 1 FROM campaigns g WHERE g.id = s.run AND g.state = 'cancelled') THEN 'campaign_cancelled' " +
  "WHEN o.merged_into IS NOT NULL AND EXISTS (SELECT 1 FROM campaigns g WHERE g.id = s.run) " +
  "AND EXISTS (SELECT 1 FROM sends t WHERE t.contact = c.id AND t.run = s.run) THEN 'person_has_message' " +
  // Somebody who was merged into them had it before.
  "WHEN EXISTS (SELECT 1 FROM contacts m WHERE m.merged_into = c.id) AND EXISTS (SELECT 1 FROM campaigns g WHERE g.id = s.run) " +
  `AND EXISTS (SELECT 1 FROM sends t WHERE t.contact IN (${familyOf("c.id")}) AND t.contact <> s.contact AND t.run = s.run ` +
  "AND t.attempts > 0 AND t.state NOT IN ('suppressed', 'failed')) THEN 'person_has_message'";
