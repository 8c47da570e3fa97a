import type { OutgoingMessage } from "../../../src/sends/message";

/** A rendered message on its way to a channel. */
export function messageOf(given: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return {
    id: "send_1",
    to: "camille@example.test",
    from: "Maison Lumen <bonjour@maison-lumen.test>",
    contactId: "ct_1",
    scenario: "abandoned-cart",
    block: "remind once",
    campaign: null,
    sentAt: 1_800_000_000_000,
    subject: "You left this behind",
    html: "<p>Hello</p>",
    text: "Hello",
    headers: { "List-Unsubscribe": "<https://go.test/u/x>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
    links: [],
    ...given,
  };
}
