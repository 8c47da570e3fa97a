import type { StatedSending } from "../../src/decisions/sending";
import { OPEN_SENDING } from "../../src/decisions/sending";
import type { LedgerEvent, Properties } from "../../src/events/event";
import { definitionInput, type ScenarioDefinition } from "../../src/scenarios/definition";
import { MINUTE, SECOND } from "../../src/shared/clock";
import { asIs } from "./database";
import type { Breakage, Verdict } from "./simulate";
import { addScenarios, takeTime } from "./simulate";
import { System } from "./system";
import { randomOf, Timeline } from "./timeline";

/** One letter in so long. */
const CAP = 40 * SECOND;
/** When the window of the day opens, which begins at nine. */
const OPENS = Date.UTC(2026, 0, 5, 9, 2);
const PEOPLE = ["a1", "a2", "a3"];
const BUSY = 4 * MINUTE;

/** A cap that bites within minutes, and a window that opens while people are at it. */
const SENDING: StatedSending = {
  ...OPEN_SENDING,
  caps: [{ channel: "email", count: 1, within: "PT40S" }],
  windows: {
    ...OPEN_SENDING.windows,
    on: true,
    channels: ["email"],
    countries: {},
    rest: { from: "09:02", to: "20:00", holidays: "include" },
  },
};

function wants(event: string, priority: number, wait: string | null): ScenarioDefinition {
  const send = { type: "send.email", params: { content: "second_purchase_thanks" } };
  const begin = { type: "start.event", params: { event }, next: { next: wait ? "wait" : "send" } };
  const blocks = wait
    ? { start: begin, wait: { type: "wait.for", params: { duration: wait }, next: { next: "send" } }, send }
    : { start: begin, send };
  return definitionInput.parse({ name: event, priority, max_lateness: "PT2M", start: "start", blocks });
}

const WANTING = {
  low: wants("Trigger", 20, null),
  high: wants("Trigger", 80, null),
  later: wants("Trigger", 50, "PT7S"),
};

const SEND_SQL =
  "INSERT OR IGNORE INTO sends (contact, id, run, scenario, block, channel, class, content, content_version, address, data, " +
  "state, open, attempts, next_at, lease_until, created_at, updated_at) SELECT id, ?1, 'campaign', 'campaign', 'c', 'email', " +
  "'marketing', 'second_purchase_thanks', 1, email, ?2, 'queued', 1, 0, ?3, 0, ?3, ?3 FROM contacts " +
  "WHERE external_id = ?4 AND email IS NOT NULL";

/** A run in which scenarios and campaigns want the same few people all the time, under caps and hours. */
export async function press(seed: number, breakage: Breakage = {}, trace?: (line: string) => void): Promise<Verdict> {
  const timeline = new Timeline(randomOf(seed), trace);
  const restore = await takeTime(timeline);
  try {
    const { mutate = asIs } = breakage;
    const system = new System(timeline, { sweeps: true, idempotencyKeys: true, mutate });
    addScenarios(system, WANTING);
    system.database.all("INSERT INTO settings (key, value) VALUES ('sending', ?1)", [JSON.stringify(SENDING)]);
    let over = 0;
    for (const person of PEOPLE) void live(timeline, system, person).then(() => over++);
    const isOver = (): boolean => over === PEOPLE.length;
    const cron = (): void => {
      if (isOver()) return;
      void system.sweep();
      timeline.after(9 * SECOND, cron, null);
    };
    timeline.after(4 * SECOND, cron, null);
    await timeline.run(isOver);
    timeline.calm = true;
    for (let sweeps = 0; sweeps < 4; sweeps++) {
      await timeline.run(() => timeline.isQuiet(5 * MINUTE));
      timeline.now += 5 * MINUTE;
      void system.sweep();
    }
    await timeline.run();
    return { seed, faults: judge(system), happened: timeline.happened };
  } finally {
    restore();
  }
}

