const DEFAULTS = {
  description: "",
  class: "marketing",
  priority: 50,
  holdout: 0,
  max_lateness: "P1D",
  stop_on: [],
  reentry: { policy: "by_key" },
  filter: { all: [] },
  start: "start",
};
const EXIT = { type: "exit", params: { outcome: "completed", reason: "end" }, next: {} };

function node(type, params, next) {
  return { type, params, next: { next } };
}

/** The abandoned cart as a shop would run it; `inactivity` is an ISO 8601 duration. */
export function abandonedCart(inactivity = "PT30M") {
  const start = { event: "cart.abandoned", inactivity: { duration: inactivity, moved_by: "any_event" } };
  const blocks = {
    start: node("start.event", start, "e1"),
    e1: node("send.email", { content: "cart_1" }, "end"),
    end: EXIT,
  };
  return { ...DEFAULTS, name: "Abandoned cart", stop_on: ["order", "emptied"], blocks };
}

/** A letter at once for every event of a name. */
export function letterOn(event) {
  const blocks = {
    start: node("start.event", { event }, "e1"),
    e1: node("send.email", { content: "cart_1" }, "end"),
    end: EXIT,
  };
  return { ...DEFAULTS, name: `Letter on ${event}`, blocks };
}

/** A letter a while after every event of a name. */
export function letterAfter(event, duration) {
  const blocks = {
    start: node("start.event", { event }, "wait"),
    wait: node("wait.for", { duration }, "e1"),
    e1: node("send.email", { content: "cart_1" }, "end"),
    end: EXIT,
  };
  return { ...DEFAULTS, name: `Letter ${duration} after ${event}`, blocks };
}

/** A way of two waits with a question behind each, and a message unless it is one without. */
export function longWay(event, duration, withLetter = true) {
  const ask = (next) => ({
    type: "if.targeting",
    params: { rule: { type: "consent", key: "email" } },
    next: { yes: next, no: "end" },
  });
  const blocks = {
    start: node("start.event", { event }, "wait"),
    wait: node("wait.for", { duration }, "ask"),
    ask: ask(withLetter ? "more" : "end"),
    more: node("wait.for", { duration }, "again"),
    again: ask("e1"),
    e1: node("send.email", { content: "cart_1" }, "end"),
    end: EXIT,
  };
  return { ...DEFAULTS, name: `A way after ${event}`, blocks };
}

/** Puts a scenario into the database as live and tells the ledger of it. */
export async function activate(host, definition) {
  const at = Date.now();
  await host.call(
    "query",
    "INSERT INTO scenarios (id, name, state, draft_version, live_version, created_at, updated_at) " +
      "VALUES ('sc_bench', ?1, 'active', 1, 1, ?2, ?2)",
    definition.name,
    at,
  );
  await host.call(
    "query",
    "INSERT INTO scenario_versions (scenario, version, definition, created_at) VALUES ('sc_bench', 1, ?1, ?2)",
    JSON.stringify(definition),
    at,
  );
  // Shards read scenarios again when this number moves.
  await host.call(
    "query",
    "INSERT INTO settings (key, value) VALUES ('revision', '1') " +
      "ON CONFLICT (key) DO UPDATE SET value = CAST(settings.value AS INTEGER) + 1",
  );
  await host.call("refresh");
}
