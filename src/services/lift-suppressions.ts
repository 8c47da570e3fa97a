import { ownEvent } from "../events/event";
import { log } from "../platform/log";
import type { Services } from "../services";
import { derivedId } from "../shared/ids";
import type { SuppressionFilter, SuppressionPlace, SuppressionRow } from "./suppressions";
import { listSuppressions, suppressionName } from "./suppressions";

const AT_ONCE = 500;

/**
 * Ends every suppression that is meant, and says how many that were. It can be asked again after a crash. Those of people
 * who are known end by an event of theirs, so that gate, permit and journal know of it.
 */
export async function liftSuppressions(services: Services, filter: SuppressionFilter, by: string): Promise<number> {
  const { DB } = services.env;
  let lifted = 0;
  for (let after: SuppressionPlace | null = null; ; ) {
    const rows: SuppressionRow[] = await listSuppressions(DB, filter, after, AT_ONCE);
    const last = rows.at(-1);
    if (!last) return lifted;
    await liftRows(services, rows, by);
    if (by !== "provider") await tellProviders(services, rows);
    lifted += rows.length;
    after = last;
  }
}

async function liftRows(services: Services, rows: readonly SuppressionRow[], by: string): Promise<void> {
  const now = services.clock.now();
  const events = rows.flatMap(({ hash, kind, channel, contact, at }) =>
    contact === null
      ? []
      : [ownEvent(derivedId("lft", hash, kind, at), "suppression.lifted", now, contact, { hash, kind, channel, by })],
  );
  if (events.length > 0) await services.say(events, "The suppressions could not be lifted. Ask again.");
  const gone = rows.filter(({ contact }) => contact === null).map(({ hash, kind }) => [hash, kind]);
  if (gone.length === 0) return;
  const sql =
    "UPDATE suppressions SET lifted_at = ?2 FROM json_each(?1) v WHERE hash = v.value ->> 0 AND kind = v.value ->> 1";
  await services.env.DB.prepare(sql).bind(JSON.stringify(gone), now).run();
}

/** Takes addresses off the providers' own lists too, or a message would leave and never arrive. */
async function tellProviders(services: Services, rows: readonly SuppressionRow[]): Promise<void> {
  const mails = rows.filter(({ channel, contact }) => channel === "email" && contact !== null);
  const { forgive } = services.consumer().channel("email") ?? {};
  if (!forgive || mails.length === 0) return;
  const sql =
    "SELECT coalesce(email, claimed_email) AS address FROM contacts WHERE id IN (SELECT value FROM json_each(?1))";
  const contacts = JSON.stringify(mails.map(({ contact }) => contact));
  const { results } = await services.env.DB.prepare(sql).bind(contacts).all<{ address: string | null }>();
  // By now somebody may go by another address than the one that was meant.
  const meant = new Set(mails.map(({ hash }) => hash));
  const addresses = results.flatMap(({ address }) =>
    address !== null && meant.has(services.seal(suppressionName("email", address))) ? [address] : [],
  );
  if (addresses.length > 0 && !(await forgive(addresses))) {
    log("the provider keeps addresses on its list", { channel: "email", addresses: addresses.length });
  }
}
