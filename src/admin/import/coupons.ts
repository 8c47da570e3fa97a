import type { Offer } from "../../commerce/coupon";
import { validityOf } from "../../commerce/coupon";
import { addCodes, listOffers, storedCodes } from "../../commerce/coupon-store";
import type { LedgerEvent } from "../../events/event";
import type { Services } from "../../services";
import { Cells } from "./cells";
import type { ImportItem, LineContext, WrittenItems } from "./kind";
import { rowKind } from "./kind";
import { personOf } from "./person";
import type { Told } from "./tell";
import { knownPeople, tellLedger } from "./tell";

interface CouponItem {
  readonly offer: string;
  readonly code: string;
  /** Of a code that somebody has: the event that says so, but for what follows from its offer. Null for one of the pool. */
  readonly issued: LedgerEvent | null;
}

type Item = ImportItem<CouponItem>;
type Note = WrittenItems["rejected"][number];

const TIMES = ["issued_at", "valid_from", "valid_to", "redeemed_at"];
const COLUMNS = ["offer", "code", "external_id", "email", "occasion", ...TIMES, "redeemed_order"];

/** A code a line: of an offer's pool, or one that a contact has already. Validity that is not stated is the offer's. */
export const coupons = rowKind<CouponItem>({
  title: { en: "Coupons", fr: "Bons de réduction" },
  columns: COLUMNS,
  formats: ["csv", "ndjson"],
  times: TIMES,
  read(value, context) {
    const cells = new Cells(value);
    const offer = cells.required("offer", 40);
    const code = cells.required("code", 80);
    const person = personOf(cells);
    const isPool = person.user === undefined && person.email === undefined;
    const issued = isPool ? null : { ...person, ...issuedEvent(cells, context, offer, code) };
    cells.leaveOut(COLUMNS);
    // A code that is somebody's must not go to somebody else because of a typing error.
    if (isPool && cells.text("email") !== null) cells.refuse("email is not an address");
    if (isPool && cells.text("redeemed_order") !== null) cells.refuse("external_id is missing: it was redeemed");
    if (cells.fault !== null) return { ok: false, reason: cells.fault };
    return { ok: true, item: { offer, code, issued }, warnings: cells.warnings };
  },
  async write(services, items) {
    const offers = new Map((await listOffers(services.env.DB)).map((offer) => [offer.key, offer]));
    const rejected = items.flatMap(({ line, item }) => refusalOf(line, item, offers.get(item.offer)));
    const refused = new Set(rejected.map(({ line }) => line));
    const left = items.filter(({ line }) => !refused.has(line));
    const pool = await writePool(
      services,
      left.filter(({ item }) => item.issued === null),
    );
    const issued = await writeIssued(
      services,
      left.filter(({ item }) => item.issued !== null),
      offers,
    );
    return {
      accepted: pool.accepted + issued.accepted,
      duplicates: pool.duplicates + issued.duplicates,
      rejected: [...rejected, ...pool.rejected, ...issued.rejected],
    };
  },
});

function issuedEvent(cells: Cells, { id, receivedAt }: LineContext, offer: string, code: string): LedgerEvent {
  const at = cells.past("issued_at", receivedAt) ?? receivedAt;
  const [from, to] = [cells.time("valid_from"), cells.time("valid_to")];
  if (from !== null && to !== null && to <= from) cells.refuse("valid_to lies before valid_from");
  const order = cells.text("redeemed_order", 255);
  const redeemedAt = cells.past("redeemed_at", receivedAt);
  if (redeemedAt !== null && order === null) cells.refuse("redeemed_order is missing");
  const properties = {
    offer,
    code,
    occasion: cells.text("occasion", 80) ?? `code:${code}`,
    pool: false,
    limit: null,
    ...(from !== null && { valid_from: from }),
    ...(to !== null && { valid_to: to }),
    ...(order !== null && { redeemed_order: order, redeemed_at: redeemedAt ?? at }),
  };
  return { id, type: "internal", name: "coupon.issued", at, trust: "import", properties };
}

