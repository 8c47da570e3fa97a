import type { Properties } from "../events/event";

/** Profile fields that a trait can set. */
type Field = "firstName" | "lastName" | "civility" | "language" | "country" | "timezone";

const FIELDS: ReadonlyMap<string, Field> = new Map(
  Object.entries({
    firstName: "firstName",
    first_name: "firstName",
    lastName: "lastName",
    last_name: "lastName",
    civility: "civility",
    language: "language",
    locale: "language",
    country: "country",
    timezone: "timezone",
  } as const),
);

/** Names of the birth date, which money may follow from: read elsewhere, and not from a browser. */
const BIRTH_DATE = ["birth_date", "birthDate", "birthday"] as const;

/** Read elsewhere (address, consent) or never kept as an attribute. */
const OWN = new Set([
  "email",
  "phone",
  ...BIRTH_DATE,
  "consent",
  "consent_wording",
  "consent_source",
  "consent_at",
  "id",
  "anonymousId",
  // Kept by the preference centre.
  "preferences",
  "hidden",
]);

const MAX_ATTRIBUTES = 200;

/**
 * Profile fields and attributes out of an identify call's traits. What a browser says of itself is taken only where
 * a person may declare it: names, language, country, time zone; anything else needs the shop's server.
 */
export function readTraits(
  traits: Properties,
  trusted: boolean,
): { fields: readonly (readonly [Field, string])[]; attributes: Record<string, unknown> } {
  const fields: [Field, string][] = [];
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(traits)) {
    const field = FIELDS.get(name);
    if (field !== undefined) {
      const read = readField(field, value);
      if (read !== null) fields.push([field, read]);
    } else if (trusted && !OWN.has(name) && Object.keys(attributes).length < MAX_ATTRIBUTES) {
      attributes[name] = value;
    }
  }
  return { fields, attributes };
}

const BIRTH_DATES: ReadonlySet<string> = new Set(BIRTH_DATE);

/** The traits that nobody may state of themselves: they are left out of what a public key sends. */
export function undeclarable(traits: Properties): string[] {
  return Object.keys(traits).filter((name) => !FIELDS.has(name) && (!OWN.has(name) || BIRTH_DATES.has(name)));
}

function readField(field: Field, value: unknown): string | null {
  if (typeof value !== "string") return null;
  const clean = plainText(value);
  if (clean === "") return null;
  if (field === "country") return /^[A-Za-z]{2}$/.test(clean) ? clean.toUpperCase() : null;
  if (field === "language") return /^[A-Za-z]{2}([-_].*)?$/.test(clean) ? clean.slice(0, 2).toLowerCase() : null;
  return clean;
}

/** One line of text as a person would write it: NFC, no control, no direction overrides, no zero-width characters. */
function plainText(value: string): string {
  return value
    .normalize("NFC")
    .replace(/[\p{Cc}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, "")
    .trim()
    .slice(0, 200);
}
