/** The orders that a JSON array of identities names: `o:` and the order's id. `array` is its parameter. */
export function namedOrders(array: string): string {
  // The range keeps SQLite from looking at every identity; ';' follows ':'.
  return `order_id IN (SELECT substr(value, 3) FROM json_each(${array}) WHERE value >= 'o:' AND value < 'o;')`;
}

/** The orders that changes may wait for: `w:` and the order's id. */
export function awaitedOrders(array: string): string {
  return `order_id IN (SELECT substr(value, 3) FROM json_each(${array}) WHERE value >= 'w:' AND value < 'w;')`;
}

/** SQL for the row ids of contacts that are wanted by two JSON arrays: `?1` of row ids, `?2` of identities. */
export const WANTED_CONTACTS =
  "SELECT value AS id FROM json_each(?1) UNION " +
  "SELECT contact FROM identities WHERE identity IN (SELECT value FROM json_each(?2)) UNION " +
  `SELECT contact FROM orders WHERE ${namedOrders("?2")} UNION ` +
  `SELECT contact FROM waiting_changes WHERE ${awaitedOrders("?2")}`;

/**
 * A common table `family (head, member)` of the wanted contacts: each with itself and everybody who was merged into it,
 * directly or by way of another. Rows keep the contact they came to, so whoever reads by contact reads by this.
 */
export const WANTED_FAMILIES =
  `WITH RECURSIVE wanted(id) AS (${WANTED_CONTACTS}), family(head, member) AS (SELECT id, id FROM wanted UNION ALL ` +
  "SELECT f.head, m.id FROM family f JOIN contacts m ON m.merged_into = f.member)";

/** SQL for the row ids of one contact's family; `contact` is an expression for its row id. */
export function familyOf(contact: string): string {
  return (
    `WITH RECURSIVE family(id) AS (SELECT ${contact} UNION ALL ` +
    "SELECT m.id FROM contacts m JOIN family f ON m.merged_into = f.id) SELECT id FROM family"
  );
}

/** SQL for whoever stands for a contact by now; `contact` is the alias of its row in `contacts`. */
export function headOf(contact: string): string {
  return (
    `(WITH RECURSIVE up(id, next) AS (SELECT ${contact}.id, ${contact}.merged_into UNION ALL ` +
    "SELECT p.id, p.merged_into FROM up JOIN contacts p ON p.id = up.next) SELECT id FROM up WHERE next IS NULL)"
  );
}
