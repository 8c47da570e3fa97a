import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { billed, PRICES, priceOf } from "./prices.mjs";
import { abandonedCart, activate } from "./scenarios.mjs";
import { knownVisitors } from "./sessions.mjs";
import { startStack, untilAccepted } from "./stack.mjs";

const MODELS = {
  mixed: {
    title: "30 % of the visits by identified contacts, 10 messages per 1,000 events",
    target: 1.5,
    // Ten messages per 1,000 events of visits of twelve: four of ten identified visits leave a cart behind.
    shape: { identified: 0.3, carts: 0.4, anonymousCarts: 0.1, messages: 10 },
  },
  carts: {
    title: "every visit by an identified contact that starts a cart, 10 messages per 1,000 events",
    target: 2.6,
    shape: { identified: 1, carts: 1, anonymousCarts: 0, messages: 10 },
  },
};

const text = { type: "string" };
const { values } = parseArgs({
  options: { events: text, only: text, "per-visit": text, clients: text, json: text, help: { type: "boolean" } },
});
if (values.help) {
  console.log(`npm run cost -- [options]
  --events N      events of the sample, 24000 by default
  --only NAME     of ${Object.keys(MODELS).join(", ")}
  --per-visit N   events of one visit, 12 by default
  --clients N     requests under way at a time, 1 by default: the worst case, as every request is a group of its own
  --json FILE     writes all counts to a file`);
  process.exit(0);
}

const entry = fileURLToPath(new URL("metered-entry.ts", import.meta.url));
/** Carts count as left after this: as many timers fire as in half an hour, within the time of a measurement. */
const INACTIVITY = "PT3S";
const count = Number(values.events ?? 24_000);
const perVisit = Number(values["per-visit"] ?? 12);
const results = {};

for (const name of values.only?.split(",") ?? Object.keys(MODELS)) {
  const { title, target, shape } = MODELS[name];
  const counts = await sample({ ...shape, name, count, perVisit, seed: 7 });
  results[name] = { title, target, events: count, counts, ...bill(counts, count) };
  print(results[name]);
}
console.log(`
Not in it: Worker requests ($0.30 per million, 250,000 here), CPU time, object time, storage, and the events of the
shop's own server. Requests come ${values.clients ?? 1} at a time, ${perVisit} events a visit, 4 a request.`);
if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);

/** Runs one model's traffic on the metered Worker; resolves with what the meter counted. */
async function sample(model) {
  const stack = await startStack({ connections: Number(values.clients ?? 1), entry });
  const { host, load, provider, url } = stack;
  try {
    await activate(host, abandonedCart(INACTIVITY));
    const visitors = knownVisitors(model);
    await load.call("prepare", { kind: "known", path: "/v1/batch", name: model.name, count: visitors });
    await load.call("drive");
    await load.call("prepare", { ...model, kind: "visits", path: "/v1/batch", key: "write" });
    await host.call("settled");
    await fetch(`${url}/bench/reset`);
    await load.call("drive");
    await untilAccepted(provider, Math.round((model.count * model.messages) / 1_000));
    // What was sent last is still to be noted as sent.
    await sleep(4_000);
    await host.call("settled");
    const answer = await fetch(`${url}/bench/counts`);
    const messages = await provider.call("accepted");
    return { ...(await answer.json()), messages };
  } finally {
    await stack.stop();
  }
}

/** Amounts and prices of a million events. */
function bill(counts, events) {
  const amounts = Object.fromEntries(
    Object.entries(billed(counts)).map(([key, amount]) => [key, (amount * 1e6) / events]),
  );
  return { amounts, price: priceOf(amounts) };
}

function print({ title, target, events, counts, amounts, price }) {
  const perMillion = (amount) => Math.round((amount * 1e6) / events).toLocaleString("en");
  console.log(`\n${title}\n  per 1,000,000 events, scaled up from ${events.toLocaleString("en")}`);
  for (const [key, { title: unit, perMillion: rate }] of Object.entries(PRICES)) {
    const dollars = ((amounts[key] / 1e6) * rate).toFixed(4);
    console.log(`  ${Math.round(amounts[key]).toLocaleString("en").padStart(12)} ${unit.padEnd(18)} $${dollars}`);
  }
  console.log(`  ${"".padStart(12)} ${"total".padEnd(18)} $${price.toFixed(2)}, target $${target.toFixed(2)}`);
  console.log(`  ${price <= target ? "met" : "MISSED"}; messages: ${perMillion(counts.messages)}`);
  console.log("  rows written by");
  const rows = { ...counts.writers, "object setAlarm": counts.objects.alarmsSet };
  for (const [writer, amount] of Object.entries(rows).sort((left, right) => right[1] - left[1]))
    console.log(`  ${perMillion(amount).padStart(12)}   ${writer}`);
  console.log("  object requests");
  const calls = { ...counts.requests, "shard.alarm": counts.objects.alarmsRun };
  for (const [call, amount] of Object.entries(calls).sort((left, right) => right[1] - left[1]))
    console.log(`  ${perMillion(amount).padStart(12)}   ${call}`);
}
