/** A kind of place that events come from, as operators see it. */
interface SourceDefinition {
  readonly title: { readonly en: string; readonly fr: string };
  /** What its client calls itself in `context.library.name`. */
  readonly libraries: readonly string[];
  /** The kind of key that it is made for; null where it does not come through the event routes. */
  readonly scope: "write" | "secret" | null;
  /** False for what comes when somebody makes it come: its silence means nothing, nor do its refusals. */
  readonly isSteady?: false;
  /** Tells clients apart that call themselves the same. */
  readonly tellsBy?: (event: Readonly<Record<string, unknown>>) => boolean;
}

/** Every source that we know by name. A source that is not listed here is shown by its key. */
const SOURCES = {
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
  twilio: { title: { en: "Twilio", fr: "Twilio" }, libraries: [], scope: null, isSteady: false },
  resend: { title: { en: "Resend", fr: "Resend" }, libraries: [], scope: null, isSteady: false },
  import: { title: { en: "Imports", fr: "Imports" }, libraries: [], scope: null, isSteady: false },
  feed: { title: { en: "Product feeds", fr: "Flux de produits" }, libraries: [], scope: null },
  form: { title: { en: "Newsletter form", fr: "Formulaire d’inscription" }, libraries: [], scope: null },
  unknown: {
    title: { en: "Without a valid key", fr: "Sans clé valable" },
    libraries: [],
    scope: null,
    // Anybody on the internet could raise the alarm.
    isSteady: false,
  },
} as const satisfies Record<string, SourceDefinition>;

/** The reason under which a webhook with a wrong signature is counted. */
export const UNSIGNED = "bad-signature";

/** Anybody on the internet can be refused for these: they are shown, and raise no alarm. */
export const ANYBODYS: ReadonlySet<string> = new Set([UNSIGNED, "unauthorized"]);

/** Requests that bear no valid key: nobody can say where they come from. */
export const UNKNOWN = "unknown";

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

const KINDS = {
  write: { en: "public key", fr: "clé publique" },
  secret: { en: "secret key", fr: "clé secrète" },
} as const;

/** What a source is called; one that we do not know, by its key. */
export function sourceTitle(source: string): { readonly en: string; readonly fr: string } {
  const [key = "", kind] = source.split(".");
  const title = definitionOf(key)?.title ?? { en: key, fr: key };
  if (kind !== "write" && kind !== "secret") return title;
  return { en: `${title.en} (${KINDS[kind].en})`, fr: `${title.fr} (${KINDS[kind].fr})` };
}

/** Whether a source speaks of itself, so that its silence means something. */
export function isSteady(source: string): boolean {
  return definitionOf(source)?.isSteady ?? true;
}

function definitionOf(key: string): SourceDefinition | undefined {
  return Object.hasOwn(SOURCES, key) ? SOURCES[key as keyof typeof SOURCES] : undefined;
}

function asBag(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
}
