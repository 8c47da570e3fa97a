-- What contacts do, as segments by behaviour need it; only of whoever did something, or was sent something long ago. Days
-- are numbered from 1970-01-01 by the shop's calendar. No figure here changes by itself from one day to the next unless
-- something leaves its window, so a quiet night writes nothing. `units` over what a unit is worth on a day is the score of
-- engagement; `since_day` is the oldest day in it. Money is in minor units of the shop's currency.
CREATE TABLE contact_behaviour (
  contact INTEGER PRIMARY KEY,
  units INTEGER NOT NULL,
  since_day INTEGER,
  acted_day INTEGER,
  mail_day INTEGER,
  mailed INTEGER NOT NULL,
  visit_day INTEGER,
  visits_30 INTEGER NOT NULL,
  visits_90 INTEGER NOT NULL,
  weekend_90 INTEGER NOT NULL,
  day_part TEXT,
  channel TEXT,
  category TEXT,
  orders INTEGER NOT NULL,
  spend INTEGER NOT NULL,
  promoted INTEGER NOT NULL
);

-- One row: the night of the last computation over everybody, as of when, and how far it is (NULL at its end); `ruler` says
-- what the most engaged tenth reaches, and what it reached before, as JSON.
CREATE TABLE behaviour_runs (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  night TEXT NOT NULL,
  at INTEGER NOT NULL,
  after INTEGER,
  done_at INTEGER,
  ruler TEXT
);
