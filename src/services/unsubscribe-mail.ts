import { ownEvent } from "../events/event";
import { log } from "../platform/log";
import type { Services } from "../services";
import { derivedId } from "../shared/ids";
import { readMailAsking } from "../tracking/links";

/** As much of a mail that comes in as is looked at: who sent it says nothing, as anybody can write any name there. */
export interface IncomingMail {
  readonly headers: Pick<Headers, "get">;
  setReject(reason: string): void;
}

const REFUSAL =
  "This address only takes the unsubscribe mails that our own letters offer. / Cette adresse ne prend que les " +
  "desabonnements que nos propres lettres proposent.";

/**
 * A mail to the inbox that `List-Unsubscribe` names. Its subject holds what the link holds, signed, so it ends the
 * subscription of the message's own reader and nobody else's; nothing else is done by mail. What is no such mail goes back
 * to its sender.
 */
export async function receiveMail(services: Services, mail: IncomingMail): Promise<void> {
  await services.ready();
  const { config, clock } = services;
  const found = readMailAsking(config.LINK_SECRET, mail.headers.get("Subject") ?? "");
  if (!found) {
    mail.setReject(REFUSAL);
    return;
  }
  const at = clock.now();
  // The same mail that is handed over twice is one; another one, of later, withdraws once more.
  const id = derivedId("unm", found.send, mail.headers.get("Message-ID") ?? String(at));
  const properties = { consent: found.channel, source: "unsubscribe mail", way: "one_click" };
  const event = ownEvent(id, "consent.withdrawn", at, found.contact, properties);
  const { status } = await services.append({ receivedAt: at, events: [event] }, null);
  if (status === "stored") return;
  log("an unsubscribe mail could not be stored", { status });
  // Whoever handed it over keeps it and comes again.
  throw new Error("the withdrawal could not be stored");
}
