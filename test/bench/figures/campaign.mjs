import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { measure, startStack, untilAccepted } from "../stack.mjs";
import { noted } from "./ingest.mjs";
import { receivedTimes } from "./messages.mjs";

const bare = fileURLToPath(new URL("../bare-worker.mjs", import.meta.url));
const metered = fileURLToPath(new URL("../metered-entry.ts", import.meta.url));

/** Messages of one campaign; more of them show whether memory grows with it. */
const AUDIENCE = Number(process.env.RELANCE_BENCH_AUDIENCE ?? 20_000);
const SMALL = 5_000;
/** At a hundred to a call and two calls a second, ten seconds. */
const FEW = 2_000;
const EVENTS_PER_SECOND = 300;
/** For as long as the events come they are stored, whether the campaign is over or not. */
const SECONDS_OF_EVENTS = 30;

const everyDay = { from: "00:00", to: "23:59", holidays: "include" };
/** Every cap of a shop that begins, and hours that are asked of each message and open now. The demo shop has none of it. */
const SENDING = {
  caps: [
    ...[1, 4, 12].map((count, index) => ({ channel: "email", count, within: ["PT16H", "P7D", "P30D"][index] })),
    ...[1, 2, 4].map((count, index) => ({ channel: "sms", count, within: ["PT24H", "P7D", "P30D"][index] })),
    ...[1, 4].map((count, index) => ({ channel: "push", count, within: ["PT24H", "P7D"][index] })),
    ...[2, 5].map((count, index) => ({ channel: "all", count, within: ["PT24H", "P7D"][index] })),
    { channel: "email", count: 1, within: "P7D", level: "email_activity.slowing" },
    { channel: "email", count: 1, within: "P30D", level: "email_activity.inactive" },
    { channel: "email", count: 1, within: "P30D", level: "email_activity.dormant" },
  ],
  factors: [{ level: "engagement.very_engaged", factor: 1.5 }],
  moment: "PT1H",
  windows: {
    on: true,
    channels: ["email", "sms", "push", "wallet"],
    countries: { FR: { from: "08:00", to: "20:00", holidays: "skip" } },
    rest: everyDay,
    transactional: null,
  },
};

function apiOf({ url }) {
  const headers = { Authorization: "Bearer ak_local", "Content-Type": "application/json" };
  return async (path, json, method = "POST") => {
    const init = json === undefined ? { headers } : { method, headers, body: JSON.stringify(json) };
    const answer = await fetch(url + path, init);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
}

/** A stack with contacts, the whole gate, and a draft for all of them. */
async function withDraft(count, { entry, vars } = {}) {
  const stack = await startStack({ connections: 32, entry, vars });
  const { load, host } = stack;
  const api = apiOf(stack);
  const begun = await api("/api/settings/sending");
  await api("/api/settings/sending", { ...begun, ...SENDING }, "PUT");
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
    await hold(stack, AUDIENCE, 15);
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
    const count = EVENTS_PER_SECOND * SECONDS_OF_EVENTS;
    await load.call("prepare", { kind: "singles", path: "/v1/track", name: "beside", count, users: 2_000, seed: 3 });
    await hold(stack, AUDIENCE, 15);
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

/** To a provider that allows two calls a second: how many it had within any second, on its own clock. */
export async function runCampaignPaced() {
  const stack = await withDraft(FEW, { vars: { RESEND_CALLS_PER_SECOND: "2" } });
  const { provider } = stack;
  try {
    await hold(stack, FEW, 15);
    const measured = await measure(stack, () => untilAccepted(provider, FEW));
    await untilDone(stack);
    const { taken, requests } = await provider.call("calls");
    if (taken.length !== requests) throw new Error(`${requests - taken.length} calls were not taken`);
    const most = Math.max(...taken.map((at) => taken.filter((other) => other >= at && other < at + 1_000).length));
    const value = rateOf(await receivedTimes(provider, 0, FEW));
    return { value, most, calls: requests, cpu: (measured.cpu / FEW) * 1_000, ...noted(measured) };
  } finally {
    await stack.stop();
  }
}

/** All rows of D1 from the confirmation to the end, of the campaign's pages and leases as well. */
export async function runCampaignRows() {
  const stack = await withDraft(SMALL, { entry: metered });
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
