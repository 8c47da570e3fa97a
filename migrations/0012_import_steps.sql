-- An import works in steps. `step` says which one is next, as JSON; NULL once nothing is left to do, its files included.
-- A step is noted with the number of steps before it (`steps`), so that one that is done twice counts once.
ALTER TABLE imports ADD COLUMN plan TEXT NOT NULL DEFAULT '{}';
ALTER TABLE imports ADD COLUMN step TEXT;
ALTER TABLE imports ADD COLUMN steps INTEGER NOT NULL DEFAULT 0;
-- Imports of one lane do not work beside each other. Real epoch ms: a lease must not end because a test moves the clock.
ALTER TABLE imports ADD COLUMN lane TEXT NOT NULL DEFAULT '';
ALTER TABLE imports ADD COLUMN leased_by TEXT NOT NULL DEFAULT '';
ALTER TABLE imports ADD COLUMN leased_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
-- Records of the whole file; NULL until they are counted.
ALTER TABLE imports ADD COLUMN total INTEGER;
ALTER TABLE imports ADD COLUMN ignored INTEGER NOT NULL DEFAULT 0;
-- Cancellations that became refunds, and those of which nobody can say what they cancel.
ALTER TABLE imports ADD COLUMN tied INTEGER NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN untied TEXT NOT NULL DEFAULT '[]';
ALTER TABLE imports ADD COLUMN untied_count INTEGER NOT NULL DEFAULT 0;
CREATE INDEX imports_open ON imports (id) WHERE step IS NOT NULL;

-- What was uploaded, in the order of its parts; each is a few objects in R2 under its own generation.
CREATE TABLE import_parts (
  import TEXT NOT NULL,
  part INTEGER NOT NULL,
  generation TEXT NOT NULL,
  objects INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (import, part)
) WITHOUT ROWID;

-- The file as text, cut between records. `buckets`: where the lines of each share of the orders begin, in bytes.
CREATE TABLE import_pieces (
  import TEXT NOT NULL,
  piece INTEGER NOT NULL,
  line INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  buckets TEXT,
  PRIMARY KEY (import, piece)
) WITHOUT ROWID;

-- Whether an order's lines come from imports: 'made' where nobody stated its totals, which then follow from the lines;
-- 'added' where somebody did. NULL for an order whose own event named its lines, or that has none.
ALTER TABLE orders ADD COLUMN lined TEXT;
