import type { Lift } from "../../reports/campaign";
import { liftOf, ORDER_WINDOW } from "../../reports/campaign";
import type { ArmFigures } from "../../sends/campaigns/campaign-figures-store";
import { readControl, readFigures, readWithheld } from "../../sends/campaigns/campaign-figures-store";
import type { Campaign } from "../../sends/campaigns/campaign-store";
import { armsOf } from "../../sends/campaigns/definition";
import type { Services } from "../../services";

const COUNTED = ["delivered", "opened", "clicked", "bounced", "complained", "ordered", "revenue"] as const;

/** What came of messages: contacts, and revenue in minor units of the shop's currency. */
export type Results = Readonly<Record<"sent" | (typeof COUNTED)[number], number>>;

const STATES = ["queued", "claimed", "sent", "suppressed", "failed", "unknown"] as const;

/** How a campaign did until now. */
export interface CampaignReport {
  /** Contacts about whom the gate has decided: withheld and messages together. */
  readonly decided: number;
  readonly undecided: number;
  /** Decisions against a message, and messages stopped at the last look, by reason. */
  readonly withheld: Readonly<Record<string, number>>;
  readonly stopped: Readonly<Record<string, number>>;
  readonly messages: Readonly<Record<(typeof STATES)[number], number>>;
  readonly results: Results;
  readonly arms: readonly (Results & { readonly arm: string; readonly content: string; readonly messages: number })[];
  readonly control: { readonly contacts: number; readonly ordered: number; readonly revenue: number };
  readonly lift: Lift | null;
}

export async function reportOf({ env }: Services, { id, definition }: Campaign): Promise<CampaignReport> {
  const [rows, control, { withheld, undecided }] = await Promise.all([
    readFigures(env.DB, id, ORDER_WINDOW),
    readControl(env.DB, id, ORDER_WINDOW),
    readWithheld(env.DB, id),
  ]);
  const messages = Object.fromEntries(
    STATES.map((state) => [
      state,
      sum(
        rows.filter((row) => row.state === state),
        "messages",
      ),
    ]),
  ) as CampaignReport["messages"];
  const results = resultsOf(rows);
  const arms = Object.entries(armsOf(definition)).map(([arm, content]) => {
    const own = rows.filter((row) => row.arm === arm);
    return { arm, content, messages: sum(own, "messages"), ...resultsOf(own) };
  });
  const against = Object.values(withheld).reduce((total, count) => total + count, 0);
  return {
    decided: against + sum(rows, "messages"),
    undecided,
    withheld,
    stopped: stoppedOf(rows),
    messages,
    results,
    arms,
    control,
    lift: liftOf({ contacts: results.sent, ordered: results.ordered }, control),
  };
}

function sum(rows: readonly ArmFigures[], field: "messages" | (typeof COUNTED)[number]): number {
  return rows.reduce((total, row) => total + row[field], 0);
}

function resultsOf(rows: readonly ArmFigures[]): Results {
  const counted = Object.fromEntries(COUNTED.map((field) => [field, sum(rows, field)])) as Omit<Results, "sent">;
  return {
    sent: sum(
      rows.filter(({ state }) => state === "sent"),
      "messages",
    ),
    ...counted,
  };
}

/** Messages that did not leave after all, by reason. */
function stoppedOf(rows: readonly ArmFigures[]): Record<string, number> {
  const stopped = rows.filter(({ reason }) => reason !== null);
  const byReason = Map.groupBy(stopped, ({ reason }) => reason ?? "");
  return Object.fromEntries([...byReason].map(([reason, some]) => [reason, sum(some, "messages")]));
}
