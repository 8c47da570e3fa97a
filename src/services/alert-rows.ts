import type { Alert, AlertFacts, AlertRule, Transition } from "../reports/alert";
import type { AlertSettings } from "../reports/alert-settings";
import type { AlertSender } from "../reports/alert-words";
import { alertCall, alertLetter } from "../reports/alert-words";
import { derivedId } from "../shared/ids";

/** Something to be told to one address, frozen as it was made. Times are epoch ms. */
export interface Notice {
  readonly id: string;
  readonly alert: string;
  readonly kind: string;
  readonly way: "email" | "webhook";
  /** An operator's address; empty for the webhook, which is the one that is set. */
  readonly target: string;
  readonly body: string;
  readonly madeAt: number;
  readonly attempts: number;
}

/** How one address took a notice: `sent`, `failed`, or `open` where it is tried again. */
export interface Told {
  readonly way: string;
  readonly target: string;
  readonly state: string;
  readonly reason: string | null;
}

const COLUMNS = "id, rule, subject, opened_at AS openedAt, closed_at AS closedAt, said_at AS saidAt, reminders, facts";

interface Row extends Omit<Alert, "facts" | "rule"> {
  readonly rule: string;
  readonly facts: string;
}

function alertOf({ rule, facts, ...row }: Row): Alert {
  return { ...row, rule: rule as AlertRule, facts: JSON.parse(facts) as AlertFacts };
}

export async function readOpenAlerts(db: D1Database): Promise<Alert[]> {
  const sql = `SELECT ${COLUMNS} FROM alerts WHERE closed_at IS NULL ORDER BY opened_at`;
  return (await db.prepare(sql).all<Row>()).results.map(alertOf);
}

/** The latest alerts, open ones first. */
export async function listAlerts(db: D1Database, limit: number): Promise<Alert[]> {
  const sql = `SELECT ${COLUMNS} FROM alerts ORDER BY closed_at IS NOT NULL, opened_at DESC LIMIT ?1`;
  return (await db.prepare(sql).bind(limit).all<Row>()).results.map(alertOf);
}

/** What is to be told of a change, one notice for each address. */
export function noticesOf(
  change: Transition | { readonly kind: "test"; readonly alert: null; readonly id: string },
  settings: AlertSettings,
  sender: AlertSender,
  now: number,
  useWebhook: boolean,
): Notice[] {
  const { language, emails, webhook } = settings;
  const alert = change.alert === null ? change.id : change.alert.id;
  const turn = change.alert?.reminders ?? 0;
  const made = { alert, kind: change.kind, madeAt: now, attempts: 0 };
  const idOf = (way: string, target: string): string => derivedId("ntc", alert, change.kind, turn, way, target);
  const letter = JSON.stringify(alertLetter(change, sender, language));
  const letters = emails.map((target): Notice => {
    return { ...made, id: idOf("email", target), way: "email", target, body: letter };
  });
  if (webhook === null || !useWebhook) return letters;
  const body = alertCall(change, sender, webhook.fields, now);
  return [...letters, { ...made, id: idOf("webhook", ""), way: "webhook", target: "", body }];
}

const OPEN_SQL =
  "INSERT INTO alerts (id, rule, subject, opened_at, closed_at, said_at, reminders, facts) " +
  "VALUES (?1, ?2, ?3, ?4, NULL, ?4, 0, ?5) ON CONFLICT DO NOTHING";
const REMIND_SQL =
  "UPDATE alerts SET said_at = ?2, reminders = ?3, facts = ?4 WHERE id = ?1 AND reminders < ?3 AND closed_at IS NULL";
const CLOSE_SQL = "UPDATE alerts SET closed_at = ?2, said_at = ?2 WHERE id = ?1 AND closed_at IS NULL";
// A notice follows from the alert that stands there: whoever opened the same one a moment later tells of nothing.
const NOTICE_SQL =
  "INSERT INTO alert_notices (id, alert, kind, way, target, body, made_at, state, attempts, next_at) " +
  "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, 'open', 0, ?7 WHERE ?3 = 'test' OR EXISTS (SELECT 1 FROM alerts WHERE id = ?2) " +
  "ON CONFLICT DO NOTHING";

/** The statements of changes with what is told of them: in one batch, so that neither is without the other. */
export function changeStatements(
  db: D1Database,
  changes: readonly Transition[],
  notices: readonly Notice[],
): D1PreparedStatement[] {
  const alerts = changes.map(({ kind, alert }) => {
    const { id, rule, subject, openedAt, closedAt, saidAt, reminders } = alert;
    const facts = JSON.stringify(alert.facts);
    if (kind === "opened") return db.prepare(OPEN_SQL).bind(id, rule, subject, openedAt, facts);
    if (kind === "reminder") return db.prepare(REMIND_SQL).bind(id, saidAt, reminders, facts);
    return db.prepare(CLOSE_SQL).bind(id, closedAt);
  });
  return [...alerts, ...noticeStatements(db, notices)];
}

export function noticeStatements(db: D1Database, notices: readonly Notice[]): D1PreparedStatement[] {
  return notices.map(({ id, alert, kind, way, target, body, madeAt }) =>
    db.prepare(NOTICE_SQL).bind(id, alert, kind, way, target, body, madeAt),
  );
}

/** How each address took what was told of an alert or a test. */
export async function readTold(db: D1Database, alert: string): Promise<Told[]> {
  const sql = "SELECT way, target, state, reason FROM alert_notices WHERE alert = ?1 ORDER BY way, target";
  return (await db.prepare(sql).bind(alert).all<Told>()).results;
}
