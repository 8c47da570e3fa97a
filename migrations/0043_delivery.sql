-- What came back about messages to somebody: bounces by address, and complaints. NULL where all went well.
ALTER TABLE contacts ADD COLUMN delivery TEXT;

-- Addresses that are not written to any more, by keyed hash: what an erasure leaves of them. A row that was lifted says
-- so and suppresses nothing. `contact` is empty once its contact was erased.
CREATE TABLE suppressions (
  hash TEXT NOT NULL,
  kind TEXT NOT NULL,
  channel TEXT NOT NULL,
  source TEXT NOT NULL,
  contact INTEGER,
  send TEXT NOT NULL,
  at INTEGER NOT NULL,
  lifted_at INTEGER,
  PRIMARY KEY (hash, kind)
) WITHOUT ROWID;
CREATE INDEX suppressions_source ON suppressions (source, at);
CREATE INDEX suppressions_contact ON suppressions (contact) WHERE contact IS NOT NULL;
