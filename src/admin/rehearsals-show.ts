import type * as z from "zod";
import { doneOf } from "../scenarios/rehearsal-plan";
import type { RehearsalRow } from "../scenarios/rehearsal-store";
import type { RehearsalTotals } from "../scenarios/rehearsal-totals";
import type { Services } from "../services";
import { ASSUMPTIONS, assumptionsFor } from "../services/rehearsals/assumptions";
import { contactId } from "../shared/ids";
import { timeText } from "./api";
import type { rehearsalOut } from "./rehearsals-schema";

type Shown = z.output<typeof rehearsalOut>;

/** A rehearsal as the API shows it. */
export async function showRehearsal(services: Services, row: RehearsalRow): Promise<Shown> {
  const { plan, result, step } = row;
  const { SHOP_CURRENCY: currency } = services.config;
  const today = result?.today ?? [];
  const codes = await assumptionsFor(services, row);
  return {
    id: row.id,
    scenario: row.scenario,
    version: plan.version,
    compare: plan.compare,
    from: timeText(plan.from),
    to: timeText(plan.to),
    status: row.status,
    phase: step?.phase ?? null,
    progress: Math.round(doneOf(step) * 1_000) / 1_000,
    events: row.events,
    reason: row.reason,
    created_at: timeText(row.createdAt),
    finished_at: timeText(row.finishedAt),
    totals: result && showTotals(result.totals, currency),
    compared: result?.compared ? showTotals(result.compared, currency) : null,
    difference: result?.difference
      ? {
          ...result.difference,
          examples: result.examples.map(({ contact, before, after, ...rest }) => ({
            contact_id: contact === 0 ? null : contactId(contact),
            ...rest,
            before: before && { ...before, messages: [...before.messages] },
            after: after && { ...after, messages: [...after.messages] },
          })),
        }
      : null,
    listed: result?.listed ?? 0,
    read_as_of_today: [...today],
    assumptions: codes.map((code) => ({ code, text: ASSUMPTIONS[code] })),
  };
}

function showTotals({ sms, overlap, ...totals }: RehearsalTotals, currency: string): NonNullable<Shown["totals"]> {
  const { by, ...met } = overlap;
  const cost = (milli: number) => ({ amount: Math.round(milli / 1_000), currency });
  const countries = Object.entries(sms.byCountry).map(([country, { milli, ...rest }]) => {
    return [country, { ...rest, cost: cost(milli) }] as const;
  });
  const { messages, segments, milli } = sms;
  return {
    ...totals,
    sms: { messages, segments, cost: cost(milli), by_country: Object.fromEntries(countries) },
    overlap: { ...met, by_scenario: by },
  };
}