function refusalOf(line: number, { issued }: CouponItem, offer: Offer | undefined): Note[] {
  if (!offer) return [{ line, reason: "offer is none of the shop's: make it at /api/offers first" }];
  const isOwn = offer.codes === "own" && issued === null;
  return isOwn ? [{ line, reason: "offer makes its own codes, so the line must say whose this one is" }] : [];
}

async function writePool({ env }: Services, items: readonly Item[]): Promise<WrittenItems> {
  const known = new Map((await storedCodes(env.DB, codesOf(items))).map((stored) => [stored.code, stored]));
  const fresh = new Map(items.filter(({ item }) => !known.has(item.code)).map((one) => [one.item.code, one.item]));
  for (const offer of new Set([...fresh.values()].map((one) => one.offer))) {
    const codes = [...fresh.values()].flatMap((one) => (one.offer === offer ? [one.code] : []));
    await addCodes(env.DB, offer, codes);
  }
  const rejected = items.flatMap(({ line, item }) => foreignCode(line, item, known.get(item.code)?.offer));
  return { accepted: fresh.size, duplicates: items.length - fresh.size - rejected.length, rejected };
}

function foreignCode(line: number, { offer }: CouponItem, owner: string | undefined): Note[] {
  return owner === undefined || owner === offer ? [] : [{ line, reason: "code is one of another offer" }];
}

function codesOf(items: readonly Item[]): string[] {
  return items.map(({ item }) => item.code);
}

async function writeIssued(
  services: Services,
  items: readonly Item[],
  offers: ReadonlyMap<string, Offer>,
): Promise<WrittenItems> {
  const { DB } = services.env;
  const people = await knownPeople(services, eventsOf(items));
  const known = new Map((await storedCodes(DB, codesOf(items))).map((stored) => [stored.code, stored]));
  const rejected: Note[] = [];
  const told: Told[] = [];
  const taken = new Map<string, string>();
  let duplicates = 0;
  for (const { line, item } of items) {
    const { issued, code } = item;
    const offer = offers.get(item.offer);
    if (!issued || !offer) continue;
    const stored = known.get(code);
    const foreign = foreignCode(line, item, stored?.offer);
    const person = String(people.get(issued.id) ?? issued.user ?? issued.email);
    const holder = stored?.contact ? String(stored.contact) : taken.get(code);
    taken.set(code, holder ?? person);
    if (foreign.length > 0) rejected.push(...foreign);
    else if (holder === person) duplicates++;
    else if (holder !== undefined) rejected.push({ line, reason: "code is somebody else's" });
    else told.push({ line, event: wholeEvent(issued, offer, stored !== undefined) });
  }
  const written = await tellLedger(services, told, people);
  const missed = await notGiven(services, told, written.rejected);
  return {
    accepted: written.accepted - missed.length,
    duplicates,
    rejected: [...rejected, ...written.rejected, ...missed],
  };
}

function eventsOf(items: readonly Item[]): LedgerEvent[] {
  return items.flatMap(({ item }) => item.issued ?? []);
}

/** `pooled`: the code lies in the offer's pool and is taken out of it. */
function wholeEvent(issued: LedgerEvent, offer: Offer, pooled: boolean): LedgerEvent {
  const { from, to } = validityOf(offer, issued.at);
  const stated = issued.properties ?? {};
  const end = Math.max(to, Number(stated["valid_from"] ?? from));
  return { ...issued, properties: { valid_from: from, valid_to: end, ...stated, pool: pooled } };
}

/** A contact has one coupon of an offer for an occasion, and the ledger leaves it at that. */
async function notGiven({ env }: Services, told: readonly Told[], refused: readonly Note[]): Promise<Note[]> {
  const codeOf = ({ event }: Told): string => String(event.properties?.["code"]);
  const stored = await storedCodes(env.DB, told.map(codeOf));
  const given = new Set(stored.flatMap(({ code, contact }) => (contact === null ? [] : [code])));
  const gone = new Set(refused.map(({ line }) => line));
  return told.flatMap((one) =>
    given.has(codeOf(one)) || gone.has(one.line)
      ? []
      : [{ line: one.line, reason: "the contact has a coupon of this offer for this occasion already" }],
  );
}
