-- What runs want done beside messages: coupons, points, calls, tasks. A row is written once by the shard that decided it
-- and settled by the event that says what came of it, in one batch with its effect.
CREATE TABLE acts (
  contact INTEGER NOT NULL,
  id TEXT NOT NULL,
  run TEXT NOT NULL,
  scenario TEXT NOT NULL,
  block TEXT NOT NULL,
  kind TEXT NOT NULL,
  details TEXT NOT NULL,
  -- When the run came to it, epoch ms.
  at INTEGER NOT NULL,
  -- pending, done, failed (it could not be done), refused (it may not be done).
  state TEXT NOT NULL DEFAULT 'pending',
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL,
  result TEXT,
  done_at INTEGER,
  PRIMARY KEY (contact, id)
) WITHOUT ROWID;

-- What nobody has done yet. A row leaves it when it is settled.
CREATE INDEX acts_due ON acts (next_at) WHERE state = 'pending';

-- Who is in an audience for ads and the site. Whoever left keeps a row, so that what is older does not bring them back.
CREATE TABLE audience_members (
  contact INTEGER NOT NULL,
  audience TEXT NOT NULL,
  member INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (contact, audience)
) WITHOUT ROWID;

-- Addresses of webhooks that take nothing at present, and since when; one that takes a call again has no row.
CREATE TABLE webhook_endpoints (
  url TEXT PRIMARY KEY,
  failing_since INTEGER NOT NULL,
  tried_at INTEGER NOT NULL,
  is_open INTEGER NOT NULL
) WITHOUT ROWID;
