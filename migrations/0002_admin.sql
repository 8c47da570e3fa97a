-- What the admin API looks things up by. Each index is partial, so that a row which is not in it costs nothing.
CREATE INDEX contacts_email ON contacts (email) WHERE email IS NOT NULL;
CREATE INDEX contacts_claimed_email ON contacts (claimed_email) WHERE claimed_email IS NOT NULL;
CREATE INDEX sends_stuck ON sends (updated_at) WHERE state IN ('failed', 'unknown');

-- Answers to requests that carried an Idempotency-Key; `status` is NULL while the first one is at work.
CREATE TABLE idempotency (
  id TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  status INTEGER,
  body TEXT,
  at INTEGER NOT NULL
) WITHOUT ROWID;

-- Lines that were imported, by a hash of what they say: the ring of message ids holds a contact's last events only.
CREATE TABLE import_lines (
  id TEXT PRIMARY KEY
) WITHOUT ROWID;

ALTER TABLE imports ADD COLUMN rejected_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN warnings TEXT NOT NULL DEFAULT '[]';
ALTER TABLE imports ADD COLUMN reason TEXT;
-- Time of the last chunk: an import that has had none for long was cut off.
ALTER TABLE imports ADD COLUMN touched_at INTEGER NOT NULL DEFAULT 0;
