-- Who was merged into whom: their rows keep their contact, and every read by contact takes the whole family.
CREATE INDEX contacts_merged ON contacts (merged_into) WHERE merged_into IS NOT NULL;

-- New browsers of a contact within the present window, as JSON [since, count]; on the row that is written anyway.
ALTER TABLE contacts ADD COLUMN browsers TEXT;

-- Every merge with what it took over, so that it can be undone. `step` says how far the scenario state has come:
-- moving, received, done; an undo sends it back and begins at `moving` again.
CREATE TABLE merges (
  id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  winner INTEGER NOT NULL,
  loser INTEGER NOT NULL,
  cause TEXT NOT NULL,
  by TEXT NOT NULL,
  at INTEGER NOT NULL,
  taken TEXT NOT NULL,
  step TEXT NOT NULL,
  undone_at INTEGER
) WITHOUT ROWID;
CREATE INDEX merges_winner ON merges (winner);
CREATE INDEX merges_loser ON merges (loser);
-- What the sweep resumes and the permit waits for: as small as what is under way.
CREATE INDEX merges_open ON merges (seq) WHERE step <> 'done';
