-- Tests of two versions that have ended: which versions, from when to when (epoch ms), for which share of contacts (0 to 1)
-- the challenger was, and which of them was kept.
CREATE TABLE version_tests (
  scenario TEXT NOT NULL,
  since INTEGER NOT NULL,
  live INTEGER NOT NULL,
  challenger INTEGER NOT NULL,
  share REAL NOT NULL,
  until INTEGER NOT NULL,
  kept INTEGER NOT NULL,
  PRIMARY KEY (scenario, since)
) WITHOUT ROWID;

-- What is done, by the order in which it is listed: the latest first.
CREATE INDEX acts_done ON acts (at) WHERE state = 'done';
CREATE INDEX acts_left_out ON acts (at) WHERE state = 'left_out';
