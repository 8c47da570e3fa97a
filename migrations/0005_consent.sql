-- The ledger of consents with all that a proof needs. It is read in the order in which the words were given: by the
-- number of the request in the journal, then by the place of the event in it.
CREATE TABLE consent_events_next (
  contact INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  position INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  channel TEXT NOT NULL,
  purpose TEXT NOT NULL,
  action TEXT NOT NULL,
  at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  wording TEXT,
  wording_id TEXT,
  source TEXT,
  form TEXT,
  way TEXT NOT NULL,
  origin TEXT,
  agent TEXT,
  claimed_at INTEGER,
  sent_at INTEGER,
  clicked_at INTEGER,
  PRIMARY KEY (contact, seq, position, channel, purpose, action)
) WITHOUT ROWID;
INSERT INTO consent_events_next
  (contact, seq, position, event_id, channel, purpose, action, at, recorded_at, wording, source, way, origin)
SELECT contact, 0, row_number() OVER (PARTITION BY contact ORDER BY recorded_at, at), event_id, channel, purpose,
  action, at, recorded_at, wording, source,
  CASE way WHEN 'secret' THEN 'server' WHEN 'import' THEN 'import' WHEN 'internal' THEN
    CASE source WHEN 'one-click unsubscribe' THEN 'one_click' WHEN 'unsubscribe page' THEN 'preference_centre'
    ELSE 'admin' END ELSE 'browser' END,
  origin
FROM consent_events;
DROP TABLE consent_events;
ALTER TABLE consent_events_next RENAME TO consent_events;

-- What a person was shown when they agreed. The version follows from the text, so that no text changes under a version.
CREATE TABLE wordings (
  id TEXT PRIMARY KEY,
  key TEXT NOT NULL,
  version TEXT NOT NULL,
  language TEXT NOT NULL,
  text TEXT NOT NULL,
  first_used_at INTEGER NOT NULL
) WITHOUT ROWID;
