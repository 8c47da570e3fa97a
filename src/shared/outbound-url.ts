/** Where the product may go on somebody's word: set by the operator, never by whoever types the address. */
export interface OutboundPolicy {
  /** On a developer's machine loopback is allowed, over http and on any port. */
  readonly isLocal: boolean;
  /** Hosts that may be asked: `shop.example`, or `*.shop.example` for all beneath it. */
  readonly hosts: readonly string[];
}

export type OutboundCheck =
  | { readonly ok: true; readonly url: URL }
  /** The reason completes a sentence that begins with the field, as in "is not a web address". */
  | { readonly ok: false; readonly reason: string };

const LONGEST = 2_000;
/** Names that mean the own machine or the own network, wherever they are looked up. */
const INNER_NAMES = /(^|\.)(localhost|localdomain|local|internal|intranet|lan|home|corp|private|arpa)$/;
const LOOPBACK = /^(127(\.\d{1,3}){3}|\[::1\]|localhost)$/;

/**
 * Whether an address that somebody typed may be asked by us. The URL parser has brought every spelling of an address
 * (decimal, hexadecimal, short, full width) to one before it is looked at, and no literal address is taken at all: what
 * a name leads to is held by the operator's list of hosts, as a look-up beforehand could be answered otherwise the next
 * time (DNS rebinding).
 */
export function checkOutboundUrl(text: string, policy: OutboundPolicy): OutboundCheck {
  const url = text.length <= LONGEST && !hasSpaceOrControl(text) && URL.canParse(text) ? new URL(text) : null;
  if (!url) return refused("is not a web address");
  if (url.username !== "" || url.password !== "") return refused("must not hold a user name or a password");
  const host = url.hostname.replace(/\.$/, "");
  if (policy.isLocal && LOOPBACK.test(host) && /^https?:$/.test(url.protocol)) return { ok: true, url };
  if (url.protocol !== "https:") return refused("must begin with https://");
  if (url.port !== "") return refused("must use port 443");
  if (isLiteral(host)) return refused("must name a host, not an IP address");
  if (!host.includes(".") || INNER_NAMES.test(host)) return refused("names a host of the own network");
  if (!policy.hosts.some((allowed) => isWithin(host, allowed)))
    return refused(`names the host ${host}, which the operator has not allowed (OUTBOUND_HOSTS)`);
  return { ok: true, url };
}

function refused(reason: string): OutboundCheck {
  return { ok: false, reason };
}

/** The parser drops tabs and line breaks in silence, so that what is read is not what stands there. */
function hasSpaceOrControl(text: string): boolean {
  return /[\s\p{Cc}]/u.test(text);
}

/** After the parser, an IPv4 address has four decimal parts and an IPv6 address stands in brackets. */
function isLiteral(host: string): boolean {
  return host.startsWith("[") || /^\d+(\.\d+){3}$/.test(host);
}

function isWithin(host: string, allowed: string): boolean {
  const name = allowed.toLowerCase().replace(/\.$/, "");
  return name.startsWith("*.") ? host.endsWith(name.slice(1)) : host === name;
}
