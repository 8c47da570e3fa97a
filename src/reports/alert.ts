import { DAY } from "../shared/clock";
import { derivedId } from "../shared/ids";

/** What is wrong in figures, codes and times: the same in letter, webhook and page. Nothing of a person. */
export interface AlertFacts {
  readonly source?: string;
  readonly last_event_at?: string;
  readonly refused?: number;
  readonly share?: number;
  readonly usual_share?: number;
  readonly lag_seconds?: number;
  readonly side_rows?: number;
  readonly waiting?: number;
  readonly failing_since?: string;
}

/** Everything that an operator can be alerted of. */
export const ALERT_RULES = {
  "source-silent": { title: { en: "A source is silent", fr: "Une source est muette" } },
  rejections: { title: { en: "Rejections have jumped", fr: "Les rejets ont bondi" } },
  "feed-failing": { title: { en: "A product feed fails", fr: "Un flux de produits échoue" } },
  "ledger-lag": { title: { en: "The ledger lags behind", fr: "Le registre a du retard" } },
  "sends-waiting": { title: { en: "Messages are waiting", fr: "Des messages attendent" } },
  "scenario-webhook-failing": {
    title: { en: "A webhook of a scenario fails", fr: "Un webhook de scénario échoue" },
  },
  "webhook-failing": { title: { en: "The alert webhook fails", fr: "Le webhook d’alerte échoue" } },
} as const satisfies Record<string, { title: { en: string; fr: string } }>;

export type AlertRule = keyof typeof ALERT_RULES;

/** Something that is wrong at the moment. */
export interface Condition {
  readonly rule: AlertRule;
  /** What it is about: a source, a feed, a channel, or nothing where there is but one. */
  readonly subject: string;
  readonly facts: AlertFacts;
}

/** An alert as it is kept. Times are epoch ms. */
export interface Alert extends Condition {
  readonly id: string;
  readonly openedAt: number;
  readonly closedAt: number | null;
  /** When it was told of last, and how often again since it opened. */
  readonly saidAt: number;
  readonly reminders: number;
}

export type NoticeKind = "opened" | "reminder" | "closed";

/** A change of an alert that somebody is told of. */
export interface Transition {
  readonly kind: NoticeKind;
  readonly alert: Alert;
}

const REMINDED_AFTER = DAY;
/** Whoever has not acted in a week knows of it. */
const REMINDERS = 7;

/** When an open alert is to be told of again; null when it has been often enough. */
export function remindedAt({ saidAt, reminders }: Alert): number | null {
  return reminders < REMINDERS ? saidAt + REMINDED_AFTER : null;
}

/**
 * What changes between the alerts that are open and what is wrong now: one opens for each new condition, is told of
 * again after a day, and closes when its condition is gone. An alert's id follows from what it is about and when it
 * began.
 */
export function transitions(conditions: readonly Condition[], open: readonly Alert[], now: number): Transition[] {
  const keyOf = ({ rule, subject }: Condition): string => `${rule} ${subject}`;
  const known = new Map(open.map((alert) => [keyOf(alert), alert]));
  const wrong = new Map(conditions.map((condition) => [keyOf(condition), condition]));
  const begun = [...wrong].flatMap(([key, condition]): Transition[] => {
    const alert = known.get(key);
    if (alert) return reminderOf({ ...alert, facts: condition.facts }, now);
    const id = derivedId("alr", condition.rule, condition.subject, now);
    return [{ kind: "opened", alert: { ...condition, id, openedAt: now, closedAt: null, saidAt: now, reminders: 0 } }];
  });
  const ended = open
    .filter((alert) => !wrong.has(keyOf(alert)))
    .map((alert): Transition => ({ kind: "closed", alert: { ...alert, closedAt: now, saidAt: now } }));
  return [...begun, ...ended];
}

function reminderOf(alert: Alert, now: number): Transition[] {
  const at = remindedAt(alert);
  if (at === null || at > now) return [];
  return [{ kind: "reminder", alert: { ...alert, saidAt: now, reminders: alert.reminders + 1 } }];
}
