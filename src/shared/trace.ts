/**
 * The network that an address belongs to: /24 of IPv4, /48 of IPv6. Enough to prove where a word came from, too little
 * to say from whom. A text that is no address stays as it is.
 */
export function networkOf(address: string): string {
  const four = /^(?:::ffff:)?(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/i.exec(address);
  if (four) return `${four[1]}.0/24`;
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("%")[0]?.split("::") ?? [];
  const first = head === "" ? [] : head.split(":");
  const rest = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - rest.length);
  const groups = [...first, ...Array.from({ length: zeros }, () => "0"), ...rest];
  const prefix = groups.slice(0, 3).map((group) => group.replace(/^0+(?=.)/, "").toLowerCase());
  return `${prefix.join(":")}::/48`;
}

const BROWSERS = [
  ["Edge", /\bEdg(?:A|iOS)?\/(\d+)/],
  ["Opera", /\bOPR\/(\d+)/],
  ["Samsung Internet", /\bSamsungBrowser\/(\d+)/],
  ["Firefox", /\b(?:Firefox|FxiOS)\/(\d+)/],
  ["Chrome", /\b(?:Headless)?Chrome\/(\d+)|\bCriOS\/(\d+)/],
  ["Safari", /\bVersion\/(\d+)[\d.]* (?:Mobile\/\S+ )?Safari\//],
] as const;

const SYSTEMS = [
  ["Android", /\bAndroid\b/],
  ["iOS", /\b(?:iPhone|iPad|iPod)\b/],
  ["Windows", /\bWindows\b/],
  ["macOS", /\bMacintosh\b/],
  ["Linux", /\bLinux\b/],
] as const;

/** A browser's name with its major version and its system: "Firefox 128, Windows". Null where nothing is known. */
export function shortAgent(userAgent: string | undefined): string | null {
  if (userAgent === undefined || userAgent === "") return null;
  const system = SYSTEMS.find(([, pattern]) => pattern.test(userAgent))?.[0];
  for (const [name, pattern] of BROWSERS) {
    const found = pattern.exec(userAgent);
    if (found) return [`${name} ${found[1] ?? found[2]}`, system].filter((part) => part !== undefined).join(", ");
  }
  // A program's own name, without its version and comments.
  return /^[A-Za-z][\w.-]{0,39}/.exec(userAgent)?.[0] ?? null;
}

/** The address of a page without what may name a person: user, query and fragment. Null for anything else. */
export function pageAddress(value: unknown): string | null {
  if (typeof value !== "string" || value.length > 2_000 || !URL.canParse(value)) return null;
  const { protocol, host, pathname } = new URL(value);
  return protocol === "https:" || protocol === "http:" ? `${protocol}//${host}${pathname}`.slice(0, 300) : null;
}
