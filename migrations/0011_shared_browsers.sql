-- A conflict clause within a trigger gives way to that of the statement that fired it: OR IGNORE ignored nothing, and a
-- browser that went back and forth between two contacts had its third change refused, with the event that told of it.
DROP TRIGGER identities_shared;
CREATE TRIGGER identities_shared AFTER UPDATE OF contact ON identities
WHEN old.contact <> new.contact AND old.identity LIKE 'a:%'
  AND (SELECT status FROM contacts WHERE id = old.contact) = 'verified'
  AND NOT EXISTS (SELECT 1 FROM shared_browsers WHERE contact = old.contact AND browser = old.identity)
BEGIN
  INSERT INTO shared_browsers (contact, browser) VALUES (old.contact, old.identity);
END;
