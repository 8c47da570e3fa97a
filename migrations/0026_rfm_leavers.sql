-- Whoever has no valid order any more is found without a look at everybody. Rows are in it between two statements only.
CREATE INDEX rfm_scores_leavers ON rfm_scores (contact) WHERE last_order_at = -1;
CREATE INDEX rfm_past_leavers ON rfm_past (contact) WHERE last_order_at = -1;
