-- Rules about orders read nothing but this index, in the order of their times. An order has one row in it, as before.
DROP INDEX orders_contact;
CREATE INDEX orders_by_contact ON orders (contact, placed_at, status, currency, net);

-- Whom somebody brought is asked by the advocate.
CREATE INDEX referrals_advocate ON referrals (advocate);

-- The first time that a message was delivered, and that a person opened or clicked it. What a machine does is in no row.
CREATE TABLE message_acts (
  contact INTEGER NOT NULL,
  send TEXT NOT NULL,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (contact, send, kind)
) WITHOUT ROWID;
