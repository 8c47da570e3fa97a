import { STAR_TABLES } from "../contacts/star";
import { listCustomTables } from "../contacts/star/custom-store";
import { tableOfDefinition } from "../contacts/star/definition";
import type { StarTable } from "../contacts/star/table";
import type { Catalog, Keeping, StoredTable } from "../contacts/stored-table";
import { impersonal, perContact } from "../contacts/stored-table";
import { LOCAL_TABLES } from "../local/stored-tables";
import { SEND_TABLES } from "../sends/stored-tables";
import { MESSAGE_TABLES } from "./message-tables";
import { SENDING_TABLES } from "./sending-tables";

const EMAIL_AND_SMS = ["email provider (Resend)", "SMS provider"];
const YEAR = 365;

/** As long as a browser's id may live with us (CNIL): what somebody looked at says little after that. */
const BROWSING = { days: 395, from: "updated_at" } as const;
const KEPT: Readonly<Record<string, Keeping>> = { visits: BROWSING, app_events: BROWSING, recommendations: BROWSING };

/** A rehearsal is soon out of date. */
const REHEARSED = { days: 60, from: "created_at" } as const;

/** A table of the star, ours or a shop's own, as the catalog has it. */
function starEntry({ name, contact, description }: StarTable): StoredTable {
  if (contact === "none") return impersonal(description, "What messages and targets look up");
  const keep = KEPT[name] ?? "contact";
  return perContact(description, "Targeting, triggers, and what messages say", { to: EMAIL_AND_SMS, keep });
}

const STAR: Catalog = Object.fromEntries(
  Object.values<StarTable>(STAR_TABLES).map((table) => [table.name, starEntry(table)]),
);

/** A condition for rows that name two contacts. */
const either = (one: string, other: string): { readonly where: string } => ({
  where: `(${one} IN (SELECT value FROM json_each(?1)) OR ${other} IN (SELECT value FROM json_each(?1)))`,
});

/**
 * Every table of D1, in one place: the register, erasure, access and retention follow from it, and a test compares it
 * with the real schema. A table that is missing here fails the tests.
 */
