import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { measure, startStack, untilAccepted } from "../stack.mjs";
import { noted } from "./ingest.mjs";
import { receivedTimes } from "./messages.mjs";

const bare = fileURLToPath(new URL("../bare-worker.mjs", import.meta.url));
const metered = fileURLToPath(new URL("../metered-entry.ts", import.meta.url));

const AUDIENCE = 20_000;
const SMALL = 5_000;
const EVENTS_PER_SECOND = 300;

function apiOf({ url }) {
  const headers = { Authorization: "Bearer ak_local", "Content-Type": "application/json" };
  return async (path, json) => {
    const init = json === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(json) };
    const answer = await fetch(url + path, init);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
}

/** A stack with contacts and a draft for all of them. */
async function withDraft(count, entry) {
  const stack = await startStack({ connections: 32, entry });
  const { load, host } = stack;
  const api = apiOf(stack);
  await load.call("prepare", { kind: "people", path: "/v1/batch", name: "run", count });
  await load.call("drive");
  await host.call("settled");
  const asked = { rule: { all: [] }, content: "second_purchase_thanks", channel: "email", ramp: false };
  const { id } = await api("/api/campaigns", asked);
  return { ...stack, api, id };
}

/** Confirms it, and comes to within `left` seconds of the end of its hold with every message made. */
async function hold({ api, id, host }, count, left) {
  await api(`/api/campaigns/${id}/send`, { confirm_count: count });
  for (;;) {
    const [{ made }] = await host.call("query", "SELECT count(*) AS made FROM sends WHERE run = ?1", id);
    if (made === count) break;
    await sleep(100);
  }
  await api("/dev/clock", { advance: `PT${600 - left}S` });
  await api("/dev/clock", { scale: 1 });
}

/** Resolves when the campaign says that it is done. */
async function untilDone({ api, id }) {
  while ((await api(`/api/campaigns/${id}`)).state !== "done") await sleep(200);
}

function rateOf(times) {
  const all = [...times.values()];
  return all.length / ((Math.max(...all) - Math.min(...all)) / 1_000);
}

/** From the first message at the provider to the last. */
export async function runCampaign() {
  const stack = await withDraft(AUDIENCE);
  const { provider } = stack;
  try {
    await hold(stack, AUDIENCE, 8);
    const measured = await measure(stack, () => untilAccepted(provider, AUDIENCE));
    await untilDone(stack);
    const value = rateOf(await receivedTimes(provider, 0, AUDIENCE));
    return { value, peak: measured.peaks.workerd, cpu: (measured.cpu / AUDIENCE) * 1_000, ...noted(measured) };
  } finally {
    await stack.stop();
  }
}

/** The same while the shop's events come, each of which is stored. */
export async function runCampaignBeside() {
  const stack = await withDraft(AUDIENCE);
  const { provider, load } = stack;
  try {
    const count = EVENTS_PER_SECOND * 40;
    await load.call("prepare", { kind: "singles", path: "/v1/track", name: "beside", count, users: 2_000, seed: 3 });
    await hold(stack, AUDIENCE, 8);
    const measured = await measure(stack, async () => {
      const [, sent] = await Promise.all([
        untilAccepted(provider, AUDIENCE, 60_000),
        load.call("pace", EVENTS_PER_SECOND),
      ]);
      return sent;
    });
    const value = rateOf(await receivedTimes(provider, 0, AUDIENCE));
    return { value, cpu: (measured.cpu / AUDIENCE) * 1_000, ...noted(measured) };
  } finally {
    await stack.stop();
  }
}

/** All rows of D1 from the confirmation to the end, of the campaign's pages and leases as well. */
export async function runCampaignRows() {
  const stack = await withDraft(SMALL, metered);
  const { provider, url } = stack;
  try {
    await fetch(`${url}/bench/reset`);
    const measured = await measure(stack, async () => {
      await hold(stack, SMALL, 5);
      await untilAccepted(provider, SMALL);
      await untilDone(stack);
    });
    const { d1, writers } = await (await fetch(`${url}/bench/counts`)).json();
    if (process.env.BENCH_WRITERS) console.log(writers);
    const value = rateOf(await receivedTimes(provider, 0, SMALL));
    return { rows: d1.written / SMALL, value, cpu: (measured.cpu / SMALL) * 1_000, ...noted(measured) };
  } finally {
    await stack.stop();
  }
}

/** What the machine can do: no gate, no permit, nothing rendered. */
export async function bareCampaign() {
  const stack = await startStack({ bare });
  const { load, provider } = stack;
  try {
    await load.call("prepare", { kind: "amount", path: "/campaign", count: AUDIENCE });
    const measured = await measure(stack, () => load.call("drive"));
    const handed = await provider.call("accepted");
    if (handed !== AUDIENCE) throw new Error(`${handed} of ${AUDIENCE} messages came`);
    return { value: AUDIENCE / measured.seconds, cpu: (measured.cpu / AUDIENCE) * 1_000, ...noted(measured) };
  } finally {
    await stack.stop();
  }
}
