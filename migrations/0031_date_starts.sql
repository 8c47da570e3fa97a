-- Since when a scenario has been active without a pause: no date that fell before lets anybody in.
ALTER TABLE scenarios ADD COLUMN active_since INTEGER;
UPDATE scenarios SET active_since = updated_at WHERE state = 'active';

-- Whose birthday a day is. One more row for a contact with a birth date whenever its profile changes.
CREATE INDEX contacts_by_birthday ON contacts (substr(birth_date, 6)) WHERE birth_date IS NOT NULL;
