import { profileOf } from "../contacts/profile";
import { OPTIN, requested } from "../contacts/subscription";
import type { ApplyContext, Projection } from "../events/projection";
import { DAY } from "../shared/clock";
import { derivedId } from "../shared/ids";
import { optinEmail } from "./contents/optin-email";
import { optinSms } from "./contents/optin-sms";
import { queuedRow } from "./send-row";

const CONTENTS = { email: optinEmail, sms: optinSms } as const;
type OptinChannel = keyof typeof CONTENTS;

/** One confirmation per address in this time, however often a form is sent. */
export const CONFIRMATION_PAUSE = DAY;

/** The id of the confirmation that an event asks for. */
export function optinSendId(eventId: string): string {
  return derivedId("snd", OPTIN, eventId);
}

/**
 * Confirmations of addresses leave without a run: the row of the message is put in the batch of the event that asks
 * for it, and takes the way of every other message from there.
 */
export const optinProjection: Projection<null> = {
  empty: () => null,
  copy: () => null,
  absorb: () => undefined,
  apply(_slice, context) {
    const { event } = context;
    if (event.type !== "internal") return;
    if (event.name !== "subscription.requested") return;
    const { channel, address } = requested.parse(event.properties);
    putConfirmation(channel, address, context);
  },
};

function putConfirmation(channel: OptinChannel, address: string, context: ApplyContext): void {
  const { event, record, receivedAt, rows } = context;
  const { language } = profileOf(record);
  const content = CONTENTS[channel];
  const id = optinSendId(event.id);
  const data = {
    language: language === "fr" ? "fr" : "en",
    // Whoever fills a form in could write to a stranger through the name.
    contact: { first_name: null, last_name: null },
    cart: null,
    order: null,
    tracking: false,
  } as const;
  const about = {
    id,
    contact: record.id,
    run: OPTIN,
    scenario: OPTIN,
    block: "confirm",
    channel,
    class: content.class,
  };
  // The key is the address: two requests in one batch are one message.
  rows.put("optin_sends", `${record.id}|${channel}`, queuedRow({ ...about, content, address, data }, receivedAt));
  const decision = derivedId("dec", id);
  rows.put("optin_decisions", id, [record.id, decision, id, OPTIN, OPTIN, "confirm", channel, receivedAt]);
}
