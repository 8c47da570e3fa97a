import { parsePhoneNumberFromString } from "libphonenumber-js/mobile";

/**
 * One email address in the form that identifies a contact: the domain in lower-case punycode, ASCII letters of the
 * local part in lower case, nothing else folded (dots and plus tags are another person's address for all we know).
 * Null for anything that is not one plain address.
 */
export function normaliseEmail(value: unknown): string | null {
  if (typeof value !== "string" || value.length > 254) return null;
  const text = value.trim();
  const at = text.lastIndexOf("@");
  const local = text.slice(0, at);
  if (at < 1 || local.length > 64 || !/^[^\s"(),:;<>@[\\\]\p{Cc}\p{Cf}]+$/u.test(local)) return null;
  if (local.startsWith(".") || local.endsWith(".") || local.includes("..")) return null;
  const domain = asciiDomain(text.slice(at + 1));
  return domain === null ? null : `${local.replace(/[A-Z]/g, (letter) => letter.toLowerCase())}@${domain}`;
}

function asciiDomain(domain: string): string | null {
  if (!/^[^\s/?#:@\\%[\]]+\.[^\s/?#:@\\%[\]]+$/.test(domain)) return null;
  if (!URL.canParse(`http://${domain}`)) return null;
  const host = new URL(`http://${domain}`).hostname;
  // A host of digits is an IP address, which no consent names.
  return /^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*$/.test(host) ? host : null;
}

/** A mobile number in E.164, or null. National forms need the contact's country (ISO 3166 alpha-2). */
export function normalisePhone(value: unknown, country: string | null): string | null {
  if (typeof value !== "string" || value.length > 40) return null;
  const text = value.trim().replace(/^00/, "+");
  const fallback = country && /^[A-Z]{2}$/.test(country) ? country : undefined;
  const parsed = parsePhoneNumberFromString(text, fallback as "FR" | undefined);
  // The metadata holds mobile ranges only: premium, satellite and fixed lines are not valid by it.
  return parsed?.isValid() ? parsed.number : null;
}
