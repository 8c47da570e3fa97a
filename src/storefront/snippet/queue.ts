import { attempt, type Chance } from "./environment";
import type { Keep } from "./keep";
import type { Message } from "./message";

const MOST = 500;
const OLDEST_MS = 7 * 24 * 3600 * 1000;

export interface Queue {
  read(): Message[];
  write(messages: readonly Message[]): void;
}

/** UTF-8 bytes of a JSON text. */
export function bytesOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

/**
 * The events that the server has not confirmed: the last 500, for 7 days at most. It is read from storage
 * before each change, so that tabs add to each other's queue instead of overwriting it.
 */
export function createQueue(chance: Chance, keep: Keep): Queue {
  return {
    read() {
      const since = chance.now() - OLDEST_MS;
      return keep
        .read("queue")
        .flatMap((copy) => attempt(() => JSON.parse(copy) as Message[], []))
        .filter((message) => Date.parse(message.timestamp) > since);
    },
    write: (messages) => keep.write("queue", JSON.stringify(messages.slice(-MOST))),
  };
}

/** Browsers refuse a beacon or a keepalive body over 64 KB; the rest of it is for the envelope. */
const CHUNK_BYTES = 60_000;
const ENVELOPE_BYTES = 500;

/** The first events that fit into one request; at least one, if there is any. */
export function firstChunk(messages: readonly Message[]): Message[] {
  let room = CHUNK_BYTES - ENVELOPE_BYTES;
  const end = messages.findIndex((message, index) => {
    room -= bytesOf(message) + 1;
    return room < 0 && index > 0;
  });
  return messages.slice(0, end < 0 ? messages.length : end);
}
