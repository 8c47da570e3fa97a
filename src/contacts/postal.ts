import type { Profile } from "./profile";

/** Names that shops have for the parts of an address, by part. */
const PARTS = {
  street: ["street", "line1", "address1", "address_1"],
  more: ["line2", "address2", "address_2"],
  code: ["postal_code", "postalCode", "postcode", "zip"],
  city: ["city"],
  country: ["country"],
} as const;

const MOST_LETTERS = 120;

/** Where a letter reaches somebody, as lines: the attribute `address` that the shop told. Null where none can be delivered. */
export function postalLines({ attributes, country }: Pick<Profile, "attributes" | "country">): string | null {
  const stated = Object(attributes["address"]) as Readonly<Record<string, unknown>>;
  const part = (names: readonly string[]): string => {
    const found = names.map((name) => stated[name]).find((value) => typeof value === "string" && value.trim() !== "");
    return typeof found === "string" ? found.trim().replace(/\s+/g, " ").slice(0, MOST_LETTERS) : "";
  };
  const [street, code, city] = [part(PARTS.street), part(PARTS.code), part(PARTS.city)];
  if (street === "" || city === "") return null;
  const lines = [street, part(PARTS.more), `${code} ${city}`.trim(), part(PARTS.country) || (country ?? "")];
  return lines.filter((line) => line !== "").join("\n");
}
