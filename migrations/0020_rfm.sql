-- What one unit of a currency is worth in the shop's own from the beginning of a shop-local day on. `factor` is between
-- minor units.
CREATE TABLE exchange_rates (
  currency TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  day TEXT NOT NULL,
  rate TEXT NOT NULL,
  factor REAL NOT NULL,
  PRIMARY KEY (currency, from_at)
) WITHOUT ROWID;

-- Figures and scores of whoever has a valid order. Recency follows from `last_order_at` when it is read, so that a quiet
-- day writes nothing. `oldest_at` is the oldest order in the window, which is the next to leave it. `moved_at` says when
-- the contact's own figures last changed and `moved_by` why; `changed_at` and `cause` say the same of the segment.
CREATE TABLE rfm_scores (
  contact INTEGER PRIMARY KEY,
  last_order_at INTEGER NOT NULL,
  orders REAL NOT NULL,
  monetary INTEGER NOT NULL,
  oldest_at INTEGER,
  moved_at INTEGER NOT NULL,
  moved_by TEXT NOT NULL,
  r INTEGER,
  f INTEGER,
  m INTEGER,
  segment TEXT,
  cause TEXT,
  changed_at INTEGER
);

-- The same as of another moment, where somebody asked for it; the live scores are left alone.
CREATE TABLE rfm_past (
  contact INTEGER PRIMARY KEY,
  last_order_at INTEGER NOT NULL,
  orders REAL NOT NULL,
  monetary INTEGER NOT NULL,
  oldest_at INTEGER,
  moved_at INTEGER NOT NULL,
  moved_by TEXT NOT NULL,
  r INTEGER,
  f INTEGER,
  m INTEGER,
  segment TEXT,
  cause TEXT,
  changed_at INTEGER
);

-- One row for each of them ('live', 'past'): what the scores in force were computed with, and how far a run under way is.
CREATE TABLE rfm_runs (
  kind TEXT PRIMARY KEY,
  done TEXT,
  open TEXT,
  shown_at INTEGER NOT NULL
) WITHOUT ROWID;

-- The matrix over time: what a cell's segment came to from a shop-local day on, written where it differs from before.
CREATE TABLE rfm_history (
  segment TEXT NOT NULL,
  cell INTEGER NOT NULL,
  day TEXT NOT NULL,
  contacts INTEGER NOT NULL,
  orders REAL NOT NULL,
  revenue INTEGER NOT NULL,
  PRIMARY KEY (segment, cell, day)
) WITHOUT ROWID;
