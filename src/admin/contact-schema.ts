import * as z from "zod";
import { CONSENT_KEYS, isGranted } from "../contacts/consent";
import type { Visit } from "../contacts/star/visit";
import { eachView } from "../contacts/star/visit";
import type { Services } from "../services";
import { calendarOf } from "../services/rfm-terms";
import { SECOND } from "../shared/clock";
import { contactId } from "../shared/ids";
import { money, time, timeText } from "./api";
import type { ContactRow } from "./contact-store";
import { scores, showScores } from "./rfm-schema";

const text = z.string().nullable();

const consent = z.object({ state: z.enum(["claimed", "granted", "withdrawn"]), at: time });

const channel = z.object({
  address: text.openapi({ description: "Verified; null where there is none." }),
  reachable: z.boolean().openapi({ description: "An address and a consent to marketing." }),
});

const visit = z
  .object({
    started_at: time,
    channel: z.enum(["web", "app"]),
    pages: z.number().int(),
    landing: text,
    views: z.array(z.object({ product_id: z.string(), times: z.number().int(), last_viewed_at: time })),
  })
  .openapi({ description: "The visit that goes on, or the last one; those before are rows of the table visits." });

/** The shape of a contact. */
export const contact = z
  .object({
    id: z.string(),
    status: z.enum(["anonymous", "verified", "merged", "erased", "expired"]),
    merged_into: text,
    external_id: text,
    anonymous_id: text.openapi({ description: "The browser that was seen first." }),
    email: text.openapi({ description: "Verified." }),
    claimed_email: text.openapi({ description: "Typed in a browser and verified by nobody." }),
    phone: text,
    first_name: text,
    last_name: text,
    civility: text,
    language: text,
    country: text,
    timezone: text,
    birth_date: text,
    attributes: z.record(z.string(), z.unknown()),
    created_at: time.nullable(),
    last_seen_at: time.nullable(),
    consents: z.partialRecord(z.enum(CONSENT_KEYS), consent),
    channels: z.object({ email: channel, sms: channel }),
    last_visit: visit.nullable(),
    metrics: z.object({
      orders: z.number().int(),
      net_total: money,
      first_order_at: time.nullable(),
      last_order_at: time.nullable(),
    }),
    rfm: scores.nullable().openapi({ description: "Null without a valid order, and before the first run." }),
    segments: z.array(z.string()).openapi({
      description: "Keys of simple segments, and of exclusive ones behind that of their family, as in `tier:gold`.",
    }),
  })
  .openapi("Contact");

function showVisit({ start, channel, pages, landing, views }: Visit): z.output<typeof visit> {
  const seen = eachView(views).map(([product, times, after]) => {
    const at = timeText(start + Number(after) * SECOND);
    return { product_id: String(product), times: Number(times), last_viewed_at: at };
  });
  return { started_at: timeText(start), channel, pages, landing, views: seen };
}

/** Nobody has told yet when it was. */
function known(at: number): string | null {
  return at === 0 ? null : timeText(at);
}

/** A contact as every answer shows it. */
export function showContact(row: ContactRow, services: Services): z.output<typeof contact> {
  const { profile, rfm } = row;
  const currency = services.config.SHOP_CURRENCY;
  const { of } = calendarOf(services);
  const verified = profile.status === "verified";
  const reach = (key: "email" | "sms", address: string | null): z.output<typeof channel> => {
    return { address, reachable: verified && address !== null && isGranted(profile.consents, key) };
  };
  const consents = Object.entries(profile.consents).map(([key, { state, at }]) => [key, { state, at: timeText(at) }]);
  return {
    id: contactId(row.id),
    status: profile.status,
    merged_into: profile.mergedInto === null ? null : contactId(profile.mergedInto),
    external_id: profile.externalId,
    anonymous_id: profile.anonymousId,
    email: profile.email,
    claimed_email: profile.claimedEmail,
    phone: profile.phone,
    first_name: profile.firstName,
    last_name: profile.lastName,
    civility: profile.civility,
    language: profile.language,
    country: profile.country,
    timezone: profile.timezone,
    birth_date: profile.birthDate,
    attributes: { ...profile.attributes },
    created_at: known(profile.createdAt),
    last_seen_at: known(row.seenAt),
    consents: Object.fromEntries(consents) as z.output<typeof contact>["consents"],
    channels: { email: reach("email", profile.email), sms: reach("sms", profile.phone) },
    last_visit: row.visit && showVisit(row.visit),
    metrics: {
      orders: row.orders,
      net_total: { amount: row.netTotal, currency },
      first_order_at: timeText(row.firstOrderAt),
      last_order_at: timeText(row.lastOrderAt),
    },
    rfm: rfm && showScores(rfm, of(services.clock.now()) - of(rfm.lastOrderAt), currency),
    segments: [...row.segments],
  };
}
