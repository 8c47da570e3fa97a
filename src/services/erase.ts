import type { Names } from "../contacts/names";
import { NO_NAMES } from "../contacts/names";
import { EMPTIED } from "../contacts/profile";
import { log } from "../platform/log";
import type { Services } from "../services";
import { emptyContacts, wholeFamily } from "./erase-begin";
import type { Erasure, Progress } from "./erase-steps";
import { ERASURE_STEPS } from "./erase-steps";

type StepName = keyof typeof ERASURE_STEPS;

const NAMES = Object.keys(ERASURE_STEPS) as StepName[];

/**
 * Called after each piece of work, and again once it is noted how far that was, with the step it belongs to: where a
 * test lets the process die.
 */
export type Checkpoint = (step: string) => Promise<void>;

/** Pieces of work in one call: a Worker may ask the database a thousand times, and a piece asks about four times. */
const PIECES = 200;

interface WorkRow {
  readonly step: StepName;
  readonly place: string | null;
  readonly names: string;
}

interface EmptiedRow {
  readonly contact: number;
  readonly at: number;
  readonly bars: number;
  readonly names: string;
  readonly seq: number;
}

/**
 * Begins the erasures that were asked for, confirmed and not begun, and carries on those under way, each to its end or to where
 * it has to wait. Throws where something fails; the next call goes on from the last piece that was done.
 */
export async function eraseDue(services: Services, checkpoint: Checkpoint = () => Promise.resolve()): Promise<void> {
  const { DB } = services.env;
  const asked =
    "SELECT r.id, r.contact FROM privacy_requests r JOIN contacts c ON c.id = r.contact " +
    `WHERE r.kind = 'erasure' AND r.done_at IS NULL AND r.confirmed_at IS NOT NULL AND c.status NOT IN ${EMPTIED} ORDER BY r.due_at LIMIT 100`;
  const { results } = await DB.prepare(asked).all<{ id: string; contact: number }>();
  for (const { id, contact } of results) await emptyContacts(services, id, await wholeFamily(DB, contact), true);
  const open = await DB.prepare("SELECT DISTINCT request FROM erased_contacts").all<{ request: string }>();
  let left = PIECES;
  for (const { request } of open.results) left -= await carryOut(services, request, left, checkpoint);
}

/** True while rows of erased contacts are left. */
export async function isErasing(db: D1Database): Promise<boolean> {
  return (await db.prepare("SELECT 1 FROM erased_contacts LIMIT 1").first()) !== null;
}

/** Does at most `most` pieces of an erasure; returns how many it did. */
async function carryOut(services: Services, request: string, most: number, checkpoint: Checkpoint): Promise<number> {
  let work = await readWork(services.env.DB, request);
  for (let pieces = 0; ; pieces++) {
    if (pieces >= most) return pieces;
    const erasure = await readErasure(services.env.DB, request, work);
    const progress = await ERASURE_STEPS[work.step](erasure, JSON.parse(work.place ?? "null"), services);
    if (progress === "wait") {
      log("erasure waits", { request, step: work.step });
      return pieces;
    }
    const done = work.step;
    await checkpoint(done);
    const next = after(work, erasure, progress);
    if (next) await writeWork(services.env.DB, request, next);
    await checkpoint(done);
    if (next === null) return pieces;
    work = next;
  }
}

/** Where the work stands behind a piece of it; null behind the last. */
function after(
  work: WorkRow,
  { names, shared, foreign }: Erasure,
  progress: Exclude<Progress, "wait">,
): WorkRow | null {
  if (progress !== "done" && "place" in progress) return { ...work, place: JSON.stringify(progress.place) };
  const step = NAMES[NAMES.indexOf(work.step) + 1];
  if (step === undefined) return null;
  const known = { names, shared, foreign, ...(progress !== "done" && progress) };
  return { step, place: null, names: JSON.stringify(known) };
}

async function readWork(db: D1Database, request: string): Promise<WorkRow> {
  const sql = "SELECT step, place, names FROM erasures WHERE request = ?1";
  const known = await db.prepare(sql).bind(request).first<WorkRow>();
  return known ?? { step: "family", place: null, names: JSON.stringify({ names: NO_NAMES, shared: [], foreign: [] }) };
}

async function writeWork(db: D1Database, request: string, { step, place, names }: WorkRow): Promise<void> {
  const sql =
    "INSERT INTO erasures (request, step, place, names) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (request) DO UPDATE SET " +
    "step = excluded.step, place = excluded.place, names = excluded.names";
  await db.prepare(sql).bind(request, step, place, names).run();
}

async function readErasure(db: D1Database, request: string, work: WorkRow): Promise<Erasure> {
  const sql =
    "SELECT e.contact, e.at, e.bars, e.names, c.seq FROM erased_contacts e JOIN contacts c ON c.id = e.contact " +
    "WHERE e.request = ?1 ORDER BY e.contact";
  const { results } = await db.prepare(sql).bind(request).all<EmptiedRow>();
  return {
    request,
    contacts: results.map(({ contact }) => contact),
    at: Math.max(...results.map(({ at }) => at)),
    seq: Math.max(...results.map(({ seq }) => seq)),
    bars: results.some(({ bars }) => bars === 1),
    noted: results.map((row) => JSON.parse(row.names) as Names),
    ...(JSON.parse(work.names) as Pick<Erasure, "names" | "shared" | "foreign">),
  };
}
