import { findOffer } from "../commerce/coupon-store";
import type { Programme } from "../commerce/loyalty-programme";
import { firstDue, readProgramme, tiersDue } from "../commerce/loyalty-store";
import type { ReferralFlag, ReferralState } from "../commerce/referral";
import { sharedSigns } from "../commerce/referral";
import { rewardDue } from "../commerce/referral-rows";
import type { DueReferral } from "../commerce/referral-store";
import { referralsDue, rewardId } from "../commerce/referral-store";
import { readContact, selectContacts } from "../contacts/store";
import type { LedgerEvent, Properties } from "../events/event";
import { ownEvent } from "../events/event";
import { log } from "../platform/log";
import type { Services } from "../services";
import { derivedId } from "../shared/ids";
import { couponFor } from "./coupons";

const PAGE = 200;
/** Pages in one go; the next sweep takes the rest. */
const PAGES = 50;

/** Finds what time alone changes: tiers that have run out, and referrals whose next look is due. */
export async function reviewLoyalty(services: Services): Promise<void> {
  const programme = await readProgramme(services.env.DB);
  if (!programme?.enabled) return;
  const now = services.clock.now();
  await inPages(() => reviewTiers(services, now));
  const { referral } = programme;
  if (referral) await inPages(() => reviewReferrals(services, referral, now));
}

/** When time changes something the next time, after `after` (epoch ms); null where nothing waits. */
export async function nextReview(services: Services, after: number): Promise<number | null> {
  const programme = await readProgramme(services.env.DB);
  return programme?.enabled ? firstDue(services.env.DB, after) : null;
}

/** Repeats until a page is not full. */
async function inPages(page: () => Promise<number>): Promise<void> {
  for (let pages = 0; pages < PAGES && (await page()) === PAGE; pages++);
}

async function reviewTiers(services: Services, now: number): Promise<number> {
  const due = await tiersDue(services.env.DB, now, PAGE);
  const events = due.map(({ contact, at }) =>
    ownEvent(`tier-review.${contact}.${at}`, "loyalty.reviewed", now, contact),
  );
  await take(services, events, now);
  return due.length;
}

type Terms = NonNullable<Programme["referral"]>;

async function reviewReferrals(services: Services, terms: Terms, now: number): Promise<number> {
  const due = await referralsDue(services.env.DB, now, PAGE);
  for (const each of due) await take(services, await verdict(services, terms, each, now), now);
  return due.length;
}

/**
 * What becomes of a referral that is due. The advocate is looked at twice: when the order came, and before the reward,
 * as most of what gives somebody away is only known by then.
 */
async function verdict(services: Services, terms: Terms, due: DueReferral, now: number): Promise<LedgerEvent[]> {
  const { row, advocate, friend, orderStands, rewarded: given } = due;
  const flags: ReferralFlag[] = sharedSigns(advocate, friend);
  if (!orderStands) flags.push("order_invalid");
  const state: ReferralState = flags.length > 0 ? "rejected" : row.state === "ordered" ? "pending_review" : "rewarded";
  const about = { code: row.code, friend: row.friend, advocate: row.advocate, order: row.order_id };
  const event = (name: string, contact: number, more: Properties): LedgerEvent => {
    const id = derivedId("ref", row.code, row.friend, state);
    const properties = { ...about, state, flags, ...more };
    return ownEvent(id, name, now, contact, properties);
  };
  if (row.state === "rewarded") {
    // What was rewarded before its order came back: the points go again, as far as they are there.
    return [event("referral.reversed", advocate.contact, { points: -given, id: rewardId(row), due: null })];
  }
  if (state !== "rewarded") {
    // The order's own time: the row's is that of its last change, which here is the order.
    const next = state === "pending_review" ? rewardDue(row.at, terms.return_window) : null;
    return [event("referral.reviewed", friend.contact, { due: next })];
  }
  const { points, offer } = terms.reward;
  const id = rewardId(row);
  const rewarded = event("referral.rewarded", advocate.contact, points === undefined ? {} : { points, id });
  const coupons = [
    await rewardCoupon(services, offer, advocate.contact, `referral:${row.friend}`),
    await rewardCoupon(services, terms.friend_offer, friend.contact, `referred:${row.code}`),
  ];
  return [rewarded, ...coupons.flat()];
}

/** The coupon that goes with a reward, in the same request, so that one is never without the other. */
async function rewardCoupon(
  services: Services,
  key: string | undefined,
  contact: number,
  occasion: string,
): Promise<LedgerEvent[]> {
  const { DB } = services.env;
  const offer = key === undefined ? null : await findOffer(DB, key);
  if (!offer) return [];
  const { results } = await selectContacts(DB, JSON.stringify([contact])).all();
  const [row] = results;
  if (!row) return [];
  const { profile } = readContact(row);
  const event = await couponFor(services, offer, { id: contact, profile }, occasion, 0);
  if (typeof event !== "string") return [event];
  log("reward without coupon", { offer: offer.key, reason: event });
  return [];
}

async function take(services: Services, events: readonly LedgerEvent[], now: number): Promise<void> {
  if (events.length === 0) return;
  const { status } = await services.append({ receivedAt: now, events }, null);
  if (status !== "stored") throw new Error(`the review was not taken: ${status}`);
}
