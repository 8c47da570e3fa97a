-- How the columns of a shop's own files are to be read, by a name of the shop's.
CREATE TABLE import_mappings (
  name TEXT PRIMARY KEY,
  definition TEXT NOT NULL,
  version INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) WITHOUT ROWID;
