-- Why a family cannot be computed, and since when; NULL where it can. It is left out until it is computed over everybody.
ALTER TABLE segment_families ADD COLUMN failed_at INTEGER;
ALTER TABLE segment_families ADD COLUMN failure TEXT;
