import type { LedgerEvent } from "../../events/event";
import { ownEvent } from "../../events/event";
import type { DueNews } from "../../segments/news-store";
import { dueNews, markTelling, noteTold } from "../../segments/news-store";
import { SEGMENT_CHANGED } from "../../segments/transition";
import type { Services } from "../../services";
import { derivedId } from "../../shared/ids";

const PAGE = 500;

/** Where moves are that are to be told, and who takes them in. */
export interface Telling extends Pick<Services, "clock" | "append"> {
  readonly env: { readonly DB: D1Database };
}

/**
 * Tells of moves that are due, as events. The row is marked before, so that whatever moves meanwhile is another move, and
 * says that it was told once its event is stored; whoever dies between tells again, under an id that follows from family,
 * contact and time, and is not heard twice. True while there is more.
 */
export async function tellNews(services: Telling): Promise<boolean> {
  const { DB } = services.env;
  const now = services.clock.now();
  const due = await dueNews(DB, now, PAGE);
  if (due.length === 0) return false;
  const told = await markTelling(DB, due, now);
  const { status } = await services.append({ receivedAt: now, events: told.map(eventOf) }, null);
  if (status !== "stored") {
    await markTelling(DB, told, null);
    throw new Error(`moves between segments were not taken: ${status}`);
  }
  await noteTold(DB, told, now).run();
  return due.length === PAGE;
}

function eventOf({ family, contact, at, due, from, to, cause }: DueNews): LedgerEvent {
  const id = derivedId("seg", family, contact, at);
  return ownEvent(id, SEGMENT_CHANGED, due, contact, { family, from, to, cause });
}
