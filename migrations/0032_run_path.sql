-- The blocks that a run has left, as `[block, when, way out]`; written once, when it ends.
ALTER TABLE runs ADD COLUMN path TEXT;
