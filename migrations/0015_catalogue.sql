-- Who lists a variant: the feed, what it said last (a hash), and since when it no longer says anything.
ALTER TABLE variants ADD COLUMN feed TEXT;
ALTER TABLE variants ADD COLUMN feed_hash TEXT;
ALTER TABLE variants ADD COLUMN left_feed_at INTEGER;

-- Who said a price before its time; nothing for a price that was told as in force.
ALTER TABLE price_history ADD COLUMN announced TEXT;
CREATE INDEX price_history__announced ON price_history (effective_from) WHERE announced IS NOT NULL;

-- What scenarios start on. Written in the batch that changes the catalogue, so each is told once.
CREATE TABLE catalogue_changes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  product_id TEXT NOT NULL,
  sku TEXT NOT NULL,
  -- Minor units of the currency, or pieces in stock where there is none.
  before INTEGER NOT NULL,
  after INTEGER NOT NULL,
  currency TEXT,
  at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX catalogue_changes__once ON catalogue_changes (product_id, sku, kind, at, after);

CREATE TABLE feeds (
  key TEXT PRIMARY KEY,
  definition TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  -- What the next fetch is told that we have already.
  etag TEXT,
  last_modified TEXT,
  -- When the next fetch is due; nothing while it is paused.
  next_at INTEGER,
  -- The run under way, if any.
  run TEXT
) WITHOUT ROWID;

CREATE TABLE feed_runs (
  feed TEXT NOT NULL,
  id TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  -- reading, writing, leaving; then done, unchanged or failed
  state TEXT NOT NULL,
  reason TEXT,
  tries INTEGER NOT NULL DEFAULT 0,
  etag TEXT,
  last_modified TEXT,
  parts INTEGER NOT NULL DEFAULT 0,
  -- Parts written so far: a step begins where this stands.
  part INTEGER NOT NULL DEFAULT 0,
  items INTEGER NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0,
  gone INTEGER NOT NULL DEFAULT 0,
  rows_written INTEGER NOT NULL DEFAULT 0,
  -- By reason: how many, and the first with its place.
  rejected TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY (feed, id)
) WITHOUT ROWID;
