-- Segments. A family is one exclusive partition, or one simple segment under its own key. Names of segments are text
-- inside the key of their family, so one row says where a contact stands in a family.

CREATE TABLE segments (
  key TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  definition TEXT NOT NULL,
  -- 'removing' while its rows are being deleted in steps.
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) WITHOUT ROWID;

-- Where a family stands in being computed anew over everybody: `pass` is why ('first', 'rule') and NULL when it is not;
-- contacts up to `pass_after` have been looked at.
CREATE TABLE segment_families (
  family TEXT PRIMARY KEY,
  computed_at INTEGER,
  pass TEXT,
  pass_at INTEGER,
  pass_after INTEGER NOT NULL
) WITHOUT ROWID;

-- One row. Whoever writes members has read `version` before and adds one: two who compute beside each other cannot both
-- write. `followed` is the place in the journal up to which contacts that changed were looked at; `night` is the
-- shop-local day of the last pass over everybody, which is under way while `night_after` is there.
CREATE TABLE segment_progress (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL,
  followed INTEGER NOT NULL,
  night TEXT NOT NULL,
  night_at INTEGER NOT NULL,
  night_after INTEGER
);
INSERT INTO segment_progress (id, version, followed, night, night_at, night_after) VALUES (1, 0, 0, '', 0, NULL);

-- No row: in none of the family. `next` is a lower segment that a contact seems to have fallen to, since when, and why;
-- it is given time to come back.
CREATE TABLE segment_members (
  family TEXT,
  contact INTEGER,
  segment TEXT NOT NULL,
  since INTEGER NOT NULL,
  next TEXT,
  next_since INTEGER,
  next_cause TEXT,
  PRIMARY KEY (family, contact)
) WITHOUT ROWID;

CREATE TABLE segment_transitions (
  family TEXT,
  contact INTEGER,
  at INTEGER,
  from_segment TEXT,
  to_segment TEXT,
  cause TEXT NOT NULL,
  PRIMARY KEY (family, contact, at)
) WITHOUT ROWID;
-- The newest of a family. First computations, which are most of all rows, cost no entry.
CREATE INDEX segment_transitions_at ON segment_transitions (family, at) WHERE cause <> 'first';

-- Transitions that are to be told as events, one for a contact and family: what moves on meanwhile is told as one. Once
-- told it stays for as long as the next one has to wait.
CREATE TABLE segment_news (
  family TEXT,
  contact INTEGER,
  at INTEGER NOT NULL,
  due INTEGER NOT NULL,
  from_segment TEXT,
  to_segment TEXT,
  cause TEXT NOT NULL,
  told_at INTEGER,
  PRIMARY KEY (family, contact)
) WITHOUT ROWID;

-- By shop-local day: how many were in each segment in the night that began it, and how many moved during it ('' is none).
CREATE TABLE segment_sizes (
  family TEXT,
  day TEXT,
  segment TEXT,
  contacts INTEGER NOT NULL,
  PRIMARY KEY (family, day, segment)
) WITHOUT ROWID;
CREATE TABLE segment_flows (
  family TEXT,
  day TEXT,
  from_segment TEXT,
  to_segment TEXT,
  cause TEXT,
  contacts INTEGER NOT NULL,
  PRIMARY KEY (family, day, from_segment, to_segment, cause)
) WITHOUT ROWID;
