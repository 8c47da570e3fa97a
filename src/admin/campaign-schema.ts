import * as z from "zod";
import type { Campaign } from "../sends/campaigns/campaign-store";
import { campaignShape, checkCampaign } from "../sends/campaigns/definition";
import type { CampaignReport } from "../services/campaigns/report";
import { money, time, timeText } from "./api";
import { rule } from "./rule-schema";

const count = z.number().int();
const counts = z.record(z.string(), count);
const share = z.number();

/** What somebody asks for, as the API describes it. */
export const campaignBody = z
  .strictObject({ ...campaignShape, rule: rule.optional() })
  .superRefine(checkCampaign)
  .openapi("CampaignInput", {
    description:
      "One message to a segment or to whom a rule holds for. Made as a draft; it is sent by `/send` with the number of contacts " +
      "typed in, at the earliest ten minutes after.",
  });

export const campaignPath = z.object({ id: z.string().min(1).max(80) });
export const confirmBody = z
  .strictObject({ confirm_count: count.min(0).openapi({ description: "How many contacts are in the audience." }) })
  .openapi("CampaignConfirmation");

const counted = z.object({ arm: z.string(), runs: count, reached: count });

export const campaignOut = z
  .object({
    id: z.string(),
    name: z.string(),
    state: z.enum(["draft", "confirmed", "paused", "cancelled", "done"]),
    reason: z.string().nullable().openapi({ description: "Why it paused itself, the last time that it did." }),
    definition: z.record(z.string(), z.unknown()),
    confirmed_count: count.nullable(),
    frozen_count: count,
    created_at: time,
    confirmed_at: time.nullable(),
    starts_at: time.nullable().openapi({ description: "No message leaves before." }),
    frozen_at: time.nullable().openapi({ description: "From then on nobody comes in." }),
    ended_at: time.nullable(),
    winner: z
      .object({ arm: z.string(), cause: z.enum(["figures", "time"]), at: time, counts: z.array(counted) })
      .nullable(),
  })
  .openapi("Campaign");

export const draftOut = campaignOut
  .extend({
    audience: z.object({
      contacts: count.openapi({ description: "In the audience now: the number to confirm." }),
      reachable: count.openapi({ description: "Of these, who has an address and agreed to the channel." }),
    }),
  })
  .openapi("CampaignDraft");

const results = {
  sent: count,
  delivered: count,
  opened: count,
  clicked: count.openapi({ description: "By people: what machines click is not counted." }),
  bounced: count,
  complained: count,
  ordered: count.openapi({ description: "Contacts with an order within five days after the message." }),
  revenue: money,
};

export const reportOut = z
  .object({
    id: z.string(),
    name: z.string(),
    state: z.string(),
    audience: z.object({ confirmed: count.nullable(), frozen: count, undecided: count }),
    decided: count.openapi({ description: "= withheld + messages of every state." }),
    withheld: counts,
    messages: z.object({
      queued: count,
      claimed: count,
      sent: count,
      suppressed: count,
      failed: count,
      unknown: count,
    }),
    stopped: counts.openapi({ description: "Messages that did not leave after all, by reason." }),
    results: z.object(results),
    arms: z.array(z.object({ arm: z.string(), content: z.string(), messages: count, ...results })),
    winner: campaignOut.shape.winner,
    control: z.object({ contacts: count, ordered: count, revenue: money }),
    lift: z
      .object({ points: share, low: share, high: share, is_enough: z.boolean() })
      .nullable()
      .openapi({ description: "Share that ordered beyond the control group's, with its 95 % interval." }),
  })
  .openapi("CampaignReport");

export function campaignShown(campaign: Campaign): z.output<typeof campaignOut> {
  const { id, name, state, reason, definition, winner } = campaign;
  return {
    id,
    name,
    state,
    reason,
    definition: definition as unknown as Record<string, unknown>,
    confirmed_count: campaign.audience,
    frozen_count: campaign.frozen,
    created_at: timeText(campaign.createdAt),
    confirmed_at: timeText(campaign.confirmedAt),
    starts_at: timeText(campaign.startsAt),
    frozen_at: timeText(campaign.frozenAt),
    ended_at: timeText(campaign.endedAt),
    winner: winner && { ...winner, at: timeText(winner.at), counts: [...winner.counts] },
  };
}

export function reportShown(campaign: Campaign, report: CampaignReport, currency: string): z.output<typeof reportOut> {
  const { revenue, ...rest } = report.results;
  const inMoney = (amount: number) => ({ amount, currency });
  const { id, name, state, winner } = campaignShown(campaign);
  const { lift, control } = report;
  return {
    id,
    name,
    state,
    audience: { confirmed: campaign.audience, frozen: campaign.frozen, undecided: report.undecided },
    decided: report.decided,
    withheld: report.withheld,
    messages: report.messages,
    stopped: report.stopped,
    results: { ...rest, revenue: inMoney(revenue) },
    arms: report.arms.map((arm) => ({ ...arm, revenue: inMoney(arm.revenue) })),
    winner,
    control: { ...control, revenue: inMoney(control.revenue) },
    lift: lift && { points: lift.points, low: lift.low, high: lift.high, is_enough: lift.isEnough },
  };
}
