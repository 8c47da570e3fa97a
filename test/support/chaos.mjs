// Kills the product again and again under load, on one state folder, and counts what was lost or doubled.
import { setTimeout as sleep } from "node:timers/promises";
import { check } from "./chaos-check.mjs";
import { Host } from "./chaos-host.mjs";
import { Load } from "./chaos-load.mjs";
import { activate, SCENARIOS } from "./chaos-scenarios.mjs";

/** Where the product stands still when it is asked to, so that it can be killed just there. */
export const KILL_POINTS = [
  "after-ledger-batch",
  "between-batch-and-wake",
  "after-shard-commit",
  "after-outbox",
  "after-provider",
];
const RANDOM = "at random";
/** Events that a life of the product takes before it is killed. */
const FEWEST_EVENTS = 40;
const MORE_EVENTS = 260;
const LONGEST_LIFE_MS = 6_000;
const DAY_MS = 86_400_000;
const POINT_TIMEOUT_MS = 15_000;
const QUIET_TIMEOUT_MS = 120_000;
/** How much faster time runs at the end, so that leases of minutes run out within seconds. */
const SCALE = 60;

/**
 * @param {object} options
 * @param {number} [options.random] kills at any moment
 * @param {number} [options.atEach] kills at each kill point
 * @param {string[]} [options.points] the kill points
 * @param {boolean} [options.forgetful] the control: the provider forgets its idempotency keys at every kill
 * @param {number} [options.seed] of the moments
 * @param {(line: string) => void} [options.tell] progress
 */
export async function runChaos({
  random = 10,
  atEach = 2,
  points = KILL_POINTS,
  forgetful = false,
  seed = 1,
  tell = () => undefined,
} = {}) {
  const host = await Host.open();
  try {
    await host.start();
    for (const definition of SCENARIOS) await activate(host.url, definition);
    // Whatever is to come afterwards, the provider too has bad moments.
    await host.provider({ chances: { rate_limit: 0.02, error_before: 0.01, error_after: 0.01, reset_after: 0.005 } });
    const load = new Load(host);
    const kills = new Map([...points, RANDOM].map((place) => [place, 0]));
    for (const place of inTurns(random, atEach, points)) {
      const really = await killOnce(host, load, place, chance(seed++));
      kills.set(really, kills.get(really) + 1);
      tell(`killed ${really}; ${load.accepted.size} events accepted so far`);
      if (forgetful) await host.provider({ advance: DAY_MS });
      await host.start();
    }
    await load.finish();
    await host.provider({ chances: {} });
    await quiet(host);
    return { kills, ...(await check(host, load)), said: host.said };
  } finally {
    await host.close();
  }
}

/** The places in turns, so that no two kills of a kind follow each other. */
function inTurns(random, atEach, points) {
  const places = [];
  for (let round = 0; round < Math.max(random, atEach * points.length); round++) {
    const point = points[round % points.length];
    if (round < atEach * points.length) places.push(point);
    if (round < random) places.push(RANDOM);
  }
  return places;
}

function chance(seed) {
  const mixed = Math.imul(seed ^ 0x9e3779b9, 2654435761) >>> 0;
  return mixed / 2 ** 32;
}

/** @param {Host} host @param {Load} load */
async function killOnce(host, load, place, moment) {
  await load.goOn(Math.round(FEWEST_EVENTS + moment * MORE_EVENTS), LONGEST_LIFE_MS);
  // A sweep is under way at some of the kills.
  if (moment < 0.4) host.sweep().catch(() => undefined);
  const reached = place === RANDOM ? await sleep(moment * 50, true) : await host.reach(place, POINT_TIMEOUT_MS);
  await host.kill();
  return reached ? place : RANDOM;
}

/** Waits until nothing is left to do: no open run or send, nothing owed, nothing beside the ledger. */
async function quiet(host) {
  await host.dev("clock", { scale: SCALE });
  const deadline = Date.now() + QUIET_TIMEOUT_MS;
  const sql =
    "SELECT (SELECT count(*) FROM sends WHERE open = 1) + (SELECT count(*) FROM runs WHERE exited_at IS NULL) + " +
    "(SELECT count(*) FROM side_journal) AS n";
  for (let calm = 0; calm < 3 && Date.now() < deadline; ) {
    await host.sweep();
    const [{ n }] = await host.query(sql);
    const shards = await host.shards();
    const busy = shards.some(({ earliest, owed, parked }) => earliest !== null || owed > 0 || parked > 0);
    calm = n === 0 && !busy ? calm + 1 : 0;
    await sleep(1_000);
  }
}

/** The figures as lines of text. */
export function table(result) {
  const { kills, account } = result;
  const rows = [
    ...[...kills].map(([place, count]) => [`kills ${place}`, count]),
    ["events accepted", result.events],
    ["contacts", result.contacts],
    ["messages accepted by the provider", result.messages],
    ["events lost", result.lost],
    ["events stored twice", result.storedTwice],
    ["timers lost", result.timersLost],
    ["messages lost", result.messagesLost],
    ["messages doubled", result.doubled],
    ["messages after an order or a withdrawal", result.afterStop],
    ["repeated calls under a known key", result.repeatedCalls],
    ["calls with a known key and another body", result.conflicts],
    ["events set aside", result.setAside],
    ["decided", account.decided],
    ["= sent + suppressed + unknown + pending", sumOf(account)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join("\n");
}

function sumOf({ sent, suppressed, unknown, pending }) {
  return `${sent} + ${suppressed} + ${unknown} + ${pending}`;
}
