-- Messages that were handed over in one call and whose outcome is not known yet. A repeat is made of the same members in
-- the same order; their bodies lie in R2 under the same id. A row goes as soon as its outcome is known.
CREATE TABLE send_batches (
  id TEXT PRIMARY KEY,
  channel TEXT NOT NULL,
  members TEXT NOT NULL,
  created_at INTEGER NOT NULL
) WITHOUT ROWID;

-- Up to when the calls of a channel's provider are given out, epoch ms of the machine's clock.
CREATE TABLE channel_slots (
  channel TEXT PRIMARY KEY,
  before INTEGER NOT NULL,
  at INTEGER NOT NULL
) WITHOUT ROWID;
