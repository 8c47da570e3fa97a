-- A rehearsal of a version over a period: what was asked (`plan`), how far it is (`step`, NULL once nothing is left to do)
-- and what came of it (`result`). It is worked in steps; `steps` counts those that were noted, so that nobody notes one twice.
CREATE TABLE rehearsals (
  id TEXT PRIMARY KEY,
  scenario TEXT NOT NULL,
  status TEXT NOT NULL,
  plan TEXT NOT NULL,
  step TEXT,
  steps INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  events INTEGER NOT NULL DEFAULT 0,
  result TEXT,
  reason TEXT,
  created_at INTEGER NOT NULL,
  touched_at INTEGER NOT NULL,
  finished_at INTEGER
) WITHOUT ROWID;
CREATE INDEX rehearsals_scenario ON rehearsals (scenario, created_at);

-- What each part of the contacts came to, until the parts are added up.
CREATE TABLE rehearsal_parts (
  rehearsal TEXT NOT NULL,
  part INTEGER NOT NULL,
  result TEXT NOT NULL,
  PRIMARY KEY (rehearsal, part)
) WITHOUT ROWID;

-- Entries as they would have been. `side` 0 is the version, 1 the one that it is compared with. `contact` is whoever has
-- the identity today, 0 where nobody does. `created_at` is the rehearsal's own.
CREATE TABLE rehearsal_entries (
  rehearsal TEXT NOT NULL,
  side INTEGER NOT NULL,
  entered_at INTEGER NOT NULL,
  run TEXT NOT NULL,
  contact INTEGER NOT NULL,
  entry_key TEXT NOT NULL,
  exited_at INTEGER,
  outcome TEXT,
  reason TEXT,
  messages TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (rehearsal, side, entered_at, run)
) WITHOUT ROWID;
