import { movementsOf } from "../../commerce/loyalty-movement-store";
import { readProgramme } from "../../commerce/loyalty-store";
import type { LedgerEvent } from "../../events/event";
import type { Services } from "../../services";
import { Cells } from "./cells";
import type { ImportItem, LineContext, WrittenItems } from "./kind";
import { rowKind } from "./kind";
import { namedPerson } from "./person";
import { knownPeople, tellLedger } from "./tell";

const MOST = 10_000_000;
const NAMES = { earn: "loyalty.earned", spend: "loyalty.redeemed", adjust: "loyalty.adjusted" } as const;
type Movement = keyof typeof NAMES;

const COLUMNS = ["external_id", "email", "points", "kind", "at", "expires_at", "reason", "movement_id"];

/**
 * Points that somebody has from before, or one movement of theirs a line, as they were at their time: oldest first, as
 * points are spent of what was earned by then. A movement counts once for ever, by its own id or by its line.
 */
export const loyalty = rowKind<LedgerEvent>({
  title: { en: "Loyalty points", fr: "Points de fidélité" },
  columns: COLUMNS,
  formats: ["csv", "ndjson"],
  times: ["at", "expires_at"],
  numbers: ["points"],
  read(value, context) {
    const cells = new Cells(value);
    const person = namedPerson(cells);
    const at = cells.past("at", context.receivedAt) ?? context.receivedAt;
    const properties = movementOf(cells, context, at);
    cells.leaveOut(COLUMNS);
    if (cells.fault !== null) return { ok: false, reason: cells.fault };
    const { kind, ...rest } = properties;
    const about = { id: context.id, type: "internal", name: NAMES[kind], at, trust: "import" } as const;
    return { ok: true, item: { ...about, ...person, properties: rest }, warnings: cells.warnings };
  },
  write,
});

function movementOf(cells: Cells, { id }: LineContext, at: number) {
  const points = cells.whole("points", -MOST, MOST) ?? 0;
  if (points === 0) cells.refuse("points is missing, or 0");
  const kind = kindOf(cells, points);
  const expiresAt = cells.time("expires_at");
  if (expiresAt !== null && expiresAt <= at) cells.refuse("expires_at lies before the points were earned");
  if (expiresAt !== null && kind !== "earn") cells.warnings.push("expires_at is for points that are earned");
  return {
    kind,
    points: kind === "adjust" ? points : Math.abs(points),
    id: cells.text("movement_id", 200) ?? id,
    ...(kind === "earn" && expiresAt !== null && { expires_at: expiresAt }),
    reason: cells.text("reason") ?? undefined,
  };
}

/** Points that come are earned, points that go were spent, unless the line says otherwise. */
function kindOf(cells: Cells, points: number): Movement {
  const stated = cells.text("kind")?.toLowerCase() ?? (points < 0 ? "spend" : "earn");
  if (!Object.hasOwn(NAMES, stated)) cells.refuse(`kind is none of ${Object.keys(NAMES).join(", ")}`);
  if (stated === "earn" && points < 0) cells.refuse("points that are earned are above 0");
  return stated as Movement;
}

async function write(services: Services, items: readonly ImportItem<LedgerEvent>[]): Promise<WrittenItems> {
  if (!(await readProgramme(services.env.DB))?.enabled) {
    const reason = "there is no loyalty programme: set one at /api/settings/loyalty";
    return { accepted: 0, duplicates: 0, rejected: items.map(({ line }) => ({ line, reason })) };
  }
  const people = await knownPeople(
    services,
    items.map(({ item }) => item),
  );
  const made = await movementsOf(
    services.env.DB,
    items.map(({ item }) => [people.get(item.id) ?? 0, movementId(item)]),
  );
  const taken = new Set<string>();
  const fresh = items.filter(({ item }) => {
    const key = JSON.stringify([people.get(item.id) ?? item.user ?? item.email, movementId(item)]);
    const isKnown = made.has(JSON.stringify([people.get(item.id) ?? 0, movementId(item)])) || taken.has(key);
    taken.add(key);
    return !isKnown;
  });
  const told = fresh.map(({ line, item }) => ({ line, event: item }));
  const written = await tellLedger(services, told, people);
  return { ...written, duplicates: items.length - fresh.length };
}

const PREFIXES: ReadonlyMap<string, Movement> = new Map(
  (Object.keys(NAMES) as Movement[]).map((kind) => [NAMES[kind], kind]),
);

/** The id under which the account keeps it. */
function movementId({ name, properties }: LedgerEvent): string {
  return `${PREFIXES.get(name)}.${String(properties?.["id"])}`;
}
