import { ZONE_TABLE } from "./zone-table";

/** IANA zones of a country (ISO 3166-1 alpha-2), one for each way in which its clocks show time; none of a country that nobody knows. */
export function zonesOfCountry(country: string): readonly string[] {
  return Object.hasOwn(ZONE_TABLE, country) ? (ZONE_TABLE[country] ?? "").split(" ") : [];
}
