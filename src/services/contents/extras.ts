import { readShelves } from "../../commerce/shelf-store";
import { physicalColumns } from "../../contacts/star/table";
import type { Views } from "../../contacts/star/visit";
import { eachView } from "../../contacts/star/visit";
import { readContact, selectContacts } from "../../contacts/store";
import { familyOf } from "../../contacts/wanted";
import type { Content } from "../../sends/content";
import { languageFor } from "../../sends/content";
import type { Extra, MessageExtra, MessageStore } from "../../sends/extra";
import { EXTRAS } from "../../sends/extra";
import type { MessageData, MessageLine } from "../../sends/message";
import { openingText } from "../../sends/opening-text";
import { usesOf } from "../../sends/uses";
import type { Language } from "../../shared/language";
import type { Sources } from "./sources";
import { readWeather } from "./weather";

/** A message whose extra is to be read: whose it is, and what was frozen with it. */
interface Asked {
  readonly contact: number;
  readonly data: MessageData;
}

type Cell = string | number | null;
type Attributes = Readonly<Record<string, unknown>>;

/** Everything of one contact that readers of extras go by. */
interface Ground {
  readonly services: Sources;
  readonly contact: number;
  readonly data: MessageData;
  readonly attributes: Attributes;
  readonly country: string | null;
  /** Products of the visit that may still go on, in the order in which they were first seen. */
  readonly seen: readonly string[];
  readonly names: readonly string[];
  /** That of the content's text that is made. */
  readonly language: Language;
  readonly now: number;
}

const MOST_LINES = 6;
const known = new WeakMap<Content, readonly string[]>();

/** What a content names of the extras. Worked out once for each version that is in memory. */
function namesOf(content: Content): readonly string[] {
  const before = known.get(content);
  if (before) return before;
  const { names } = usesOf(content);
  const own = new Set<string>(EXTRAS);
  const wanted = names.filter((name) => {
    const [root = "", part = ""] = name.split(".");
    return root === "order" ? ["number", "total", "currency"].includes(part) : own.has(root);
  });
  known.set(content, wanted);
  return wanted;
}

/** True for a content that prints what is read when its message is first made. */
export function wantsExtra(content: Content): boolean {
  return namesOf(content).length > 0;
}

const text = (value: unknown): string | null => (typeof value === "string" && value.trim() !== "" ? value : null);
const number = (value: unknown): number | null => {
  const read = typeof value === "string" ? Number(value) : value;
  return typeof read === "number" && Number.isFinite(read) ? read : null;
};

/** Products by their ids as lines, those that are in the catalogue and on sale. */
async function linesOf({ services, now }: Ground, ids: readonly string[]): Promise<MessageLine[]> {
  if (ids.length === 0) return [];
  const { DB } = services.env;
  const sql =
    "SELECT product_id, title, url, image FROM products WHERE product_id IN (SELECT value FROM json_each(?1))";
  const [{ results }, shelves] = await Promise.all([
    DB.prepare(sql)
      .bind(JSON.stringify(ids))
      .all<{ product_id: string; title: string; url: string | null; image: string | null }>(),
    readShelves(DB, ids, now),
  ]);
  return ids.flatMap((id) => {
    const product = results.find(({ product_id }) => product_id === id);
    const shelf = shelves.get(id)?.find(({ stock, isGone }) => !isGone && (stock === null || stock > 0));
    if (!product || !shelf || shelf.price === null || shelf.currency === null) return [];
    const { title: name, url, image } = product;
    return [{ product_id: id, name, quantity: 1, price: shelf.price, currency: shelf.currency, url, image }];
  });
}

type Reader = (ground: Ground) => Promise<Partial<MessageExtra>>;

async function segments({ services, contact }: Ground): Promise<Partial<MessageExtra>> {
  const sql =
    "SELECT CASE WHEN m.segment = m.family THEN m.segment ELSE m.family || '_' || m.segment END AS key " +
    `FROM segment_members AS m WHERE m.contact IN (${familyOf("?1")})`;
  const { results } = await services.env.DB.prepare(sql).bind(contact).all<{ key: string }>();
  return { segments: results.map(({ key }) => key).sort() };
}

