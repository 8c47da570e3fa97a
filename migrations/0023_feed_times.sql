-- When a feed was set up as it is: from then on its times are counted. When it was had last, be it unchanged.
ALTER TABLE feeds ADD COLUMN set_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN had_at INTEGER;
UPDATE feeds SET set_at = created_at, had_at = (SELECT max(r.finished_at) FROM feed_runs AS r WHERE r.feed = feeds.key
  AND r.state IN ('done', 'unchanged'));
