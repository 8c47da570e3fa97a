-- A row's number must never be used again: whoever read the row before it was taken in would drop the next one.
CREATE TABLE side_journal_next (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  body TEXT NOT NULL
);
INSERT INTO side_journal_next (id, body) SELECT id, body FROM side_journal;
DROP TABLE side_journal;
ALTER TABLE side_journal_next RENAME TO side_journal;
