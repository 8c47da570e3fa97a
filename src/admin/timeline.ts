import * as z from "zod";
import { time, timeText } from "./api";
import type { TimelineEvent, TimelineMessage, TimelinePage } from "./timeline-store";

const bag = z.record(z.string(), z.unknown());

const event = z.object({
  kind: z.literal("event"),
  recorded_at: time,
  at: time.openapi({ description: "When it happened, corrected." }),
  message_id: z.string(),
  type: z.string(),
  name: z.string(),
  trust: z.enum(["write", "token", "secret", "import", "internal"]).openapi({ description: "Who vouches for it." }),
  properties: bag,
  traits: bag,
  bot: z.boolean().openapi({ description: "Looks like a machine: kept, and starts nothing." }),
});

const message = z.object({
  kind: z.literal("message"),
  recorded_at: time,
  at: time,
  send_id: z.string(),
  run_id: z.string(),
  scenario: z.string(),
  block: z.string(),
  channel: z.string(),
  content: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  updated_at: time,
});

/** The shape of a page of a contact's timeline. */
export const timeline = z.object({
  data: z.array(z.discriminatedUnion("kind", [event, message])),
  next_cursor: z.string().nullable(),
  scanned: z.object({
    journal_rows: z.number().int(),
    back_to: time.nullable().openapi({ description: "null where the beginning was reached." }),
  }),
});

type Item = z.output<typeof timeline>["data"][number];

function showEvent({ receivedAt, event: told }: TimelineEvent): Item {
  return {
    kind: "event",
    recorded_at: timeText(receivedAt),
    at: timeText(told.at),
    message_id: told.id,
    type: told.type,
    name: told.name,
    trust: told.trust,
    properties: { ...told.properties },
    traits: { ...told.traits },
    bot: told.bot ?? false,
  };
}

function showMessage(row: TimelineMessage): Item {
  const { id, run, scenario, block, channel, content, state, reason } = row;
  const at = timeText(row.createdAt);
  const about = { send_id: id, run_id: run, scenario, block, channel, content, state, reason };
  return { kind: "message", recorded_at: at, at, ...about, updated_at: timeText(row.updatedAt) };
}

/** Events and messages in one order, the latest recorded first. */
export function showTimeline(page: TimelinePage): Omit<z.output<typeof timeline>, "next_cursor"> {
  const items = [...page.messages.map(showMessage), ...page.events.map(showEvent)];
  // The sort is stable: events of one request stay in their order, a message stands above what caused it.
  const data = items.sort((left, right) =>
    left.recorded_at > right.recorded_at ? -1 : Number(left.recorded_at < right.recorded_at),
  );
  return { data, scanned: { journal_rows: page.scanned, back_to: page.next && timeText(page.next.at) } };
}
