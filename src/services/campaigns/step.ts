import { readBrakes } from "../../sends/brake-store";
import { readEcho } from "../../sends/campaigns/campaign-figures-store";
import type { Campaign, CampaignPage } from "../../sends/campaigns/campaign-store";
import {
  endCampaign,
  findCampaign,
  moveCampaign,
  moveDue,
  noteReleased,
  openPages,
  touchCampaign,
  waitingSends,
} from "../../sends/campaigns/campaign-store";
import { HOLD, rampOf } from "../../sends/campaigns/definition";
import { closePages, setAside, withdraw } from "../../sends/campaigns/page-store";
import { brakeOf, dueAgain, hasGrown } from "../../sends/campaigns/plan";
import type { Services } from "../../services";
import { MINUTE, SECOND } from "../../shared/clock";
import { withLease } from "../lease";
import { freezeNext, PAGE } from "./freeze";
import { preparePage } from "./prepare";
import { decideTest, nextLook } from "./winner";

const LEASE = 2 * MINUTE;
/** Pages in their queues at once: 10,000 messages in 400 wake-ups, as a local queue takes 10,000 (case K05). */
const IN_FLIGHT = 20;
/** A page whose messages are not settled by then is offered again: their wake-ups are lost, or their leases are over. */
const LOST_AFTER = 90 * SECOND;
/** How soon a page that is in its queue is looked at again, and how late at most where calls are counted. */
const SOON = 400;
const LATE = 15 * SECOND;

/** What a look at a campaign came to: something was done, or when (epoch ms) there will be; null for never. */
type Outcome = "done" | number | null;

/**
 * Carries a campaign on, alone, until `patience` real milliseconds are over or nothing is due. Whatever dies in it is gone on
 * with from the rows. Returns when there is more to do, epoch ms; null where there is not, or where another is at it.
 */
export async function carryOn(services: Services, id: string, patience: number): Promise<number | null> {
  const { DB } = services.env;
  const until = Date.now() + patience;
  const carried = await withLease(DB, `campaign:${id}`, services.clock.now(), LEASE, async () => {
    for (;;) {
      const outcome = await step(services, id);
      const isOver = Date.now() >= until;
      if (outcome === null) return null;
      if (outcome === "done") {
        if (isOver) return services.clock.now();
        continue;
      }
      const wait = outcome - services.clock.now();
      if (isOver || wait > SOON) return outcome;
      await new Promise((resolve) => setTimeout(resolve, Math.max(wait, 20)));
    }
  });
  await touchCampaign(DB, id, services.clock.now());
  return carried;
}

async function step(services: Services, id: string): Promise<Outcome> {
  const campaign = await findCampaign(services.env.DB, id);
  if (!campaign || campaign.endedAt !== null) return null;
  if (campaign.state === "cancelled") return windUp(services, campaign);
  if (campaign.state !== "confirmed") return null;
  const now = services.clock.now();
  const freezesAt = (campaign.startsAt ?? now) - HOLD;
  if (campaign.frozenAt === null) {
    if (now < freezesAt) return freezesAt;
    await freezeNext(services, campaign);
    return (await pauseGrown(services, id)) ? null : "done";
  }
  return send(services, campaign);
}

async function pauseGrown(services: Services, id: string): Promise<boolean> {
  const campaign = await findCampaign(services.env.DB, id);
  if (!campaign || campaign.frozenAt === null || !hasGrown(campaign.audience ?? 0, campaign.frozen)) return false;
  await moveCampaign(services.env.DB, id, ["confirmed"], "paused", "audience_grew", services.clock.now()).run();
  return true;
}

/** Hands over what is due, and makes the messages of what soon is. */
async function send(services: Services, campaign: Campaign): Promise<Outcome> {
  const { DB } = services.env;
  const now = services.clock.now();
  const pages = await openPages(DB, campaign.id);
  if (pages.length === 0) {
    await endCampaign(DB, campaign.id, now);
    return null;
  }
  // The permit would give nothing, and to hold each contact would be a decision for each every few minutes.
  if (await isKilled(services, campaign)) return now + MINUTE;
  const released = pages.filter(({ state }) => state === "released");
  const ready = pages.filter(({ state, dueAt }) => state === "prepared" && isBy(dueAt, now));
  const held = await heldUntil(services, campaign);
  if (ready.length > 0 && held === null && released.length < IN_FLIGHT) {
    if (await brake(services, campaign)) return null;
    for (const page of ready.slice(0, IN_FLIGHT - released.length)) await release(services, campaign, page);
    return "done";
  }
  const next = pages.find(({ state, dueAt }) => state === "frozen" && isBy(dueAt, now + HOLD));
  if (next) {
    await preparePage(services, campaign, next);
    return "done";
  }
  if (released.length > 0) return follow(services, campaign, released, held);
  if (ready.length > 0) return held;
  return nextOf(services, campaign, pages);
}

