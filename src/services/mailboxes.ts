import type { MailboxFigures } from "../decisions/mailbox";
import { mailboxesToSpare, mailboxSql } from "../decisions/mailbox";
import { moveSetting, putSetting, readSetting } from "../platform/settings";
import type { Services } from "../services";
import { DAY, HOUR } from "../shared/clock";
import { changeSettings } from "./revision";
import { readSending } from "./sending";

/** Mailbox providers that marketing waits for, until when (epoch ms). */
const MAILBOXES = "mailboxes";
const LOOKED = "mailboxes_looked_at";
const EVERY = HOUR;
/** A provider's patience is counted over so long. */
const WINDOW = 7 * DAY;
/** For how long marketing waits at a time; each look that finds the same prolongs it. */
const WAIT = 6 * HOUR;

const FIGURES_SQL = `
SELECT ${mailboxSql("domain")} AS mailbox, count(*) AS sent, sum(complained) AS complaints, sum(bounced) AS bounces FROM (
  SELECT lower(substr(s.address, instr(s.address, '@') + 1)) AS domain,
    EXISTS (SELECT 1 FROM message_acts a WHERE a.contact = s.contact AND a.send = s.id AND a.kind = 'complained') AS complained,
    EXISTS (SELECT 1 FROM message_acts a WHERE a.contact = s.contact AND a.send = s.id AND a.kind = 'bounced') AS bounced
  FROM sends s WHERE s.channel = 'email' AND s.state NOT IN ('suppressed', 'failed')
    AND coalesce(s.attempted_at, s.first_attempt_at) > ?1
) GROUP BY 1`;

/** Once an hour: to which mailbox providers marketing has to wait, by what came back of the messages of a week. */
export async function keepMailboxes(services: Services): Promise<void> {
  const { DB } = services.env;
  const now = services.clock.now();
  const before = (await readSetting(DB, LOOKED)) ?? "0";
  if (now - Number(before) < EVERY) return;
  if (before === "0") await DB.batch([putSetting(DB, LOOKED, String(now))]);
  else if (!(await moveSetting(DB, LOOKED, before, String(now)))) return;
  const { brake } = await readSending(services);
  const { results } = await DB.prepare(FIGURES_SQL)
    .bind(now - WINDOW)
    .all<MailboxFigures>();
  const known = JSON.parse((await readSetting(DB, MAILBOXES)) ?? "{}") as Record<string, number>;
  const spared = mailboxesToSpare(results, brake);
  // Another look comes before the wait is over, unless nobody looks.
  const isSame =
    spared.length === Object.keys(known).length && spared.every((one) => (known[one] ?? 0) > now + 2 * EVERY);
  if (isSame) return;
  const until = Object.fromEntries(spared.map((mailbox) => [mailbox, now + WAIT]));
  await changeSettings(services, [putSetting(DB, MAILBOXES, JSON.stringify(until))]);
}
