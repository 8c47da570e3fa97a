import { part } from "../../src/events/connectors/body";
import type { Connector, Outcome } from "../../src/events/connectors/connector";
import type { LedgerEvent } from "../../src/events/event";

/** When deliveries are received, unless a test says otherwise. */
export const NOW = Date.UTC(2026, 5, 1, 12);

/** Makes what reads a body of a topic as a connector does, of a shop in euros at the noon of 1 June 2026. */
export function topicReader(source: string, { topics }: Connector) {
  return (topic: string, body: object, receivedAt = NOW): Outcome => {
    const found = Object.hasOwn(topics, topic) ? topics[topic] : undefined;
    if (!found) throw new Error(`no topic ${topic}`);
    const occasion = {
      source,
      topic,
      sentAt: receivedAt,
      receivedAt,
      currency: "EUR",
      shopUrl: "https://shop.example",
    };
    return found(part(body), occasion);
  };
}

/** What the events are called, in their order. */
export function namesOf({ events = [] }: Outcome): string[] {
  return events.map(({ type, name }) => (type === "track" ? name : type));
}

/** The first event of a name. */
export function named({ events = [] }: Outcome, name: string): LedgerEvent {
  const found = events.find((event) => event.name === name);
  if (!found) throw new Error(`no event ${name}`);
  return found;
}
