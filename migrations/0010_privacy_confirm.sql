-- An erasure that somebody asked for by a link waits until the shop has heard from them at their own address.
ALTER TABLE privacy_requests ADD COLUMN confirmed_at INTEGER;
UPDATE privacy_requests SET confirmed_at = asked_at WHERE asked_by = 'admin';
