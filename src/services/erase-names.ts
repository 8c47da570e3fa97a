import type { Names } from "../contacts/names";
import { joinNames, namesOfIdentities } from "../contacts/names";
import { EMPTIED } from "../contacts/profile";

interface Owned {
  readonly identity: string;
  readonly contact: number;
}

/**
 * What erased contacts were known by: what their rows said when they were emptied, and their identities. Names that
 * somebody else has are left out: an address typed in a browser may be another's, a browser may have gone to another.
 */
export async function gatherNames(
  db: D1Database,
  contacts: readonly number[],
  noted: readonly Names[],
): Promise<Names> {
  const family = JSON.stringify(contacts);
  const owned = "SELECT identity, contact FROM identities WHERE contact IN (SELECT value FROM json_each(?1))";
  const { results } = await db.prepare(owned).bind(family).all<Owned>();
  const names = joinNames([...noted, namesOfIdentities(results.map(({ identity }) => identity))]);
  const taken = await takenByOthers(db, contacts, names);
  const free = (kind: string, values: readonly string[]): string[] =>
    values.filter((value) => !taken.has(`${kind}:${value}`));
  return {
    users: free("u", names.users),
    browsers: free("a", names.browsers),
    emails: free("e", names.emails),
    phones: free("p", names.phones),
    identities: names.identities,
  };
}

async function takenByOthers(db: D1Database, contacts: readonly number[], names: Names): Promise<ReadonlySet<string>> {
  const { users, browsers, emails, phones } = names;
  const keys = [
    ...users.map((user) => `u:${user}`),
    ...browsers.map((browser) => `a:${browser}`),
    ...emails.map((email) => `e:${email}`),
  ];
  const others = `NOT IN (SELECT value FROM json_each(?2)) AND status NOT IN ${EMPTIED}`;
  const [identities, numbers] = await db.batch([
    db
      .prepare(
        "SELECT i.identity FROM identities i JOIN contacts c ON c.id = i.contact " +
          `WHERE i.identity IN (SELECT value FROM json_each(?1)) AND c.id ${others}`,
      )
      .bind(JSON.stringify(keys), JSON.stringify(contacts)),
    db
      .prepare(
        `SELECT 'p:' || phone AS identity FROM contacts WHERE phone IN (SELECT value FROM json_each(?1)) AND id ${others}`,
      )
      .bind(JSON.stringify(phones), JSON.stringify(contacts)),
  ]);
  const rows = [...(identities?.results ?? []), ...(numbers?.results ?? [])] as { identity: string }[];
  return new Set(rows.map(({ identity }) => identity));
}
