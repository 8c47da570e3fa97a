import type { Content } from "../../sends/content";
import type { Clock } from "../../shared/clock";
import type { OutboundPolicy } from "../../shared/outbound-url";
import type { TableCatalog } from "../tables";

/** What is read from for messages: as much of the services as that takes. */
export interface Sources {
  readonly env: { readonly DB: D1Database };
  readonly config: { readonly WEATHER_URL: string };
  readonly clock: Clock;
  readonly outbound: OutboundPolicy;
  readonly tables: TableCatalog;
  readonly content: (key: string, version: number) => Promise<Content | null>;
}