async function live(timeline: Timeline, system: System, user: string): Promise<void> {
  let told = 0;
  const give = async (what: Partial<LedgerEvent>): Promise<void> => {
    const event = { id: `${user}-${++told}`, at: timeline.now, trust: "secret", user, ...what } as LedgerEvent;
    while ((await system.append([event]))?.status !== "stored") await timeline.sleep(250);
  };
  const traits: Properties = { email: `${user}@shop.test`, firstName: user, consent: { email: true } };
  await give({ type: "identify", name: "identify", traits });
  for (const end = timeline.now + BUSY; timeline.now < end; ) {
    if (timeline.random() < 0.4) campaign(timeline, system, user, ++told);
    else await give({ type: "track", name: "Trigger" });
    await timeline.sleep(Math.floor(timeline.random() * 15) * SECOND);
  }
}

/** A row of another source than scenarios, which nobody arbitrated with theirs. */
function campaign({ now }: Timeline, system: System, user: string, place: number): void {
  const data = {
    language: "en",
    contact: { first_name: user, last_name: null },
    cart: null,
    order: null,
    tracking: false,
  };
  const text = JSON.stringify({ ...data, leave_by: now + 3 * MINUTE });
  const id = `campaign_${user}_${place}`;
  system.database.all(SEND_SQL, [id, text, now, user]);
  const rows = system.database.all<{ contact: number }>("SELECT contact FROM sends WHERE id = ?1", [id]);
  for (const { contact } of rows) {
    void system.attempt("campaign", (services) => services.offer([{ contact, id, channel: "email" }]));
  }
}

function judge({ database, provider, disks }: System): string[] {
  const faults: string[] = [];
  const ids = new Set<string>();
  for (const { id, to, at } of provider.accepted) {
    if (ids.has(id)) faults.push(`message ${id} was accepted twice`);
    ids.add(id);
    if (at < OPENS) faults.push(`${to} got ${id} in quiet hours`);
  }
  // Each was claimed between the question and the call: even the longest way from one to the other was too short.
  for (const [to, all] of Map.groupBy(provider.accepted, (one) => one.to)) {
    const inOrder = all.toSorted((one, other) => one.at - other.at);
    for (const [place, { at }] of inOrder.entries()) {
      const before = place === 0 ? Number.NEGATIVE_INFINITY : (inOrder[place - 1]?.askedTime ?? 0);
      if (at - before < CAP) faults.push(`${to} got two messages within ${at - before} ms`);
    }
  }
  return [...faults, ...accounts(database), ...leftovers(disks)];
}

/** decided = sent + suppressed + unknown + pending, and nothing is pending in the end. */
function accounts(database: System["database"]): string[] {
  const last = database.all<{ send: string; outcome: string; reason: string }>(
    "SELECT send, outcome, reason, max(id) FROM decisions GROUP BY send",
  );
  const rows = database.all<{ id: string; state: string; reason: string | null; open: number }>("SELECT * FROM sends");
  const known = new Map(rows.map((row) => [row.id, row]));
  const words = new Map(last.map(({ send, outcome, reason }) => [send, `${outcome}: ${reason}`]));
  const faults = last.flatMap(({ send, outcome, reason }) => {
    if (outcome === "held") return [`${send} is held for ever: ${reason}`];
    return known.has(send) || outcome !== "send" ? [] : [`${send} was decided: ${outcome}, and sends say otherwise`];
  });
  // What the last look stopped is explained by a decision of its own, and nothing else has one.
  const unexplained = rows.filter(({ id, state, reason }) => {
    const said = words.get(id);
    return state === "suppressed" ? said !== `suppressed: ${reason}` : said?.startsWith("suppressed") === true;
  });
  faults.push(...unexplained.map(({ id, state }) => `send ${id} is ${state}, and was decided: ${words.get(id)}`));
  const ended = ["sent", "suppressed", "unknown"];
  const open = rows.filter(({ state, open: isOpen }) => isOpen === 1 || !ended.includes(state));
  const silent = rows.filter(({ state, reason }) => state === "suppressed" && reason === null);
  return [...faults, ...[...open, ...silent].map(({ id, state }) => `send ${id} is left ${state}`)];
}

function leftovers(disks: System["disks"]): string[] {
  return [...disks].flatMap(([name, { file }]) => {
    if (!file.all("SELECT 1 FROM sqlite_master WHERE name = 'contact'").length) return [];
    return file.all("SELECT 1 FROM contact WHERE due IS NOT NULL").length > 0 ? [`${name} has timers left`] : [];
  });
}
