import { bestArm, clearWinner } from "../../scenarios/winner";
import { readTest } from "../../sends/campaigns/campaign-figures-store";
import type { Campaign } from "../../sends/campaigns/campaign-store";
import { putWinner } from "../../sends/campaigns/campaign-store";
import { armsOf } from "../../sends/campaigns/definition";
import { looksDue } from "../../sends/campaigns/plan";
import type { Services } from "../../services";
import { durationMs } from "../../shared/duration";

/**
 * Decides a test whose time or figures have come: at a quarter and at half of its time only where the figures are clear (the looks
 * together err in 5 % at most, as those of a scenario's split), at its end the best one. False while it is open.
 */
export async function decideTest(services: Services, { id, definition, winner }: Campaign): Promise<boolean> {
  const { test } = definition;
  if (winner || !test) return true;
  const { DB } = services.env;
  const now = services.clock.now();
  const arms = Object.keys(armsOf(definition));
  const { counts, sentAt } = await readTest(DB, id, arms, test.metric);
  // Nothing of it left: there is nothing to wait for.
  const due = sentAt === null ? { look: 2, isLast: true } : looksDue(sentAt, durationMs(test.limit), now);
  if (!due) return false;
  const clear = clearWinner(counts, due.look);
  const arm = clear ?? (due.isLast ? (bestArm(counts) ?? "a") : null);
  if (arm === null) return false;
  await putWinner(DB, id, { arm, cause: clear === null ? "time" : "figures", at: now, counts });
  return true;
}

/** When a test is looked at next; null where it has not begun. */
export async function nextLook(services: Services, { id, definition }: Campaign): Promise<number | null> {
  const { test } = definition;
  if (!test) return null;
  const now = services.clock.now();
  const { sentAt } = await readTest(services.env.DB, id, [], test.metric);
  if (sentAt === null) return now;
  const limit = durationMs(test.limit);
  return [0.25, 0.5, 1].map((share) => sentAt + share * limit).find((at) => at > now) ?? now;
}
