import { changesAfter, lastChange } from "../commerce/change-store";
import { chooseOnce, moveSetting, readSetting } from "../platform/settings";
import type { LiveScenario } from "../scenarios/live";
import { triggerOf } from "../scenarios/live";
import type { Services } from "../services";
import { DAY } from "../shared/clock";
import type { CatalogueTrigger } from "./catalogue-audience";
import { caringEvent, whoCares } from "./catalogue-audience";
import { nextWave, planWaves, playWaves } from "./catalogue-waves";

/** Changes that are looked at together, up to the one with the id `upTo`, since `at`; contacts up to `behind` are in. */
interface Round {
  readonly upTo: number;
  readonly at: number;
  readonly behind: number;
}

/** Where a scenario stands: behind the change `after`, and in a round where one is under way. */
interface Place {
  readonly after: number;
  readonly round: Round | null;
}

interface Start {
  readonly scenario: LiveScenario;
  readonly trigger: CatalogueTrigger;
  readonly place: Place;
}

/** Contacts of one request to the ledger. */
const PAGE = 500;
/** What was seen longer ago is no news: a scenario that was paused, or a cron that stood still. */
const NEWS = DAY;

/**
 * Lets in whoever cares for what has changed, for every active scenario that starts on it. Of all changes since the last
 * round the greatest counts for a contact. What a round looks at is stored before anybody is let in, and a contact comes
 * in once for a round, so that whoever dies on the way repeats nothing, whatever has changed since.
 */
export async function startOnChanges(services: Services): Promise<void> {
  for (const start of await starts(services)) {
    if (start.trigger.waves) await playInWaves(services, start, start.trigger);
    else await playRound(services, start);
  }
}

/** Puts down what has changed since the last look, and then lets in whose turn it is. */
async function playInWaves(services: Services, { scenario: { id }, place }: Start, trigger: CatalogueTrigger) {
  const { DB } = services.env;
  const now = services.clock.now();
  const upTo = await lastChange(DB, Number.MAX_SAFE_INTEGER);
  if (upTo > place.after) {
    await planWaves(DB, id, trigger.change, { after: place.after, upTo, since: now - NEWS }, now);
    await movePlace(DB, id, place, { after: upTo, round: null });
  }
  await playWaves(services, id, trigger);
}

async function playRound(services: Services, start: Start): Promise<void> {
  const { DB } = services.env;
  const now = services.clock.now();
  const { id } = start.scenario;
  const { after } = start.place;
  let place = start.place;
  // Whoever finds the place moved by another leaves the rest to them.
  const moveTo = async (next: Place): Promise<boolean> => {
    const moved = await movePlace(DB, id, place, next);
    place = next;
    return moved;
  };
  if (place.round === null) {
    const upTo = await lastChange(DB, Number.MAX_SAFE_INTEGER);
    if (upTo <= after || !(await moveTo({ after, round: { upTo, at: now, behind: 0 } }))) return;
  }
  const { round } = place;
  if (!round) return;
  for (let { behind } = round; round.at > now - NEWS; ) {
    const asked = { after, upTo: round.upTo, since: round.at - NEWS, behind, limit: PAGE };
    const page = await whoCares(services, start.trigger, asked, now);
    const last = page.at(-1);
    if (!last) break;
    const events = page.map((one) => caringEvent(id, round.upTo, one, now));
    const { status } = await services.append({ receivedAt: now, events }, null);
    if (status !== "stored") throw new Error(`entries of ${id} were not taken: ${status}`);
    behind = last.contact;
    if (!(await moveTo({ after, round: { ...round, behind } }))) return;
  }
  await moveTo({ after: round.upTo, round: null });
}

/** When changes wait that somebody may care for, seen later than `after`; null where none do. */
export async function nextStart(services: Services, after: number): Promise<number | null> {
  const { DB } = services.env;
  const waiting = await Promise.all(
    (await starts(services)).flatMap(({ scenario, place, trigger }) => [
      changesAfter(DB, place.after, 1).then(([change]) => change?.seen_at),
      ...(trigger.waves ? [nextWave(DB, scenario.id)] : []),
    ]),
  );
  const times = waiting.filter((time) => typeof time === "number" && time > after) as number[];
  return times.length > 0 ? Math.min(...times) : null;
}

async function starts(services: Services): Promise<Start[]> {
  const { playbook } = await services.briefings.read();
  const found = playbook.live.flatMap((scenario) => {
    const trigger = triggerOf(scenario.definition);
    return scenario.state === "active" && trigger?.kind === "catalogue" ? [{ scenario, trigger }] : [];
  });
  return Promise.all(found.map(async (one) => ({ ...one, place: await placeOf(services, one.scenario.id) })));
}

function keyOf(scenario: string): string {
  return `catalogue:starts:${scenario}`;
}

/** Where a scenario stands; at its first look, at the changes since it was switched on. */
async function placeOf({ env }: Services, scenario: string): Promise<Place> {
  const stored = await readSetting(env.DB, keyOf(scenario));
  if (stored !== null) return readPlace(stored);
  const since = await env.DB.prepare("SELECT updated_at AS at FROM scenarios WHERE id = ?1")
    .bind(scenario)
    .first<{ at: number }>();
  const first = { after: await lastChange(env.DB, since?.at ?? 0), round: null };
  return readPlace(await chooseOnce(env.DB, keyOf(scenario), placeText(first)));
}

function placeText({ after, round }: Place): string {
  return round === null ? String(after) : [after, round.upTo, round.at, round.behind].join(":");
}

function readPlace(text: string): Place {
  const [after = 0, upTo, at = 0, behind = 0] = text.split(":").map(Number);
  return { after, round: upTo === undefined ? null : { upTo, at, behind } };
}

/** @returns false where the scenario does not stand at `from` any more */
function movePlace(db: D1Database, scenario: string, from: Place, to: Place): Promise<boolean> {
  return moveSetting(db, keyOf(scenario), placeText(from), placeText(to));
}
