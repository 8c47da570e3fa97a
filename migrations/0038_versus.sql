-- A version that runs as a test beside the live one: for which share of contacts (0 to 1), and since when. Null without one.
ALTER TABLE scenarios ADD COLUMN challenger_version INTEGER;
ALTER TABLE scenarios ADD COLUMN challenger_share REAL;
ALTER TABLE scenarios ADD COLUMN challenger_since INTEGER;