/** What comes next where nothing is due: a page, or a look at the test once all of it has been asked about. */
async function nextOf(services: Services, campaign: Campaign, pages: readonly CampaignPage[]): Promise<Outcome> {
  const times = pages.flatMap(({ state, dueAt }) => (dueAt === null ? [] : [dueAt - (state === "frozen" ? HOLD : 0)]));
  const soonest = Math.min(...times);
  const waiting = pages.filter(({ dueAt }) => dueAt === null);
  // A few whom caps or hours hold back do not keep the rest from what wins.
  const isTried = pages.every(({ dueAt, releasedAt }) => dueAt === null || releasedAt !== null);
  if (waiting.length === 0 || !isTried) return soonest;
  const look = await test(services, campaign, waiting);
  return typeof look === "number" ? Math.min(look, soonest) : look;
}

/** Until when its provider keeps the campaign waiting, a minute ahead at most; null where it does not. */
async function heldUntil({ env, clock }: Services, { definition: { channel } }: Campaign): Promise<number | null> {
  const now = clock.now();
  const until = (await readBrakes(env.DB))[channel]?.until ?? 0;
  return until > now ? Math.min(until, now + MINUTE) : null;
}

/** How long to wait for the next page to be settled, in ms: as long as its calls take where they are counted. */
function lookAfter(services: Services, { definition: { channel } }: Campaign): number {
  const { callsPerSecond = 0, batches } = services.channel(channel);
  if (callsPerSecond === 0) return SOON;
  return Math.min(LATE, Math.max(SOON, (PAGE / (batches?.most ?? 1) / callsPerSecond) * SECOND));
}

async function isKilled(services: Services, { definition: { channel, holdout } }: Campaign): Promise<boolean> {
  const { policy } = await services.briefings.read();
  const { killed } = policy({ holdout, max_lateness: "P1D" });
  return killed.includes("all") || killed.includes(channel);
}

function isBy(dueAt: number | null, moment: number): boolean {
  return dueAt !== null && dueAt <= moment;
}

/** Puts a page's messages in their queue. Noted behind it: whoever dies between the two offers them twice, which is harmless. */
async function release(services: Services, { id }: Campaign, { page }: CampaignPage): Promise<void> {
  const { DB } = services.env;
  const now = services.clock.now();
  await services.offer(await waitingSends(DB, id, page, now));
  await noteReleased(DB, id, page, now);
}

/**
 * Closes pages that are settled, sets those aside that only wait for a time, and offers again what was lost of others. What a
 * paused channel would not take is not offered.
 */
async function follow(
  services: Services,
  campaign: Campaign,
  released: readonly CampaignPage[],
  held: number | null,
): Promise<Outcome> {
  const { DB } = services.env;
  const now = services.clock.now();
  await closePages(DB, campaign.id);
  await setAside(DB, campaign.id, now);
  if (held !== null) return held;
  for (const page of released) {
    if ((page.releasedAt ?? 0) + LOST_AFTER <= now) await release(services, campaign, page);
  }
  return now + lookAfter(services, campaign);
}

/** Looks at the test, and lets the rest go with what won. */
async function test(services: Services, campaign: Campaign, pages: readonly CampaignPage[]): Promise<Outcome> {
  const { DB } = services.env;
  if (!(await decideTest(services, campaign))) return nextLook(services, campaign);
  const now = services.clock.now();
  const ramp = rampOf(campaign.definition, campaign.audience ?? 0);
  const first = Math.min(...pages.map(({ stage }) => stage));
  for (const page of pages) {
    await moveDue(DB, campaign.id, page.page, dueAgain(campaign.definition, ramp, page, first, now));
  }
  return "done";
}

/** Pauses a campaign of which too much comes back. True where it did. */
async function brake(services: Services, { id, definition, audience, reason: seen }: Campaign): Promise<boolean> {
  const ramp = rampOf(definition, audience ?? 0);
  const reason = ramp === null ? null : brakeOf(ramp, await readEcho(services.env.DB, id));
  if (reason === null || reason === seen) return false;
  await moveCampaign(services.env.DB, id, ["confirmed"], "paused", reason, services.clock.now()).run();
  return true;
}

/** Settles what a cancelled campaign has left: the permit gives nothing any more. */
async function windUp(services: Services, campaign: Campaign): Promise<Outcome> {
  const { DB } = services.env;
  const now = services.clock.now();
  await withdraw(DB, campaign.id, now);
  await closePages(DB, campaign.id);
  const left = await openPages(DB, campaign.id);
  if (left.length > 0) return follow(services, campaign, left, null);
  await endCampaign(DB, campaign.id, now);
  return null;
}
