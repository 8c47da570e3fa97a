import { parsePhoneNumberFromString } from "libphonenumber-js/mobile";
import type { Properties } from "../events/event";
import type { FieldError } from "../shared/fault";
import type { Profile } from "./profile";

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

/**
 * Ranges in which a message or a call earns somebody money, or costs far more than anywhere else: satellite and other
 * networks of no country, and the premium and shared-cost ranges of the countries that shops here write to.
 */
const COSTLY =
  /^\+(8(00|08|7[08]|8[1238])|979|1900|33(81|82|89)|44(87|9)|49(137|180|900)|39(199|89)|34(80[3-7]|90[1-7])|3(1|2)90|4190)/;

function readPhone(value: unknown, country: string | null): ReturnType<typeof parsePhoneNumberFromString> {
  if (typeof value !== "string" || value.length > 40) return undefined;
  const text = value.trim().replace(/^00/, "+");
  const fallback = country && /^[A-Z]{2}$/.test(country) ? country : undefined;
  const parsed = parsePhoneNumberFromString(text, fallback as "FR" | undefined);
  return parsed && COSTLY.test(parsed.number) ? undefined : parsed;
}

/** A mobile number in E.164, or null. National forms need the contact's country (ISO 3166 alpha-2). */
export function normalisePhone(value: unknown, country: string | null): string | null {
  const parsed = readPhone(value, country);
  // The metadata holds mobile ranges only: fixed lines are not valid by it, and networks of no country have none.
  return parsed?.isValid() && parsed.country !== undefined ? parsed.number : null;
}

/** The country that a number in E.164 belongs to, ISO 3166 alpha-2; null for one of none. */
export function countryOfPhone(phone: string): string | null {
  return readPhone(phone, null)?.country ?? null;
}

/**
 * What is wrong with the address or the number of an identify call's traits. A number in national form is only held
 * against the country that comes with it: the contact's own may be known already.
 */
export function checkTraits(
  traits: Properties,
): (FieldError & { readonly code: "invalid-email" | "invalid-phone" }) | null {
  const { email, phone, country } = traits;
  if (isStated(email) && normaliseEmail(email) === null) {
    return { code: "invalid-email", pointer: "/traits/email", detail: "is not one email address" };
  }
  if (!isStated(phone)) return null;
  const within = typeof country === "string" ? country.toUpperCase() : null;
  const isNational = typeof phone === "string" && /^[0-9 ()./-]{4,25}$/.test(phone.trim()) && !/^\s*00/.test(phone);
  // A fixed line is somebody's number, though no message goes there.
  if ((isNational && within === null) || readPhone(phone, within) !== undefined) return null;
  return { code: "invalid-phone", pointer: "/traits/phone", detail: "is not a number that may be written to" };
}

/** Nothing, or an empty text, states no address. */
function isStated(value: unknown): boolean {
  return value !== undefined && value !== null && !(typeof value === "string" && value.trim() === "");
}

/** The country that somebody lives in, as ISO 3166 alpha-2: what is stated, else that of their number; null where neither says. */
export function countryOf({ country, phone }: Pick<Profile, "country" | "phone">): string | null {
  if (country !== null && /^[a-z]{2}$/i.test(country)) return country.toUpperCase();
  return phone === null ? null : (parsePhoneNumberFromString(phone)?.country ?? null);
}
