-- Deliveries that were carried out, by a hash of who sent what: what comes again is answered and left. Kept thirty days.
CREATE TABLE webhook_deliveries (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) WITHOUT ROWID;

-- As of when something of the shop's was last stated (epoch ms). A statement that is older fails its whole batch: NULL
-- is no time.
CREATE TABLE shop_resources (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) WITHOUT ROWID;

-- The variant behind an item of a shop's stock keeping, and what is at each of its locations.
CREATE TABLE stock_items (
  item TEXT PRIMARY KEY,
  product_id TEXT NOT NULL,
  sku TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE stock_levels (
  item TEXT NOT NULL,
  location TEXT NOT NULL,
  available INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (item, location)
) WITHOUT ROWID;

-- Changes of orders that are not known yet: applied when the order comes. `contact` is whoever they came to.
CREATE TABLE waiting_changes (
  order_id TEXT NOT NULL,
  id TEXT NOT NULL,
  contact INTEGER NOT NULL,
  at INTEGER NOT NULL,
  change TEXT NOT NULL,
  PRIMARY KEY (order_id, id)
) WITHOUT ROWID;
CREATE INDEX waiting_changes_contact ON waiting_changes (contact);

-- As of when a shop last stated a contact as a whole, epoch ms.
ALTER TABLE contacts ADD COLUMN stated_at INTEGER;

-- Where a cart can be gone on with.
ALTER TABLE carts ADD COLUMN url TEXT;

-- As of when the amounts and lines of an order were last told; its status may have been told since. Epoch ms.
ALTER TABLE orders ADD COLUMN stated_at INTEGER;
