-- How the columns of a shop's own files are to be read, by a name of the shop's.
CREATE TABLE import_mappings (
  name TEXT PRIMARY KEY,
  definition TEXT NOT NULL,
  version INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) WITHOUT ROWID;

-- Lines that say yes in the place of somebody who has said no.
ALTER TABLE imports ADD COLUMN suppressed INTEGER NOT NULL DEFAULT 0;
