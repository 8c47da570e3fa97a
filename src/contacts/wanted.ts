/** SQL for the row ids of contacts that are wanted by two JSON arrays: `?1` of row ids, `?2` of identities. */
export const WANTED_CONTACTS =
  "SELECT value FROM json_each(?1) UNION ALL " +
  "SELECT contact FROM identities WHERE identity IN (SELECT value FROM json_each(?2))";
