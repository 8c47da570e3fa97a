/** A kind of place that events come from, as operators see it. */
interface SourceDefinition {
  readonly title: { readonly en: string; readonly fr: string };
  /** What its client calls itself in `context.library.name`. */
  readonly libraries: readonly string[];
  /** The kind of key that it is made for; null where it does not come through the event routes. */
  readonly scope: "write" | "secret" | null;
  /** Tells clients apart that call themselves the same. */
  readonly tellsBy?: (event: Readonly<Record<string, unknown>>) => boolean;
}

/** Every source that we know by name. A source that is not listed here is shown by its key. */
export const SOURCES = {
  snippet: {
    title: { en: "Browser snippet", fr: "Script du navigateur" },
    libraries: ["relance.js"],
    scope: "write",
  },
  "segment-browser": {
    title: { en: "Segment, browser", fr: "Segment, navigateur" },
    libraries: ["analytics.js"],
    scope: "write",
  },
  "rudderstack-browser": {
    title: { en: "RudderStack, browser", fr: "RudderStack, navigateur" },
    libraries: ["RudderLabs JavaScript SDK"],
    scope: "write",
  },
  "rudderstack-node": {
    title: { en: "RudderStack, Node", fr: "RudderStack, Node" },
    libraries: ["analytics-node"],
    scope: "secret",
    // Segment's first client for Node has the same name; only RudderStack's says when an event was made under this one.
    tellsBy: (event) => "originalTimestamp" in event,
  },
  "segment-node": {
    title: { en: "Segment, Node", fr: "Segment, Node" },
    libraries: ["@segment/analytics-node", "analytics-node"],
    scope: "secret",
  },
  http: { title: { en: "HTTP API", fr: "API HTTP" }, libraries: [], scope: "secret" },
  shopify: { title: { en: "Shopify", fr: "Shopify" }, libraries: [], scope: null },
  woocommerce: { title: { en: "WooCommerce", fr: "WooCommerce" }, libraries: [], scope: null },
  import: { title: { en: "Imports", fr: "Imports" }, libraries: [], scope: null },
  feed: { title: { en: "Product feeds", fr: "Flux de produits" }, libraries: [], scope: null },
} as const satisfies Record<string, SourceDefinition>;

/**
 * The source of a request of the event routes: its first event and the kind of its key. What a client says of itself is
 * a claim, so it only chooses among those we know, and a key of the other kind makes another source (`http.write`):
 * nobody who holds the public key can speak for the shop's server, or make sources up.
 */
export function sourceOf(
  scope: "write" | "secret",
  event: unknown,
  shared: Readonly<Record<string, unknown>> | null,
): string {
  const raw = asBag(event) ?? {};
  const name = asBag({ ...shared, ...asBag(raw["context"]) }["library"])?.["name"];
  const known = Object.entries(SOURCES as Readonly<Record<string, SourceDefinition>>).find(
    ([, { libraries, tellsBy }]) => libraries.some((one) => one === name) && (tellsBy?.(raw) ?? true),
  );
  const [key, definition] = known ?? ["http", SOURCES.http];
  return definition.scope === scope ? key : `${key}.${scope}`;
}

function asBag(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
}
