-- The star around a contact. Every table of src/contacts/star has the key of its rows (`source_id`), who said so
-- (`source`) and when (`updated_at`); where ids are the contact's own, the key needs no index beside it.

CREATE TABLE reviews (
  source_id TEXT NOT NULL,
  contact INTEGER NOT NULL,
  product_id TEXT,
  order_id TEXT,
  order_line_id TEXT,
  rating REAL,
  nps INTEGER,
  title TEXT,
  text TEXT,
  verified INTEGER,
  reviewed_at INTEGER,
  source TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (contact, source_id)
) WITHOUT ROWID;
CREATE TABLE subscription_contracts (
  source_id TEXT NOT NULL,
  contact INTEGER NOT NULL,
  sku TEXT,
  state TEXT,
  next_renewal_at INTEGER,
  interval_days INTEGER,
  price INTEGER,
  price_currency TEXT,
  started_at INTEGER,
  ended_at INTEGER,
  source TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (source_id)
) WITHOUT ROWID;
CREATE INDEX subscription_contracts_contact ON subscription_contracts (contact);

CREATE TABLE visits (
  source_id TEXT NOT NULL,
  contact INTEGER NOT NULL,
  channel TEXT,
  started_at INTEGER,
  ended_at INTEGER,
  pages INTEGER,
  landing TEXT,
  store TEXT,
  views TEXT,
  source TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (contact, source_id)
) WITHOUT ROWID;
CREATE TABLE app_events (
  source_id TEXT NOT NULL,
  contact INTEGER NOT NULL,
  device_id TEXT,
  name TEXT,
  properties TEXT,
  happened_at INTEGER,
  source TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (contact, source_id)
) WITHOUT ROWID;
CREATE TABLE crm_events (
  source_id TEXT NOT NULL,
  contact INTEGER NOT NULL,
  type TEXT,
  severity TEXT,
  subject TEXT,
  order_id TEXT,
  product_id TEXT,
  opened_at INTEGER,
  closed_at INTEGER,
  source TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (source_id)
) WITHOUT ROWID;
CREATE INDEX crm_events_contact ON crm_events (contact);

CREATE TABLE local_campaigns (
  source_id TEXT NOT NULL,
  contact INTEGER NOT NULL,
  campaign TEXT,
  name TEXT,
  store TEXT,
  starts_at INTEGER,
  ends_at INTEGER,
  addressed_at INTEGER,
  source TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (contact, source_id)
) WITHOUT ROWID;
CREATE TABLE push_campaigns (
  source_id TEXT NOT NULL,
  contact INTEGER NOT NULL,
  campaign TEXT,
  name TEXT,
  platform TEXT,
  addressed_at INTEGER,
  opened_at INTEGER,
  source TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (contact, source_id)
) WITHOUT ROWID;
CREATE TABLE recommendations (
  source_id TEXT NOT NULL,
  contact INTEGER NOT NULL,
  score REAL,
  reason TEXT,
  computed_at INTEGER,
  source TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (contact, source_id)
) WITHOUT ROWID;
CREATE TABLE wishlist_items (
  source_id TEXT NOT NULL,
  contact INTEGER NOT NULL,
  list TEXT,
  product_id TEXT,
  variant_id TEXT,
  price_at_add INTEGER,
  price_at_add_currency TEXT,
  added_at INTEGER,
  removed_at INTEGER,
  last_price_notified INTEGER,
  last_price_notified_currency TEXT,
  last_stock_notified_at INTEGER,
  expires_at INTEGER,
  source TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (contact, source_id)
) WITHOUT ROWID;
CREATE INDEX wishlist_items__product_id ON wishlist_items (product_id) WHERE product_id IS NOT NULL;

CREATE TABLE household_members (
  source_id TEXT NOT NULL,
  contact INTEGER NOT NULL,
  kind TEXT,
  name TEXT,
  birth_date TEXT,
  species TEXT,
  breed TEXT,
  gender TEXT,
  source TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (source_id)
) WITHOUT ROWID;
CREATE INDEX household_members_contact ON household_members (contact);

CREATE TABLE promotions (
  source_id TEXT NOT NULL,
  contact INTEGER,
  name TEXT,
  offer TEXT,
  audience TEXT,
  starts_at INTEGER,
  ends_at INTEGER,
  source TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (source_id)
) WITHOUT ROWID;
CREATE INDEX promotions_contact ON promotions (contact) WHERE contact IS NOT NULL;

-- Tables that a shop defines: `x_` and their key. `pending` is what one is to be while columns are added.
CREATE TABLE custom_tables (
  key TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  definition TEXT NOT NULL,
  pending TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) WITHOUT ROWID;

-- The open visit and the tables that hold rows of the contact: with the contact, as that row is written anyway.
ALTER TABLE contacts ADD COLUMN star TEXT;

ALTER TABLE orders ADD COLUMN number TEXT;
ALTER TABLE orders ADD COLUMN delivered_at INTEGER;
ALTER TABLE orders ADD COLUMN store TEXT;
ALTER TABLE orders ADD COLUMN channel TEXT NOT NULL DEFAULT 'web';
ALTER TABLE orders ADD COLUMN gross INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN net INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN is_gift INTEGER NOT NULL DEFAULT 0;
-- Refunds by their own ids, as JSON; NULL without any.
ALTER TABLE orders ADD COLUMN refunds TEXT;
-- When its status was last told, so that something older does not undo it.
ALTER TABLE orders ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
UPDATE orders SET gross = total, net = total - refunded - shipping, changed_at = placed_at;

-- `unit_price` in ten-thousandths of the currency's major unit; `total` is the line's, in minor units.
ALTER TABLE order_lines ADD COLUMN unit_price INTEGER;
ALTER TABLE order_lines ADD COLUMN total INTEGER NOT NULL DEFAULT 0;
ALTER TABLE order_lines ADD COLUMN discount INTEGER NOT NULL DEFAULT 0;
ALTER TABLE order_lines ADD COLUMN returned_qty INTEGER NOT NULL DEFAULT 0;
ALTER TABLE order_lines ADD COLUMN is_gift INTEGER NOT NULL DEFAULT 0;
UPDATE order_lines SET total = price * quantity;

CREATE TABLE products (
  product_id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  url TEXT,
  image TEXT,
  category TEXT,
  brand TEXT,
  days_supply INTEGER,
  replenishable INTEGER,
  margin_pct REAL,
  review_delay_days INTEGER,
  updated_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE variants (
  product_id TEXT NOT NULL,
  sku TEXT NOT NULL,
  title TEXT,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (product_id, sku)
) WITHOUT ROWID;

-- What is in force is the latest row that has begun; a row that has not is announced.
CREATE TABLE price_history (
  product_id TEXT NOT NULL,
  sku TEXT NOT NULL,
  effective_from INTEGER NOT NULL,
  price INTEGER NOT NULL,
  compare_at INTEGER,
  currency TEXT NOT NULL,
  PRIMARY KEY (product_id, sku, effective_from)
) WITHOUT ROWID;

CREATE TABLE stock_history (
  product_id TEXT NOT NULL,
  sku TEXT NOT NULL,
  effective_from INTEGER NOT NULL,
  stock INTEGER NOT NULL,
  PRIMARY KEY (product_id, sku, effective_from)
) WITHOUT ROWID;

CREATE TABLE stores (
  store_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  lat REAL,
  lon REAL,
  address TEXT,
  timezone TEXT,
  opening_hours TEXT,
  updated_at INTEGER NOT NULL
) WITHOUT ROWID;
