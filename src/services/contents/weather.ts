import * as z from "zod";
import { log } from "../../platform/log";
import { fetchOutbound, OutboundFailure } from "../../platform/outbound";
import type { MessageWeather } from "../../sends/extra";
import { HOUR, MINUTE, SECOND } from "../../shared/clock";
import type { Sources } from "./sources";

/** What a source of the weather answers. */
const told = z.object({
  kind: z.enum(["sun", "cloud", "rain", "snow", "storm"]),
  degrees: z.number().min(-90).max(60),
});

interface Place {
  readonly city: string;
  readonly country: string | null;
}

interface Row {
  readonly kind: MessageWeather["kind"] | null;
  readonly degrees: number | null;
  readonly told_at: number;
}

/** As long as it is taken for today's. */
const FRESH = 3 * HOUR;
/** A source that did not answer is left in peace for a while, by all messages. */
const PAUSE = 10 * MINUTE;
const MOST_BYTES = 4_096;
const TIME = 2 * SECOND;

/** The weather of a place, at most three hours old; null where no source is set or it does not tell. Never throws. */
export async function readWeather(services: Sources, place: Place, now: number): Promise<MessageWeather | null> {
  const url = services.config.WEATHER_URL;
  if (url === "") return null;
  const { DB } = services.env;
  const key = `${place.country ?? ""}|${place.city.normalize("NFC").toLowerCase()}`.slice(0, 200);
  const row = await DB.prepare("SELECT kind, degrees, told_at FROM weather WHERE place = ?1").bind(key).first<Row>();
  if (row && now - row.told_at < (row.kind === null ? PAUSE : FRESH)) return weatherOf(row);
  const found = await ask(services, url, place);
  const sql =
    "INSERT INTO weather (place, kind, degrees, told_at) VALUES (?1, ?2, ?3, ?4) " +
    "ON CONFLICT (place) DO UPDATE SET kind = excluded.kind, degrees = excluded.degrees, told_at = excluded.told_at";
  await DB.prepare(sql)
    .bind(key, found?.kind ?? null, found?.degrees ?? null, now)
    .run();
  return found;
}

function weatherOf({ kind, degrees }: Row): MessageWeather | null {
  return kind === null || degrees === null ? null : { kind, degrees };
}

async function ask({ outbound }: Sources, url: string, { city, country }: Place): Promise<MessageWeather | null> {
  const asked = new URL(url);
  asked.searchParams.set("city", city);
  if (country !== null) asked.searchParams.set("country", country);
  try {
    const ports = {
      fetch: (...args: Parameters<typeof fetch>) => fetch(...args),
      policy: outbound,
      timeMs: TIME,
      bytes: MOST_BYTES,
    };
    const answer = await fetchOutbound(asked.href, { headers: { Accept: "application/json" } }, ports);
    const text = await new Response(answer.body).text();
    const { kind, degrees } = told.parse(JSON.parse(text));
    return answer.status === 200 ? { kind, degrees: Math.round(degrees) } : null;
  } catch (error) {
    // A city is where somebody lives: the log says no more than that the source failed.
    log("weather not told", { reason: error instanceof OutboundFailure ? error.reason : "not understood" });
    return null;
  }
}
