import type { Channel, Outcome, OutgoingMessage } from "../message";

/** A message as the inbox keeps it: what a provider would have been given, and on which channel. */
export type InboxMessage = OutgoingMessage & { readonly channel: string };

/** Keeps one message. A second message with the same `id` must not make a second entry. */
export type InboxStore = (message: InboxMessage) => Promise<void>;

/** The channel of everything that has no provider yet: messages can be read and reach nobody. */
export function inboxChannel(key: string, store: InboxStore): Channel {
  return {
    key,
    async send(message: OutgoingMessage): Promise<Outcome> {
      try {
        await store({ ...message, channel: key });
        return { state: "accepted", providerId: `inbox_${message.id}` };
      } catch {
        // The store keeps one entry per id, so that asking again is safe even where it had been written.
        return { state: "retry", reason: "inbox_unavailable", afterMs: null };
      }
    },
  };
}

const UNCONFIGURED_MS = 5 * 60_000;

/** Where there is neither a provider nor an inbox, messages wait for the operator instead of being lost. */
export function unconfiguredChannel(key: string): Channel {
  return {
    key,
    send: async () => ({ state: "retry", reason: "channel_not_configured", afterMs: UNCONFIGURED_MS }),
  };
}
