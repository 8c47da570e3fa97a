-- What the shop said last of an item over all its locations, and as of when (epoch ms); nothing where it never did.
ALTER TABLE stock_items ADD COLUMN total INTEGER;
ALTER TABLE stock_items ADD COLUMN total_at INTEGER;

-- What of a location's stock is counted in that total: the difference came since.
ALTER TABLE stock_levels ADD COLUMN counted INTEGER;
UPDATE stock_levels SET counted = available;

-- Since when a product can no longer be bought, whatever is in stock of it (epoch ms); nothing while it can.
ALTER TABLE products ADD COLUMN gone_at INTEGER;
