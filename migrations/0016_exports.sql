-- Every export that was asked for: who (an id of the admin key), what, and how far it went. A link opens one row, once.
CREATE TABLE exports (
  id TEXT PRIMARY KEY,
  key TEXT NOT NULL,
  name TEXT NOT NULL,
  format TEXT NOT NULL,
  options TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  opened_at INTEGER,
  finished_at INTEGER,
  rows INTEGER,
  ended TEXT
) WITHOUT ROWID;
