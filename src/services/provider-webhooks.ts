import { Budget } from "../events/budget";
import { ownEvent } from "../events/event";
import { refuseUnstored } from "../events/intake";
import { noteDelivery, wasDelivered } from "../events/webhook-store";
import { log } from "../platform/log";
import { readSend, settleByProvider } from "../sends/store";
import type { Services } from "../services";
import { contactRow } from "../shared/ids";
import { takenBack } from "../tracking/follow";
import { readHits } from "../tracking/hit-store";
import type { ListNews, NewsKind, ProviderNews } from "../tracking/provider-news";
import type { ProviderDeps } from "../tracking/provider-routes";
import { liftSuppressions } from "./lift-suppressions";
import { putNamelessSuppression, suppressionName } from "./suppressions";

/** Deliveries at once, and each second from then on. */
const BURST = 5_000;
const PER_SECOND = 1_000;

const SOURCE = "resend";

/** The event of ours that each piece of news becomes. What the provider counts as opened or clicked is its own word. */
const EVENTS: Readonly<Partial<Record<NewsKind, string>>> = {
  delayed: "message.delayed",
  delivered: "message.delivered",
  opened: "message.provider_opened",
  clicked: "message.provider_clicked",
  failed: "message.failed",
  suppressed: "message.suppressed",
  bounced: "message.bounced",
  complained: "message.complained",
};

/** What the routes of providers are made of. */
export function providerDeps(services: Services): ProviderDeps {
  const { env, clock } = services;
  const budget = new Budget(BURST, PER_SECOND, 1);
  const secrets = ["RESEND_WEBHOOK_SECRET", "RESEND_WEBHOOK_SECRET_NEXT"].flatMap((name) => {
    const value = env[name];
    return typeof value === "string" && value.trim() !== "" ? [value.trim()] : [];
  });
  return {
    secrets,
    wasDelivered: (id) => wasDelivered(env.DB, id),
    noteDelivery: (id, at) => noteDelivery(env.DB, id, at),
    take: (news, id, receivedAt) =>
      "address" in news ? takeList(services, news, id, receivedAt) : takeNews(services, news, id, receivedAt),
    refused: (reason) => services.notes.refused(SOURCE, { [reason]: 1 }),
    spend: () => budget.take(SOURCE, 1, clock.now()),
    now: () => clock.now(),
    log,
  };
}

/** Settles the message's row by it, and tells the ledger. Each part can be done again. */
async function takeNews(services: Services, news: ProviderNews, id: string, receivedAt: number): Promise<boolean> {
  const contact = contactRow(news.contact ?? "");
  const row = contact === null || news.send === null ? null : await readSend(services.env.DB, contact, news.send);
  if (contact === null || !row) return false;
  // The tags of a message are ours, its id is the provider's: both must be of the same message.
  const known = (row as { provider_id?: string | null }).provider_id ?? null;
  if (known !== null && known !== news.providerId) return false;
  await settleByProvider(
    services.env.DB,
    { contact, id: row.id, kind: news.kind, providerId: news.providerId },
    receivedAt,
  );
  const name = EVENTS[news.kind];
  if (name === undefined) return true;
  const { channel, address } = row;
  const hash = services.seal(suppressionName(channel, address));
  const kind = news.kind === "bounced" ? news.bounce : news.kind === "suppressed" ? "provider" : undefined;
  const properties = { send: row.id, channel, address, hash, source: SOURCE, ...(kind && { kind }) };
  const event = ownEvent(id, name, news.at, contact, properties);
  // Who looked at the links while the letter was handed over was no reader, and scenarios have to hear so.
  const taken =
    news.kind === "delivered"
      ? takenBack(
          { contact, send: row.id, hits: await readHits(services.env.DB, contact, row.id) },
          news.at,
          receivedAt,
        )
      : null;
  refuseUnstored(
    await services.append(
      { receivedAt, events: taken ? [event, taken] : [event], source: SOURCE },
      { key: "webhooks.resend", origin: "webhooks.resend" },
    ),
  );
  return true;
}

/** Keeps our list in step with the provider's own. A complaint stands, whatever the provider does about the address. */
async function takeList(
  services: Services,
  { kind, at, address }: ListNews,
  id: string,
  receivedAt: number,
): Promise<boolean> {
  const { DB } = services.env;
  const hash = services.seal(suppressionName("email", address));
  if (kind === "unlisted") {
    for (const lifted of ["provider", "hard_bounce"] as const)
      await liftSuppressions(services, { hash, kind: lifted, before: at + 1 }, "provider");
    return true;
  }
  const owner = await DB.prepare("SELECT contact FROM identities WHERE identity = ?1")
    .bind(`e:${address}`)
    .first<{ contact: number }>();
  // Nobody that we know: the address counts all the same, for whoever has it one day.
  if (!owner) await putNamelessSuppression(DB, { hash, kind: "provider", channel: "email", source: SOURCE, at });
  else {
    const properties = { send: "", channel: "email", address, hash, source: SOURCE, kind: "provider" };
    const events = [ownEvent(id, "message.suppressed", at, owner.contact, properties)];
    refuseUnstored(await services.append({ receivedAt, events, source: SOURCE }, null));
  }
  return true;
}
