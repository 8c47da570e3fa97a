-- Arms of random splits that won by their figures: one row for each split of a version, written once and never changed.
CREATE TABLE split_winners (
  scenario TEXT NOT NULL,
  version INTEGER NOT NULL,
  block TEXT NOT NULL,
  arm TEXT NOT NULL,
  -- When it was decided, epoch ms.
  at INTEGER NOT NULL,
  -- What it went by, goal or clicked; whether the figures were clear, or the time was over.
  figure TEXT NOT NULL,
  cause TEXT NOT NULL,
  -- What it was decided on, as [{arm, runs, reached}].
  counts TEXT NOT NULL,
  PRIMARY KEY (scenario, version, block)
) WITHOUT ROWID;
