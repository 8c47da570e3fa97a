import * as z from "zod";

const MOST_HOURS = 8_000;

const hours = z
  .json()
  .refine((value) => JSON.stringify(value).length <= MOST_HOURS, `is longer than ${MOST_HOURS} characters`);

/** A store as a request or a file states it, as a whole. */
export const storeInput = z.strictObject({
  store_id: z.string().min(1).max(255),
  name: z.string().min(1).max(500),
  lat: z.number().min(-90).max(90).nullish(),
  lon: z.number().min(-180).max(180).nullish(),
  address: z.string().min(1).max(500).nullish(),
  timezone: z
    .string()
    .regex(/^[A-Za-z]+(\/[A-Za-z0-9_+-]+)*$/, "is not a time zone as in Europe/Paris")
    .nullish(),
  opening_hours: hours.nullish().openapi({ type: "object", example: { mon: ["09:00-12:00", "14:00-19:00"] } }),
});

export type StoreInput = z.output<typeof storeInput>;

/** A store as its table wants it. `at`: when it was said, epoch ms. */
export function storeRow(input: StoreInput, at: number): readonly unknown[] {
  const { store_id, name, lat = null, lon = null, address = null, timezone = null, opening_hours: opening } = input;
  const text = opening === null || opening === undefined ? null : JSON.stringify(opening);
  return [store_id, name, lat, lon, address, timezone, text, at];
}