export const STORED_TABLES: Catalog = {
  // Found through `orders`, so it stands before it.
  order_lines: perContact("Lines of orders", "To know what was bought", {
    of: { where: "order_id IN (SELECT order_id FROM orders WHERE contact IN (SELECT value FROM json_each(?1)))" },
  }),
  orders: perContact("Orders", "Targeting, goals of scenarios, figures", { to: EMAIL_AND_SMS }),
  waiting_changes: perContact(
    "Changes of orders that have not come yet",
    "A refund that overtakes its order is not lost",
    {
      keep: { days: 90, from: "at" },
    },
  ),
  carts: perContact("Carts", "To remind of what was left", { to: EMAIL_AND_SMS }),
  ...STAR,
  loyalty_accounts: perContact("Loyalty: tier, points earned by day, counts per rule", "To know where somebody stands"),
  loyalty_lots: perContact(
    "Points as they were earned, with what is left and until when",
    "Points are the sum of them",
  ),
  loyalty_movements: perContact("Every change of points with its cause", "Each can be explained"),
  badges: perContact("Badges", "Recognition of engagement"),
  coupons: perContact("Coupon codes, for whom, and by whose order redeemed", "One code to one person, once", {
    to: EMAIL_AND_SMS,
    // Somebody else's code stays redeemed, by nobody in particular.
    besides: {
      where: "redeemed_by IN (SELECT value FROM json_each(?1))",
      overwrite: "redeemed_by = NULL, redeemed_order = ''",
    },
  }),
  referrals: perContact("Who recommended the shop to whom, and how far that came", "To reward it once", {
    of: either("advocate", "friend"),
  }),
  contact_households: perContact("Keyed hashes of where orders went", "Nobody is rewarded for referring himself"),
  shared_browsers: perContact("Browsers that went over to somebody else", "Nobody is rewarded for referring himself"),
  merges: perContact("Merges of contacts, with what they took over of a profile", "Each can be undone", {
    of: either("winner", "loser"),
  }),
  contact_metrics: perContact("Sums over a contact's orders", "Targeting without counting anew"),
  rfm_scores: perContact("Recency, frequency and monetary value, scores and segment", "Targeting by how somebody buys"),
  rfm_past: perContact("The same as of a moment that was asked for", "To look at the past of the shop"),
  weather: impersonal("The weather of places, as its source told it last", "Blocks of messages that go by it"),
  rfm_runs: impersonal("What scores were computed with, and how far that is", "Scores can be explained, and go on"),
  rfm_history: impersonal("Counts and sums by cell of the RFM matrix and day", "To see how the shop's customers move"),
  contact_behaviour: perContact(
    "Engagement, habits of browsing, answers to mail, share of promotions: sums and last days, no single act",
    "Targeting by what somebody does",
  ),
  behaviour_runs: impersonal(
    "How far the nightly computation of behaviour is, and its ruler",
    "It goes on where it was",
  ),
  exchange_rates: impersonal("Exchange rates by currency and day", "Orders in other currencies count"),
  consent_events: perContact(
    "Every word on consent: when, wording, source, way, keyed hash of the network address",
    "Proof of consent (GDPR art. 7(1))",
  ),
  runs: perContact("Passages through scenarios", "Nobody enters twice; figures", {
    // Re-entry rules of a scenario that may run again are read from here.
    keep: {
      days: 400,
      from: "exited_at",
      where: "scenario IN (SELECT id FROM scenarios WHERE state = 'archived')",
      archived: true,
    },
  }),
  acts: perContact("What runs wanted done beside messages, with what came of it", "To do it, once; to explain it", {
    // What is not done yet has no time at which it was.
    keep: { days: 400, from: "done_at", where: "state <> 'pending'", archived: true },
    to: ["addresses that scenarios call"],
  }),
  audience_members: perContact("Which audiences a contact is in, since when", "Ads and the site show what fits"),
  stops: perContact("Runs that must send nothing more", "A message never follows the order that ended its run"),
  decisions: perContact("Every decision to send or not, with its inputs", "Every silence can be explained", {
    keep: { days: 400, from: "at", archived: true },
  }),
  sends: perContact("Messages: address, what they print, state", "To send them, once; figures", {
    to: EMAIL_AND_SMS,
    keep: { days: 400, from: "created_at", where: "open = 0", archived: true },
  }),
  ...SENDING_TABLES,
  ...MESSAGE_TABLES,
  parked_contacts: perContact("Contacts whose state made an error", "They harm no other until they are mended"),
  last_clicks: perContact("The time of the last click in a message", "Retention counts from the last contact"),
  identities: perContact("User ids, addresses and browsers", "To know whose an event is"),
  journal: {
    holds: "Events as they came in",
    why: "Nothing accepted is lost; rehearsals; access",
    of: "many",
    keep: { days: 60, from: "received_at", archived: true },
    fate: "rewritten",
    to: [],
  },
  side_journal: {
    holds: "Requests that the ledger could not be reached with",
    why: "Nothing accepted is lost",
    of: "many",
    // The ledger takes them in before anything that is accepted later, an erasure too.
    keep: "contact",
    fate: "rewritten",
    to: [],
  },
  rejected_events: {
    holds: "Events that could not be taken, with the reason",
    why: "To mend and replay them",
    of: { mentions: "body" },
    keep: { days: 90, from: "received_at" },
    fate: "deleted",
    to: [],
  },
  idempotency: {
    holds: "Answers of the admin API to requests with an Idempotency-Key",
    why: "A repeated request changes nothing",
    of: { mentions: "body" },
    keep: { days: 2, from: "at" },
    fate: "deleted",
    to: [],
  },
  erased_contacts: perContact("What a contact was known by, while its erasure is under way", "To find what is its own"),
  contacts: perContact("Who somebody is: ids, addresses, name, attributes, consents", "The centre of everything", {
    of: { column: "id" },
    fate: "emptied",
    to: EMAIL_AND_SMS,
  }),
  privacy_requests: perContact("Requests for access and erasure: ids and dates", "To answer within a month, provably", {
    keep: { days: 5 * YEAR, from: "asked_at" },
    fate: "kept",
  }),
  tombstones: {
    holds: "Keyed hashes of what erased people were known by",
    why: "An import or an old browser does not bring them back",
    of: "many",
    keep: "forever",
    fate: "kept",
    to: [],
  },
  erasures: {
    holds: "How far erasures have come, and what their contacts were known by until they are done",
    why: "They go on after a crash",
    of: "many",
    keep: "contact",
    fate: "deleted",
    to: [],
  },
  provider_deletions: impersonal("Message ids that a provider is asked to delete", "Erasure reaches processors", {
    days: 2 * YEAR,
    from: "asked_at",
  }),
  hygiene_reports: impersonal("Counts and ids of the monthly hygiene", "To see that it ran, and what to mend", {
    days: 3 * YEAR,
    from: "at",
  }),
  source_hours: impersonal("Counts of events and refusals by source and hour", "To see that every source is alive", {
    days: 60,
    from: "hour",
  }),
  alerts: impersonal("What operators were alerted of", "To see what happened, and to tell of it once", {
    days: 400,
    from: "opened_at",
    where: "closed_at IS NOT NULL",
  }),
  alert_notices: impersonal("Letters and calls about alerts, to the shop's own staff", "To send them, once", {
    days: 90,
    from: "made_at",
    where: "state <> 'open'",
  }),
  webhook_endpoints: impersonal("Addresses of webhooks that fail", "They are asked less often, and given up"),
  shop_resources: impersonal("As of when a shop stated a product", "What is older undoes nothing"),
  stock_items: impersonal("Variants behind the items of a shop's stock keeping", "To know whose stock is told of"),
  stock_levels: impersonal("Stock by location", "What is in stock moves with it"),
  import_lines: impersonal("Hashes of imported lines", "A file that is sent twice changes nothing"),
  import_mappings: impersonal("How the columns of the shop's files are to be read", "Files are read as they are"),
  import_parts: impersonal("Where the parts of an uploaded file lie until it is read", "To read it on after a crash"),
  import_pieces: impersonal("Where the pieces of an uploaded file lie until it is read", "To read it on after a crash"),
  imports: impersonal("How imports went", "To mend what was refused", { days: 400, from: "created_at" }),
  exports: impersonal("Exports: by which admin key, of what, when, how many rows", "To tell who took data out", {
    days: 3 * YEAR,
    from: "created_at",
  }),
  wordings: impersonal("Texts of consent, by version", "Proof of what somebody agreed to"),
  rehearsals: impersonal(
    "What was rehearsed, how far it is, and counts of what came of it",
    "To see it again",
    REHEARSED,
  ),
  rehearsal_parts: impersonal("Counts of a rehearsal by part", "It goes on after a crash"),
  rehearsal_entries: perContact("Who would have entered a scenario, and what they would have got", "To see it again", {
    keep: REHEARSED,
  }),
  offers: impersonal("Offers behind coupons", "They say what a code is worth"),
  segment_members: perContact("Which segments a contact is in, since when", "Targeting, triggers, lists"),
  segment_transitions: perContact("Moves between segments, with their cause", "Targeting, flow between segments"),
  segment_news: perContact("Moves between segments that are still to be told", "Scenarios start on them, once"),
  segment_sizes: impersonal("How many contacts were in each segment, by day", "To see what becomes of them"),
  segment_flows: impersonal("How many contacts moved between segments, by day", "To see what becomes of them"),
  segment_families: impersonal("How far segments are computed over everybody", "They go on after a crash"),
  segment_progress: impersonal("Where the computation of segments stands", "It goes on after a crash"),
  segments: impersonal("Segments as they are defined", "They say who is in them"),
  products: impersonal("Products", "What messages show"),
  variants: impersonal("Variants of products", "What messages show"),
  price_history: impersonal("Prices by when they came into force", "Announcements; the lowest price of 30 days"),
  stock_history: impersonal("Stock by when it changed", "Back in stock, running low"),
  catalogue_changes: impersonal("Prices that fell, stock that came back", "Scenarios start on them", {
    days: 400,
    from: "seen_at",
  }),
  feeds: impersonal("Product feeds", "They say where to fetch them, and when"),
  feed_runs: impersonal("What fetching product feeds came to", "To mend what was refused", {
    days: 400,
    from: "started_at",
  }),
  stores: impersonal("Stores", "What messages show"),
  custom_tables: impersonal("Tables that the shop defined", "They say what rows mean"),
  scenarios: impersonal("Scenarios", "They say what to do when"),
  scenario_versions: impersonal("Versions of scenarios", "A run keeps the one it began with"),
  version_tests: impersonal("Tests of two versions that have ended, and which was kept", "What was learnt of them"),
  split_winners: impersonal("Arms of random splits that won, with the counts behind it", "Everybody goes their way"),
  ...SEND_TABLES,
  settings: impersonal("Switches and leases", "The product needs them to run"),
  cursor: impersonal("Where the ledger stands", "The product needs them to run"),
};

