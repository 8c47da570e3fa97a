import * as z from "zod";
import type { Compilation } from "../compile";
import { number } from "../compile";
import type { Read } from "../condition";
import { condition } from "../condition";
import type { Facts } from "../facts";
import { hinted } from "../hint";
import { numberInWords, quoted } from "../shown";

const PLACES = {
  preferred: { en: "their preferred store", fr: "de son magasin préféré" },
  nearest: { en: "the nearest store", fr: "du magasin le plus proche" },
  there: { en: "the place", fr: "de cet endroit" },
} as const;

const params = z.strictObject({
  /** A store by its id, the contact's own (`preferred_store` among their attributes), or the nearest one. */
  to: hinted(
    z.union([
      hinted(
        z.strictObject({
          store: hinted(z.string().min(1).max(255), {
            words: { en: "Its id", fr: "Son identifiant" },
            source: "store",
          }),
        }),
        { words: { en: "a store", fr: "un magasin" } },
      ),
      hinted(z.enum(["preferred", "nearest"]), { choices: PLACES }),
      hinted(
        z.strictObject({
          lat: hinted(z.number().min(-90).max(90), { words: { en: "Latitude", fr: "Latitude" } }),
          lon: hinted(z.number().min(-180).max(180), { words: { en: "Longitude", fr: "Longitude" } }),
        }),
        { words: { en: "a place", fr: "un lieu" } },
      ),
    ]),
    { words: { en: "From", fr: "De" } },
  ),
  within_km: hinted(z.number().int().min(1).max(20_000), { words: { en: "At most, km", fr: "Au plus, km" } }),
});

type To = z.output<typeof params>["to"];

/** Diameter of the earth, km. */
const DIAMETER = 12_742;

/** A number among the attributes, in its bounds; NULL for anything else. */
function coordinate(of: string, name: string, most: number): string {
  const path = `'$.${name}'`;
  const isNumber = `json_type(${of}.attributes, ${path}) IN ('integer', 'real')`;
  const value = `json_extract(${of}.attributes, ${path})`;
  return `CASE WHEN ${isNumber} AND ${value} BETWEEN ${-most} AND ${most} THEN ${value} END`;
}

/** Great-circle distance by haversines, whole metres. Rounding may bring the root a little above 1. */
function metres(lat: string, lon: string, otherLat: string, otherLon: string): string {
  const half = (left: string, right: string): string => `sin(radians((${left}) - (${right})) / 2)`;
  const north = half(lat, otherLat);
  const east = half(lon, otherLon);
  const haversine = `${north} * ${north} + cos(radians(${lat})) * cos(radians(${otherLat})) * ${east} * ${east}`;
  return `CAST(${DIAMETER * 1_000} * asin(min(1, sqrt(${haversine}))) AS INTEGER)`;
}

/**
 * The stores that are asked about and the contact's own place, which SQLite reads once for each contact: what has a
 * LIMIT it does not spread into what surrounds it, where every store would read it anew.
 */
function storesSql(to: Exclude<To, { lat: number }>, of: string, c: Compilation): { from: string; where: string } {
  const place = `(SELECT ${coordinate(of, "lat", 90)} AS lat, ${coordinate(of, "lon", 180)} AS lon LIMIT 1) p`;
  const known = "s.lat IS NOT NULL AND s.lon IS NOT NULL";
  const from = `${place} CROSS JOIN stores s`;
  if (to === "nearest") return { from, where: known };
  const id = to === "preferred" ? `${of}.attributes ->> '$.preferred_store'` : c.bind(to.store);
  return { from, where: `s.store_id = ${id} AND ${known}` };
}

const BETWEEN = metres("p.lat", "p.lon", "s.lat", "s.lon");

function fromPlace({ lat, lon }: { lat: number; lon: number }, of: string): string {
  return metres(coordinate(of, "lat", 90), coordinate(of, "lon", 180), number(lat), number(lon));
}

/** The distance of the contact with the alias `of`, in metres; NULL where one of the places is not known. */
function distanceSql(to: To, of: string, c: Compilation): string {
  if (typeof to === "object" && "lat" in to) return fromPlace(to, of);
  const { from, where } = storesSql(to, of, c);
  return `(SELECT min(${BETWEEN}) FROM ${from} WHERE ${where})`;
}

/** Kilometres of one degree of latitude, a little less than it is: no store is passed over for the sake of rounding. */
const DEGREE = 111;

/** Whether the distance is so many metres at most. Stores too far north or south are passed over without a sine. */
function isWithinSql(to: To, of: string, km: number, c: Compilation): string {
  const most = number(km * 1_000);
  if (typeof to === "object" && "lat" in to) return `${fromPlace(to, of)} <= ${most}`;
  const { from, where } = storesSql(to, of, c);
  const band = `s.lat BETWEEN p.lat - ${number((km + 1) / DEGREE)} AND p.lat + ${number((km + 1) / DEGREE)}`;
  return `EXISTS (SELECT 1 FROM ${from} WHERE ${where} AND ${band} AND ${BETWEEN} <= ${most})`;
}

/** The distance is worked out by the database for both ways of asking: no two libraries agree on a sine's last digit. */
function distanceRead(to: To): Read {
  return {
    key: `distance:${JSON.stringify(to)}`,
    own: true,
    sql: (c, whose) =>
      `SELECT h.id AS contact, ${distanceSql(to, "h", c)} AS metres FROM contacts h WHERE h.id ${whose}`,
  };
}

function metresOf({ rows }: Facts, to: To): number | null {
  const found = rows?.[distanceRead(to).key]?.[0]?.["metres"];
  return typeof found === "number" ? found : null;
}

function storeInWords(store: string): [string, string] {
  return [`the store ${quoted(store, "en")}`, `du magasin ${quoted(store, "fr")}`];
}

/** How far somebody is from a store, by the `lat` and `lon` among their attributes. */
export const distance = condition({
  title: { en: "Distance from a store", fr: "Distance d’un magasin" },
  params,
  describe({ to, within_km }, { language }) {
    const named = PLACES[typeof to === "string" ? to : "there"];
    const [en, fr] = typeof to === "object" && "store" in to ? storeInWords(to.store) : [named.en, named.fr];
    const far = numberInWords(within_km, language);
    return language === "fr" ? `est à ${far} km au plus ${fr}` : `is at most ${far} km from ${en}`;
  },
  test(facts, { to, within_km }) {
    const found = metresOf(facts, to);
    return found !== null && found <= within_km * 1_000;
  },
  sql: ({ to, within_km }, c) => isWithinSql(to, "c", within_km, c),
  found(facts, { to }, _moment, { language }) {
    const found = metresOf(facts, to);
    if (found === null) return language === "fr" ? "distance inconnue" : "distance not known";
    // A decimal, as whole kilometres would show 20.4 as the 20 that it is not within.
    return `${numberInWords(Math.ceil(found / 100) / 10, language)} km`;
  },
  reads: ({ to }) => [distanceRead(to)],
  weight: 20,
  example: { to: "nearest", within_km: 20 },
});
