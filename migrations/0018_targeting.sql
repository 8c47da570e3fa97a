-- Rules about orders read nothing but this index, in the order of their times. An order has one row in it, as before.
DROP INDEX orders_contact;
CREATE INDEX orders_by_contact ON orders (contact, placed_at, status, currency, net);
