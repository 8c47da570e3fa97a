-- What people asked for under data protection law: ids and dates only, so that a row may outlive the contact.
CREATE TABLE privacy_requests (
  id TEXT PRIMARY KEY,
  contact INTEGER NOT NULL,
  kind TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  done_at INTEGER,
  asked_by TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX privacy_requests_open ON privacy_requests (due_at) WHERE done_at IS NULL;

-- Contacts that the ledger emptied and whose rows elsewhere are not all gone yet. `names` is what they were known by,
-- taken in the batch that emptied them; it goes with the row.
CREATE TABLE erased_contacts (
  contact INTEGER PRIMARY KEY,
  request TEXT NOT NULL,
  at INTEGER NOT NULL,
  bars INTEGER NOT NULL,
  names TEXT NOT NULL
);

-- How far the steps of an erasure have come.
CREATE TABLE erasures (
  request TEXT PRIMARY KEY,
  step TEXT NOT NULL,
  place TEXT,
  names TEXT NOT NULL
) WITHOUT ROWID;

-- Keyed hashes of what erased people were known by: nothing but themselves brings them back.
CREATE TABLE tombstones (
  hash TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) WITHOUT ROWID;

-- What a provider was handed about an erased contact and is to be asked to delete, by its own message ids.
CREATE TABLE provider_deletions (
  request TEXT NOT NULL,
  channel TEXT NOT NULL,
  messages TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  done_at INTEGER,
  PRIMARY KEY (request, channel)
) WITHOUT ROWID;

-- The last click of each contact: it counts as contact for retention, where an open does not.
CREATE TABLE last_clicks (
  contact INTEGER PRIMARY KEY,
  at INTEGER NOT NULL
);

-- What the monthly hygiene found and did: counts and ids.
CREATE TABLE hygiene_reports (
  month TEXT PRIMARY KEY,
  report TEXT NOT NULL,
  at INTEGER NOT NULL
) WITHOUT ROWID;
