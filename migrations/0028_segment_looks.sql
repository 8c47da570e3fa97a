-- The night that saw a waiting fall first, epoch ms; NULL where only an event has shown it yet.
ALTER TABLE segment_members ADD COLUMN next_night INTEGER;
-- When somebody began to tell of a move: from then on it counts as told, so that nothing is joined to it any more.
ALTER TABLE segment_news ADD COLUMN telling_at INTEGER;
-- When the night before the one at `night_at` began: whoever the latest has not come to yet was looked at then.
ALTER TABLE segment_progress ADD COLUMN night_before INTEGER NOT NULL DEFAULT 0;
