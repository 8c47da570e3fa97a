-- One message to many, as somebody confirmed it. Times are epoch ms.
CREATE TABLE campaigns (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  definition TEXT NOT NULL,
  -- draft, confirmed, paused, cancelled, done. The permit asks for it, so one row stops or ends a campaign.
  state TEXT NOT NULL,
  -- Why it is paused, where it paused itself.
  reason TEXT,
  -- How many it was confirmed for, and how many were found when it was frozen.
  audience INTEGER,
  frozen INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  confirmed_at INTEGER,
  -- No message leaves before.
  starts_at INTEGER,
  -- Contacts up to this one have been looked at; frozen_at is when that came to its end.
  freeze_after INTEGER NOT NULL,
  frozen_at INTEGER,
  -- Versions of the contents by arm, as they were when it was confirmed.
  versions TEXT,
  -- The arm that won its test, as {arm, cause, at, counts}.
  winner TEXT,
  ended_at INTEGER,
  touched_at INTEGER NOT NULL
) WITHOUT ROWID;
-- Those that are on their way, for the sweep.
CREATE INDEX campaigns_open ON campaigns (touched_at) WHERE confirmed_at IS NOT NULL AND ended_at IS NULL;

-- The frozen audience, some hundred contacts to a row, so that it costs a message next to nothing.
CREATE TABLE campaign_pages (
  campaign TEXT NOT NULL,
  page INTEGER NOT NULL,
  -- frozen, prepared (the messages are rows of `sends`), released (they are in their queue), done.
  state TEXT NOT NULL,
  -- NULL: what the test of the contents says goes to them.
  arm TEXT,
  -- Step of the ramp.
  stage INTEGER NOT NULL,
  -- When its messages were to leave, and when they do: NULL waits for the winner.
  planned_at INTEGER NOT NULL,
  due_at INTEGER,
  released_at INTEGER,
  -- Decisions against a message, by reason.
  withheld TEXT NOT NULL,
  -- Numbers of contacts as JSON: to be written to, and of the control group.
  contacts TEXT NOT NULL,
  control TEXT NOT NULL,
  PRIMARY KEY (campaign, page)
) WITHOUT ROWID;
