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

/** The distance of the contact with the alias `of`, in metres; NULL where one of the places is not known. */
function distanceSql(to: To, of: string, c: Compilation): string {
  const lat = coordinate(of, "lat", 90);
  const lon = coordinate(of, "lon", 180);
  if (typeof to === "object" && "lat" in to) return metres(lat, lon, number(to.lat), number(to.lon));
  const which =
    to === "nearest"
      ? "1"
      : `s.store_id = ${to === "preferred" ? `${of}.attributes ->> '$.preferred_store'` : c.bind(to.store)}`;
  // Once for each contact, as every store is compared with it.
  return (
    `(SELECT min(${metres("p.lat", "p.lon", "s.lat", "s.lon")}) FROM stores s, ` +
    `(SELECT ${lat} AS lat, ${lon} AS lon) p WHERE ${which} AND s.lat IS NOT NULL AND s.lon IS NOT NULL)`
  );
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
  sql: ({ to, within_km }, c) => `${distanceSql(to, "c", c)} <= ${number(within_km * 1_000)}`,
  found(facts, { to }, _moment, { language }) {
    const found = metresOf(facts, to);
    if (found === null) return language === "fr" ? "distance inconnue" : "distance not known";
    // A decimal, as whole kilometres would show 20.4 as the 20 that it is not within.
    return `${numberInWords(Math.ceil(found / 100) / 10, language)} km`;
  },
  reads: ({ to }) => [distanceRead(to)],
  example: { to: "nearest", within_km: 20 },
});
