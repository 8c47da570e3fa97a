-- A contact's identities are found by the contact: for its timeline, for a merge, for an erasure.
CREATE INDEX identities_contact ON identities (contact);
