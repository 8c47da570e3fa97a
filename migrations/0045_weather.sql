-- The weather of a place as its source told it last; `kind` is null where the source could not tell.
CREATE TABLE weather (
  place TEXT PRIMARY KEY,
  kind TEXT,
  degrees INTEGER,
  told_at INTEGER NOT NULL
) WITHOUT ROWID;