const place: Reader = async ({ attributes, country }) => ({
  place: { city: text(attributes["city"]), postal_code: text(attributes["postal_code"]), country },
});

interface StoreRow {
  readonly store_id: string;
  readonly name: string;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly address: string | null;
  /** JSON, as the shop stated it. */
  readonly opening_hours: string | null;
}

function shown(row: StoreRow | undefined | null, language: Language): MessageStore | null {
  if (!row) return null;
  const { store_id: id, name, address, opening_hours: stated } = row;
  return { id, name, address, hours: stated === null ? null : openingText(JSON.parse(stated), language) };
}

/** Near enough to compare distances within a country by. */
function distance(lat: number, lon: number, row: StoreRow): number {
  const east = ((row.lon ?? 0) - lon) * Math.cos((lat * Math.PI) / 180);
  return Math.hypot((row.lat ?? 0) - lat, east);
}

async function store({ services, contact, attributes, language }: Ground): Promise<Partial<MessageExtra>> {
  const { DB } = services.env;
  const most = `SELECT store FROM orders WHERE contact IN (${familyOf("?1")}) AND store IS NOT NULL GROUP BY store ORDER BY count(*) DESC, store LIMIT 1`;
  const [stores, bought] = await Promise.all([
    DB.prepare(
      "SELECT store_id, name, lat, lon, address, opening_hours FROM stores ORDER BY store_id LIMIT 2000",
    ).all<StoreRow>(),
    DB.prepare(most).bind(contact).first<{ store: string }>(),
  ]);
  const [lat, lon] = [
    number(attributes["lat"] ?? attributes["latitude"]),
    number(attributes["lon"] ?? attributes["longitude"]),
  ];
  const placed = stores.results.filter((row) => row.lat !== null && row.lon !== null);
  const nearest =
    lat === null || lon === null ? null : placed.toSorted((a, b) => distance(lat, lon, a) - distance(lat, lon, b))[0];
  const chosen = text(attributes["preferred_store"]) ?? bought?.store;
  const preferred = stores.results.find((row) => row.store_id === chosen);
  return { store: { nearest: shown(nearest, language), preferred: shown(preferred, language) } };
}

async function weather({ services, attributes, country, now }: Ground): Promise<Partial<MessageExtra>> {
  const city = text(attributes["city"]);
  return { weather: city === null ? null : await readWeather(services, { city, country }, now) };
}

async function reco(ground: Ground): Promise<Partial<MessageExtra>> {
  const sql = `SELECT source_id FROM recommendations WHERE contact IN (${familyOf("?1")}) ORDER BY score DESC, source_id LIMIT 24`;
  const { results } = await ground.services.env.DB.prepare(sql).bind(ground.contact).all<{ source_id: string }>();
  const lines = await linesOf(ground, [...new Set(results.map(({ source_id }) => source_id))]);
  return { reco: lines.slice(0, MOST_LINES) };
}

function productsOf(views: Views): string[] {
  return eachView(views).map(([id]) => String(id));
}

async function viewed(ground: Ground): Promise<Partial<MessageExtra>> {
  const sql = `SELECT views FROM visits WHERE contact IN (${familyOf("?1")}) AND views IS NOT NULL ORDER BY started_at DESC LIMIT 5`;
  const { results } = await ground.services.env.DB.prepare(sql).bind(ground.contact).all<{ views: string }>();
  const past = results.flatMap(({ views }) => productsOf(JSON.parse(views) as Views).toReversed());
  const ids = [...ground.seen.toReversed(), ...past];
  return { viewed: (await linesOf(ground, [...new Set(ids)].slice(0, 24))).slice(0, MOST_LINES) };
}

async function product(ground: Ground): Promise<Partial<MessageExtra>> {
  const { told } = ground.data;
  const id = text(told?.["product_id"]) ?? text(told?.["product"]) ?? ground.data.cart?.lines[0]?.product_id;
  const [line] = id ? await linesOf(ground, [id]) : [];
  if (!line) return { product: null };
  const was = number(told?.["was"] ?? told?.["price_before"]);
  const shelf = (await readShelves(ground.services.env.DB, [line.product_id], ground.now)).get(line.product_id)?.[0];
  return { product: { ...line, was: was !== null && was > line.price ? was : null, stock: shelf?.stock ?? null } };
}

