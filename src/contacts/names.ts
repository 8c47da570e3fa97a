import type { Profile } from "./profile";

/** What a person is known by in events and texts. Addresses are normalised; identities as contacts/identity.ts writes them. */
export interface Names {
  readonly users: readonly string[];
  readonly browsers: readonly string[];
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  /** Every identity that named them, claimed ones too. */
  readonly identities: readonly string[];
}

export const NO_NAMES: Names = { users: [], browsers: [], emails: [], phones: [], identities: [] };

/** What a profile is known by. */
export function namesOf(profile: Profile): Names {
  const { externalId, anonymousId, email, claimedEmail, phone } = profile;
  return {
    users: present(externalId),
    browsers: present(anonymousId),
    emails: [...new Set([...present(email), ...present(claimedEmail)])],
    phones: present(phone),
    identities: [],
  };
}

/** What identities say of somebody: `u:` and `c:` user ids, `a:` and `x:` browsers, `e:` addresses. */
export function namesOfIdentities(identities: readonly string[]): Names {
  const after = (kind: string): string[] =>
    identities.flatMap((identity) => (identity.startsWith(`${kind}:`) ? [identity.slice(2)] : []));
  // A claim on somebody else's browser names neither the browser nor the user id as this person's own.
  return { users: [...after("u"), ...after("c")], browsers: after("a"), emails: after("e"), phones: [], identities };
}

/** The addresses of somebody that they proved; one that they only typed may be another's. */
export function provenEmails({ emails, identities }: Names): string[] {
  return emails.filter((email) => identities.includes(`e:${email}`));
}

/** All names of several people, each once. */
export function joinNames(all: readonly Names[]): Names {
  const each = (key: keyof Names): string[] => [...new Set(all.flatMap((names) => names[key]))];
  return {
    users: each("users"),
    browsers: each("browsers"),
    emails: each("emails"),
    phones: each("phones"),
    identities: each("identities"),
  };
}

/** What is kept of somebody's names as keyed hashes: everything by which they could be brought back. */
export function barredNames({ users, browsers, emails, phones, identities }: Names): string[] {
  return [
    ...new Set([
      ...users.flatMap((user) => [`u:${user}`, `c:${user}`]),
      ...browsers.map((browser) => `a:${browser}`),
      ...emails.map((email) => `e:${email}`),
      ...phones.map((phone) => `p:${phone}`),
      ...identities,
    ]),
  ];
}

function present(value: string | null): string[] {
  return value === null || value === "" ? [] : [value];
}
