-- What operators see of each source. The ledger counts in memory and writes a row per source and hour at most once a
-- minute, with the values of its own life: writing it again changes nothing, and lives of one hour are added up.
CREATE TABLE source_hours (
  hour INTEGER NOT NULL,
  source TEXT NOT NULL,
  life TEXT NOT NULL,
  events INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  last_event_at INTEGER,
  last_at INTEGER,
  counts TEXT NOT NULL,
  PRIMARY KEY (hour, source, life)
) WITHOUT ROWID;

-- No index by them: refusals are looked through from the newest, within some days.
ALTER TABLE rejected_events ADD COLUMN source TEXT;
ALTER TABLE rejected_events ADD COLUMN code TEXT;

CREATE TABLE alerts (
  id TEXT PRIMARY KEY,
  rule TEXT NOT NULL,
  subject TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  -- When it was told of last.
  said_at INTEGER NOT NULL,
  reminders INTEGER NOT NULL,
  facts TEXT NOT NULL
) WITHOUT ROWID;
-- Of one thing there is one open alert, however often somebody looks.
CREATE UNIQUE INDEX alerts_open ON alerts (rule, subject) WHERE closed_at IS NULL;

-- What is to be told, to whom, frozen as it was made: a repeat sends the same bytes under the same id.
CREATE TABLE alert_notices (
  id TEXT PRIMARY KEY,
  alert TEXT NOT NULL,
  kind TEXT NOT NULL,
  way TEXT NOT NULL,
  target TEXT NOT NULL,
  body TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  reason TEXT
) WITHOUT ROWID;
CREATE INDEX alert_notices_open ON alert_notices (next_at) WHERE state = 'open';
