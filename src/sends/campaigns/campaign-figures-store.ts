import type { ArmCount } from "../../scenarios/winner";
import type { Echo } from "./plan";

/** Every message of a campaign: `p` its page, `s` its row. */
const SENDS = "campaign_pages p, json_each(p.contacts) e JOIN sends s ON s.contact = e.value AND s.run = p.campaign";

const act = (kind: string): string =>
  `EXISTS (SELECT 1 FROM message_acts m WHERE m.contact = s.contact AND m.send = s.id AND m.kind = '${kind}')`;

/** Orders that came within a span (milliseconds) behind a message. `at` is when it left. */
const ordersAfter = (contact: string, at: string, span: string): string =>
  `FROM orders o WHERE o.contact = ${contact} AND o.placed_at > ${at} AND o.placed_at <= ${at} + ${span}`;

/** How an arm's messages did until now. */
export interface ArmFigures extends Record<string, number | string | null> {
  readonly arm: string;
  readonly state: string;
  readonly reason: string | null;
  readonly messages: number;
  readonly delivered: number;
  readonly opened: number;
  readonly clicked: number;
  readonly bounced: number;
  readonly complained: number;
  readonly ordered: number;
  readonly revenue: number;
}

/** Messages of a campaign by arm and state, with what came of them; orders within `window` ms of each count. */
export async function readFigures(db: D1Database, id: string, window: number): Promise<ArmFigures[]> {
  const acts = ["delivered", "opened", "clicked", "bounced", "complained"].map(
    (kind) => `sum(${act(kind)}) AS ${kind}`,
  );
  const orders = ordersAfter("s.contact", "s.first_attempt_at", "?2");
  const sql =
    `SELECT s.block AS arm, s.state, CASE WHEN s.state IN ('suppressed', 'failed', 'unknown') THEN s.reason END AS reason, count(*) AS messages, ${acts.join(", ")}, ` +
    `sum(s.state = 'sent' AND EXISTS (SELECT 1 ${orders})) AS ordered, ` +
    `coalesce(sum(CASE s.state WHEN 'sent' THEN (SELECT sum(o.net) ${orders}) END), 0) AS revenue ` +
    `FROM ${SENDS} WHERE p.campaign = ?1 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
  return (await db.prepare(sql).bind(id, window).all<ArmFigures>()).results;
}

/** The control group: how many, and how many of them ordered from when their message would have left. */
export async function readControl(
  db: D1Database,
  id: string,
  window: number,
): Promise<{ readonly contacts: number; readonly ordered: number; readonly revenue: number }> {
  const orders = ordersAfter("e.value", "p.planned_at", "?2");
  const sql =
    `SELECT count(*) AS contacts, coalesce(sum(EXISTS (SELECT 1 ${orders})), 0) AS ordered, ` +
    `coalesce(sum((SELECT sum(o.net) ${orders})), 0) AS revenue FROM campaign_pages p, json_each(p.control) e WHERE p.campaign = ?1`;
  const row = await db.prepare(sql).bind(id, window).first<{ contacts: number; ordered: number; revenue: number }>();
  return row ?? { contacts: 0, ordered: 0, revenue: 0 };
}

/** What the gate decided against, by reason; and how many contacts are still to be decided about. */
export async function readWithheld(
  db: D1Database,
  id: string,
): Promise<{ readonly withheld: Readonly<Record<string, number>>; readonly undecided: number }> {
  const [withheld, undecided] = await db.batch([
    db
      .prepare(
        "SELECT e.key AS reason, sum(e.value) AS n FROM campaign_pages p, json_each(p.withheld) e WHERE p.campaign = ?1 GROUP BY 1 ORDER BY 2 DESC",
      )
      .bind(id),
    db
      .prepare(
        "SELECT coalesce(sum(json_array_length(contacts)), 0) AS n FROM campaign_pages WHERE campaign = ?1 AND state = 'frozen'",
      )
      .bind(id),
  ]);
  const rows = (withheld?.results ?? []) as { reason: string; n: number }[];
  const left = (undecided?.results[0] as { n: number } | undefined)?.n ?? 0;
  return { withheld: Object.fromEntries(rows.map(({ reason, n }) => [reason, n])), undecided: left };
}

/** What came back of what was sent. */
export async function readEcho(db: D1Database, id: string): Promise<Echo> {
  const sql =
    `SELECT coalesce(sum(s.state = 'sent'), 0) AS sent, coalesce(sum(${act("bounced")}), 0) AS bounced, ` +
    `coalesce(sum(${act("complained")}), 0) AS complained FROM ${SENDS} WHERE p.campaign = ?1 AND p.released_at IS NOT NULL`;
  return (await db.prepare(sql).bind(id).first<Echo>()) ?? { sent: 0, bounced: 0, complained: 0 };
}

/** How the arms of a test did, and when the first message of it left. Pages of the test are those whose arm was drawn. */
export async function readTest(
  db: D1Database,
  id: string,
  arms: readonly string[],
  metric: "clicks" | "orders",
): Promise<{ readonly counts: readonly ArmCount[]; readonly sentAt: number | null; readonly open: number }> {
  const reached =
    metric === "clicks"
      ? act("clicked")
      : `EXISTS (SELECT 1 ${ordersAfter("s.contact", "s.first_attempt_at", "9e15")})`;
  const sql =
    `SELECT s.block AS arm, sum(s.state = 'sent') AS runs, sum(s.state = 'sent' AND ${reached}) AS reached, ` +
    `min(s.first_attempt_at) AS sentAt, sum(s.open > 0) AS open FROM ${SENDS} WHERE p.campaign = ?1 GROUP BY 1`;
  const { results } = await db.prepare(sql).bind(id).all<ArmCount & { sentAt: number | null; open: number }>();
  const counts = arms.map((arm) => {
    const { runs = 0, reached: got = 0 } = results.find((row) => row.arm === arm) ?? {};
    return { arm, runs, reached: got };
  });
  const times = results.flatMap(({ sentAt }) => (sentAt === null ? [] : [sentAt]));
  const open = results.reduce((sum, row) => sum + row.open, 0);
  return { counts, sentAt: times.length > 0 ? Math.min(...times) : null, open };
}