async function loyalty({ services, contact, now }: Ground): Promise<Partial<MessageExtra>> {
  const { DB } = services.env;
  const sums =
    "SELECT count(*) AS lots, coalesce(sum(points_left), 0) AS points, min(CASE WHEN points_left > 0 THEN expires_at END) AS soon " +
    `FROM loyalty_lots WHERE contact IN (${familyOf("?1")}) AND (expires_at IS NULL OR expires_at > ?2)`;
  const going = `SELECT coalesce(sum(points_left), 0) AS points FROM loyalty_lots WHERE contact IN (${familyOf("?1")}) AND expires_at = ?2`;
  const [tier, sum] = await Promise.all([
    DB.prepare("SELECT tier FROM loyalty_accounts WHERE contact = ?1").bind(contact).first<{ tier: string | null }>(),
    DB.prepare(sums).bind(contact, now).first<{ lots: number; points: number; soon: number | null }>(),
  ]);
  if (!tier && !sum?.lots) return { loyalty: null };
  const soon = sum?.soon ?? null;
  const expiring =
    soon === null ? 0 : ((await DB.prepare(going).bind(contact, soon).first<{ points: number }>())?.points ?? 0);
  return { loyalty: { points: sum?.points ?? 0, tier: tier?.tier ?? null, expiring, expires_at: soon } };
}

interface OrderRow {
  readonly number: string | null;
  readonly total: number;
  readonly currency: string;
}

async function order({ services, data }: Ground): Promise<Partial<MessageExtra>> {
  if (!data.order) return {};
  const sql = "SELECT number, total, currency FROM orders WHERE order_id = ?1";
  const row = await services.env.DB.prepare(sql).bind(data.order.id).first<OrderRow>();
  return { order: row && { number: row.number ?? data.order.id, total: row.total, currency: row.currency } };
}

/** Of each custom table that is named, the row that was written last. */
async function tables({ services, contact, names }: Ground): Promise<Partial<MessageExtra>> {
  const keys = [...new Set(names.flatMap((name) => (name.startsWith("tables.") ? [name.slice(7)] : [])))];
  const catalog = await services.tables.read();
  const found: Record<string, Readonly<Record<string, Cell>>> = {};
  for (const key of keys) {
    const table = catalog.find(key);
    if (!table || table.contact === "none") continue;
    const columns = physicalColumns(table).map(({ name }) => name);
    const sql = `SELECT ${columns.map((column) => `"${column}"`).join(", ")} FROM "${table.name}" WHERE contact IN (${familyOf("?1")}) ORDER BY updated_at DESC LIMIT 1`;
    const row = await services.env.DB.prepare(sql).bind(contact).first<Record<string, Cell>>();
    if (row) found[key] = row;
  }
  return { tables: found };
}

const READERS: Readonly<Record<Extra, Reader>> = {
  segments,
  place,
  weather,
  store,
  reco,
  viewed,
  product,
  loyalty,
  order,
  tables,
};

/** Reads what a content prints beside what was frozen; null for one that prints none of it. */
export async function readExtra(
  services: Sources,
  content: Content,
  { contact, data }: Asked,
): Promise<MessageExtra | null> {
  const names = namesOf(content);
  if (names.length === 0) return null;
  const now = services.clock.now();
  const [row] = (await selectContacts(services.env.DB, JSON.stringify([contact])).all()).results;
  if (!row) return { at: now };
  const { profile, star } = readContact(row);
  const { attributes, country } = profile;
  const seen = productsOf(star.visit?.views ?? []);
  const language = languageFor(content, data.language);
  const ground: Ground = { services, contact, data, attributes, country, seen, names, language, now };
  const roots = [...new Set(names.map((name) => name.split(".")[0]))] as Extra[];
  const parts = await Promise.all(roots.map((root) => READERS[root](ground)));
  return Object.assign({ at: now }, ...parts) as MessageExtra;
}
