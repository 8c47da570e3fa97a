-- Rules that ask what somebody bought begin with the lines of one contact. What they ask for most stands in the index, by
-- letters of either case as rules compare them, so that no line itself is read: a row of its own for each line, against a
-- search of all orders for each such rule.
CREATE INDEX order_lines_by_contact ON order_lines (contact, category COLLATE NOCASE, brand COLLATE NOCASE, product_id);