/** Every table of a contact shard's own storage. */
export const SHARD_TABLES: Catalog = {
  contact: perContact("Runs, timers and held messages", "To act at the right time", { of: { column: "id" } }),
  parked: perContact("Events that wait behind an error", "They harm no other until they are mended"),
  outbox: {
    holds: "Decisions on their way to D1",
    why: "Nothing decided is lost",
    of: "many",
    keep: "contact",
    fate: "rewritten",
    to: [],
  },
  meta: impersonal("The form of these tables", "The product needs them to run"),
};

/** Catalogs of tables that are made at run time, each as what reads it. */
const DEFINED: readonly ((db: D1Database) => Promise<Catalog>)[] = [
  async (db) => {
    const tables = (await listCustomTables(db)).map(({ definition }) => tableOfDefinition(definition));
    return Object.fromEntries(tables.map((table) => [table.name, starEntry(table)]));
  },
];

/** The catalog as it is now: with the tables that a shop defined, and without those that are not made yet. */
export async function storedTables(db: D1Database): Promise<Catalog> {
  const defined = await Promise.all(DEFINED.map((read) => read(db)));
  // Those that a shop defined come first: they may be found through one of ours.
  const all = [...defined, STORED_TABLES, __LOCAL__ ? LOCAL_TABLES : {}].flatMap((some) => Object.entries(some));
  const { results } = await db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all<{ name: string }>();
  const made = new Set(results.map(({ name }) => name));
  return Object.fromEntries(all.filter(([name]) => made.has(name)));
}
