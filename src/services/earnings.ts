import { inBaseSql } from "../commerce/exchange";
import { SALE } from "../commerce/order";
import type { Earned } from "../decisions/worth";
import { putSetting, readSetting } from "../platform/settings";
import type { Services } from "../services";
import { DAY } from "../shared/clock";
import { oncePer } from "./lease";
import { changeSettings, EARNINGS } from "./revision";

/** Messages and orders of so long count. */
const WINDOW = 90 * DAY;

const FIGURES_SQL = `
SELECT z.id AS scenario,
  (SELECT count(*) FROM runs r CROSS JOIN sends s ON s.contact = r.contact AND s.run = r.id
    WHERE r.scenario = z.id AND r.entered_at > ?1 - ${WINDOW} AND s.state = 'sent' AND s.first_attempt_at > ?1) AS messages,
  (SELECT count(*) FROM attributions a JOIN orders o ON o.order_id = a.order_id
    WHERE a.scenario = z.id AND a.placed_at > ?1 AND ${SALE}) AS orders,
  (SELECT coalesce(sum(${inBaseSql("?2")}), 0) FROM attributions a JOIN orders o ON o.order_id = a.order_id
    WHERE a.scenario = z.id AND a.placed_at > ?1 AND ${SALE}) AS revenue
FROM scenarios z WHERE z.state = 'active'`;

/** Once a day: what the messages of each scenario earned, for the worth of those to come (mission §9.2). */
export async function keepEarnings(services: Services): Promise<void> {
  const { DB } = services.env;
  const now = services.clock.now();
  await oncePer(DB, EARNINGS, String(Math.floor(now / DAY)), async () => {
    const { results } = await DB.prepare(FIGURES_SQL)
      .bind(now - WINDOW, services.config.SHOP_CURRENCY)
      .all<Earned & { scenario: string }>();
    const earnings = results.flatMap(({ scenario, messages, orders, revenue }) =>
      messages === 0 ? [] : [[scenario, { messages, orders, revenue }] as const],
    );
    const text = JSON.stringify(Object.fromEntries(earnings));
    if (text !== ((await readSetting(DB, EARNINGS)) ?? "{}")) {
      await changeSettings(services, [putSetting(DB, EARNINGS, text)]);
    }
    return true;
  });
}
