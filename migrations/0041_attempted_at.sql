-- When a send was last claimed: caps count from then, as a message that is tried again leaves again.
ALTER TABLE sends ADD COLUMN attempted_at INTEGER;
