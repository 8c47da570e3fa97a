-- Times are UTC epoch milliseconds, money integer minor units. Text keys are WITHOUT ROWID: D1 bills a row
-- for a separate key index.

CREATE TABLE cursor (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  owner TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  applied INTEGER NOT NULL,
  woken INTEGER NOT NULL
);
INSERT INTO cursor (id, owner, epoch, applied, woken) VALUES (1, '', 0, 0, 0);

CREATE TABLE journal (
  seq INTEGER PRIMARY KEY,
  received_at INTEGER NOT NULL,
  body TEXT NOT NULL,
  wakes TEXT
);

CREATE TABLE side_journal (
  id INTEGER PRIMARY KEY,
  body TEXT NOT NULL
);

CREATE TABLE rejected_events (
  id INTEGER PRIMARY KEY,
  received_at INTEGER NOT NULL,
  stage TEXT NOT NULL,
  message_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  body TEXT NOT NULL,
  replayed_at INTEGER
);

CREATE TABLE contacts (
  id INTEGER PRIMARY KEY,
  status TEXT NOT NULL,
  merged_into INTEGER,
  external_id TEXT,
  anonymous_id TEXT,
  email TEXT,
  claimed_email TEXT,
  phone TEXT,
  first_name TEXT,
  last_name TEXT,
  civility TEXT,
  language TEXT,
  country TEXT,
  timezone TEXT,
  attributes TEXT NOT NULL,
  consents TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  verified_by TEXT,
  tracked INTEGER NOT NULL,
  ring TEXT NOT NULL,
  seq INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
);

CREATE TABLE identities (
  identity TEXT PRIMARY KEY,
  contact INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE consent_events (
  contact INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  channel TEXT NOT NULL,
  purpose TEXT NOT NULL,
  action TEXT NOT NULL,
  at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  wording TEXT,
  source TEXT,
  way TEXT NOT NULL,
  origin TEXT,
  PRIMARY KEY (contact, event_id, channel, purpose, action)
) WITHOUT ROWID;

CREATE TABLE carts (
  id INTEGER PRIMARY KEY,
  contact INTEGER NOT NULL,
  cart_id TEXT NOT NULL,
  state TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  currency TEXT NOT NULL,
  value INTEGER NOT NULL,
  lines TEXT NOT NULL
);
CREATE INDEX carts_contact ON carts (contact);

CREATE TABLE orders (
  order_id TEXT PRIMARY KEY,
  contact INTEGER NOT NULL,
  status TEXT NOT NULL,
  placed_at INTEGER NOT NULL,
  currency TEXT NOT NULL,
  total INTEGER NOT NULL,
  discount INTEGER NOT NULL,
  tax INTEGER NOT NULL,
  shipping INTEGER NOT NULL,
  refunded INTEGER NOT NULL,
  coupon TEXT,
  shown TEXT NOT NULL,
  source TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX orders_contact ON orders (contact);

CREATE TABLE order_lines (
  order_id TEXT NOT NULL,
  line INTEGER NOT NULL,
  contact INTEGER NOT NULL,
  product_id TEXT NOT NULL,
  sku TEXT,
  name TEXT NOT NULL,
  category TEXT,
  brand TEXT,
  quantity INTEGER NOT NULL,
  price INTEGER NOT NULL,
  url TEXT,
  image TEXT,
  PRIMARY KEY (order_id, line)
) WITHOUT ROWID;

CREATE TABLE contact_metrics (
  contact INTEGER PRIMARY KEY,
  orders INTEGER NOT NULL,
  net_total INTEGER NOT NULL,
  first_order_at INTEGER,
  last_order_at INTEGER
);

CREATE TABLE scenarios (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  template TEXT,
  state TEXT NOT NULL,
  draft_version INTEGER NOT NULL,
  live_version INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  evaluated_at INTEGER
) WITHOUT ROWID;

CREATE TABLE scenario_versions (
  scenario TEXT NOT NULL,
  version INTEGER NOT NULL,
  definition TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (scenario, version)
) WITHOUT ROWID;

CREATE TABLE runs (
  contact INTEGER NOT NULL,
  id TEXT NOT NULL,
  scenario TEXT NOT NULL,
  version INTEGER NOT NULL,
  entry_key TEXT NOT NULL,
  entered_at INTEGER NOT NULL,
  block TEXT,
  exited_at INTEGER,
  outcome TEXT,
  reason TEXT,
  PRIMARY KEY (contact, id)
) WITHOUT ROWID;
CREATE INDEX runs_scenario ON runs (scenario, entered_at);

-- A run that must send nothing more. A row of its own, because an UPDATE would miss a send inserted later.
CREATE TABLE stops (
  contact INTEGER NOT NULL,
  run TEXT NOT NULL,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (contact, run)
) WITHOUT ROWID;

CREATE TABLE decisions (
  contact INTEGER NOT NULL,
  id TEXT NOT NULL,
  send TEXT NOT NULL,
  run TEXT NOT NULL,
  scenario TEXT NOT NULL,
  block TEXT NOT NULL,
  channel TEXT NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  rule INTEGER NOT NULL,
  inputs TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (contact, id)
) WITHOUT ROWID;
CREATE INDEX decisions_at ON decisions (at);

CREATE TABLE sends (
  contact INTEGER NOT NULL,
  id TEXT NOT NULL,
  run TEXT NOT NULL,
  scenario TEXT NOT NULL,
  block TEXT NOT NULL,
  channel TEXT NOT NULL,
  class TEXT NOT NULL,
  content TEXT NOT NULL,
  content_version INTEGER NOT NULL,
  address TEXT NOT NULL,
  data TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  open INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  lease_until INTEGER NOT NULL,
  first_attempt_at INTEGER,
  provider_id TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (contact, id)
) WITHOUT ROWID;
-- What the sweep looks for; a row leaves it when it is settled, so it stays as small as the backlog.
CREATE INDEX sends_open ON sends (created_at) WHERE open = 1;

CREATE TABLE parked_contacts (
  contact INTEGER PRIMARY KEY,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL
);

CREATE TABLE contents (
  key TEXT NOT NULL,
  version INTEGER NOT NULL,
  definition TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (key, version)
) WITHOUT ROWID;

CREATE TABLE imports (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  rows INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  duplicates INTEGER NOT NULL,
  rejected TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) WITHOUT ROWID;

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
