/** Mailbox providers that run several domains; any other domain is one of its own. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  orange: ["orange.fr", "wanadoo.fr"],
  sfr: ["sfr.fr", "neuf.fr", "club-internet.fr", "numericable.fr"],
  free: ["free.fr", "libertysurf.fr", "aliceadsl.fr"],
  gmail: ["gmail.com", "googlemail.com"],
  microsoft: ["outlook.com", "outlook.fr", "hotmail.com", "hotmail.fr", "live.com", "live.fr", "msn.com"],
  yahoo: ["yahoo.com", "yahoo.fr", "ymail.com", "aol.com"],
  apple: ["icloud.com", "me.com", "mac.com"],
  laposte: ["laposte.net"],
};

const BY_DOMAIN: ReadonlyMap<string, string> = new Map(
  Object.entries(GROUPS).flatMap(([group, domains]) => domains.map((domain) => [domain, group])),
);

/** Who runs the mailbox of an address: the name of a provider with several domains, else the domain. */
export function mailboxOf(email: string): string {
  const domain = email.slice(email.lastIndexOf("@") + 1).toLowerCase();
  return BY_DOMAIN.get(domain) ?? domain;
}

/** SQL for the same; `domain` is an expression for the part behind the @. */
export function mailboxSql(domain: string): string {
  const cases = Object.entries(GROUPS).map(([group, domains]) => {
    return `WHEN ${domain} IN (${domains.map((one) => `'${one}'`).join(", ")}) THEN '${group}'`;
  });
  return `CASE ${cases.join(" ")} ELSE ${domain} END`;
}

/** What came back of messages to one mailbox provider. */
export interface MailboxFigures {
  readonly mailbox: string;
  readonly sent: number;
  readonly complaints: number;
  readonly bounces: number;
}

/** Shares of a provider's messages that it bears, and from how many messages on a share says something. */
export interface BrakeLimits {
  readonly complaints: number;
  readonly bounces: number;
  readonly least: number;
}

/** Marketing waits before a limit is reached: what is on its way comes on top (Appendix B 31). */
const NEARLY = 0.9;
/** Nine tenths of a limit are reached by what is exactly as much. */
const ROUNDING = 1e-9;

/** The mailbox providers to which marketing has to wait by what came back lately. */
export function mailboxesToSpare(all: readonly MailboxFigures[], limits: BrakeLimits): readonly string[] {
  return all.flatMap(({ mailbox, sent, complaints, bounces }) => {
    if (sent < limits.least) return [];
    const reaches = (count: number, limit: number): boolean => count > 0 && count / sent >= NEARLY * limit - ROUNDING;
    return reaches(complaints, limits.complaints) || reaches(bounces, limits.bounces) ? [mailbox] : [];
  });
}
