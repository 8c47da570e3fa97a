import { runAdvance } from "./figures/advance.mjs";
import { runAlike } from "./figures/alike.mjs";
import { runBehaviour } from "./figures/behaviour.mjs";
import {
  bareCampaign,
  runCampaign,
  runCampaignBeside,
  runCampaignPaced,
  runCampaignRows,
} from "./figures/campaign.mjs";
import { bareInsert, bareInsertOfBatch, bareObject } from "./figures/ceilings.mjs";
import { runBatches, runSingles } from "./figures/ingest.mjs";
import { runLookup } from "./figures/lookup.mjs";
import { runBurst, runBurstInBatches, runLatency } from "./figures/messages.mjs";
import { runRehearsal } from "./figures/rehearsal.mjs";
import { runRender } from "./figures/render.mjs";
import { runRfm, runRfmGrowth } from "./figures/rfm.mjs";
import { runSegments } from "./figures/segments.mjs";
import { runShard } from "./figures/shard.mjs";
import { runAtOnce, runSteps } from "./figures/steps.mjs";
import { runTargeting } from "./figures/targeting.mjs";
import { runWaits } from "./figures/waits.mjs";

const atLeast = (limit) => ({ limit, meets: (value) => value >= limit, words: `≥ ${limit}` });
const atMost = (limit) => ({ limit, meets: (value) => value <= limit, words: `≤ ${limit}` });

const rate = (unit, target) => ({ field: "value", unit, target });
const cpu = (target) => ({ field: "cpu", unit: "workerd CPU-s per 1,000", target });
const ms = (field, target) => ({ field, unit: `ms ${field}`, target });

const rules = (limit) => [
  ...["lately", "spent", "asleep", "never", "bought"].map((field) => ({
    field,
    unit: `ms of SQL, ${field}`,
    target: atMost(limit),
  })),
  ms("p95", atMost(400)),
  { field: "read", unit: "rows read a contact, a rule in the middle" },
  { field: "merged", unit: "times as long with a tenth merged, the worst rule", target: atMost(2) },
];

/** Every measurement: how it is run, what is told of it, and what it is held against. */
export const FIGURES = {
  single: {
    title: "single events, 32 connections, stored and applied",
    run: runSingles,
    values: [rate("events/s", atLeast(2_000)), cpu(atMost(0.45))],
    ceiling: "bare-insert",
  },
  batch: {
    title: "batches of 100, 32 connections, stored and applied",
    run: runBatches,
    values: [rate("events/s", atLeast(35_000)), cpu(atMost(0.03))],
    ceiling: "bare-insert-100",
  },
  latency: {
    title: "event to message handed to the provider, 5 events/s",
    run: runLatency,
    values: [ms("p50", atMost(16)), ms("p95", atMost(24)), ms("max"), cpu()],
  },
  burst: {
    title: "burst: 1,000 events for 1,000 contacts, one by one",
    run: runBurst,
    values: [rate("messages/s", atLeast(400)), cpu()],
    ceiling: "bare-object",
  },
  "burst-batch": {
    title: "the same burst in batches of 100",
    run: runBurstInBatches,
    values: [rate("messages/s", atLeast(900)), cpu()],
  },
  campaign: {
    title: "a campaign to 20,000 contacts once its hold is over, until the provider has the last message",
    run: runCampaign,
    values: [rate("messages/s", atLeast(3_000)), { field: "peak", unit: "MB of workerd at its peak" }, cpu()],
    ceiling: "bare-campaign",
  },
  "campaign-beside": {
    title: "the same beside 300 events/s",
    run: runCampaignBeside,
    values: [rate("messages/s", atLeast(1_000)), cpu()],
  },
  "campaign-paced": {
    title: "a campaign to 2,000 contacts, a provider that allows 2 calls a second",
    run: runCampaignPaced,
    values: [
      { field: "most", unit: "calls within any second", target: atMost(2) },
      { field: "calls", unit: "calls in all", target: atMost(20) },
      rate("messages/s"),
      cpu(),
    ],
  },
  "campaign-rows": {
    title: "a campaign to 5,000 contacts, from its confirmation to its end: rows of D1 written",
    run: runCampaignRows,
    values: [{ field: "rows", unit: "rows a message", target: atMost(4) }, rate("messages/s"), cpu()],
  },
  waits: {
    title: "1,000 waits due within a minute: lateness",
    run: runWaits,
    values: [ms("p50"), ms("p95", atMost(20)), ms("max"), cpu()],
  },
  advance: {
    title: "one advance of a run through 20 blocks, plain Node",
    run: runAdvance,
    values: [{ field: "micros", unit: "µs of CPU", target: atMost(20) }, cpu()],
  },
  render: {
    title: "one letter of the library rendered with its text part, plain Node",
    run: runRender,
    values: [{ field: "micros", unit: "µs of CPU", target: atMost(1_000) }, cpu()],
  },
  shard: {
    title: "a shard handles a contact with 10 runs and 50 timers that are all due, plain Node over SQLite",
    run: runShard,
    values: [
      { field: "ms", unit: "ms of CPU", target: atMost(5) },
      { field: "floor", unit: "ms, the same state read and written alone" },
    ],
  },
  steps: {
    title: "runs through waits, questions and a message: rows written a step, all of D1 and the objects",
    run: runSteps,
    values: [
      { field: "rows", unit: "rows a step", target: atMost(4) },
      { field: "d1", unit: "of them in D1" },
      { field: "objects", unit: "in objects, alarms included" },
      { field: "event", unit: "rows a step of the event itself, not in it" },
      cpu(),
    ],
  },
  "at-once": {
    title: "5,000 waits due at one instant: until every run has gone on and D1 knows",
    run: runAtOnce,
    values: [{ field: "ms", unit: "ms", target: atMost(5_000) }, cpu()],
  },
  lookup: {
    title: "look-up of one contact among 200,000 with 1,000,000 orders: D1's own time, p95",
    run: runLookup,
    values: ["externalId", "email", "anonymousId", "event"].map((field) => ({
      field,
      unit: `ms of SQL, ${field}`,
      target: atMost(5),
    })),
  },
  targeting: {
    title:
      "counting a rule of three conditions among 200,000 contacts with 1,000,000 orders: D1's own time, the preview",
    run: () => runTargeting(200_000),
    values: rules(300),
  },
  "targeting-small": {
    title: "the same among 10,000 contacts",
    run: () => runTargeting(10_000),
    values: rules(25),
  },
  segments: {
    title: "5 segments over 200,000 contacts with 1,000,000 orders; 2 % of them changed",
    run: runSegments,
    values: [
      { field: "first", unit: "s, first computation" },
      { field: "night", unit: "s, a night" },
      { field: "changed", unit: "s, events of 2 % and what follows" },
      { field: "firstRows", unit: "rows written a contact, first computation" },
      { field: "nightRows", unit: "rows written a contact, a night that moves some" },
      { field: "changedRows", unit: "rows written an event that changes no membership", target: atMost(4) },
      cpu(),
    ],
  },
  rfm: {
    title: "RFM of 200,000 contacts with 1,000,000 orders, 2 % of them changed",
    run: runRfm,
    values: [
      { field: "full200k", unit: "ms, everybody", target: atMost(600) },
      { field: "written200k", unit: "rows a contact", target: atMost(0.1) },
      { field: "contacts200k", unit: "ms, who changed", target: atMost(30) },
      { field: "bare200k", unit: "ms, their rows written once and nothing else" },
      { field: "first200k", unit: "ms, the first run" },
    ],
  },
  "rfm-growth": {
    title: "RFM from 10,000 to 1,000,000 contacts with five orders each",
    run: runRfmGrowth,
    values: ["10k", "100k", "1000k"].flatMap((size) => [
      { field: `full${size}`, unit: `ms, everybody, ${size}` },
      { field: `contacts${size}`, unit: `ms, 2 % changed, ${size}` },
    ]),
  },
  behaviour: {
    title: "a night of behaviour: 200,000 contacts with 1,000,000 visits and mails",
    run: runBehaviour,
    values: [
      { field: "night", unit: "workerd CPU-s" },
      { field: "steps", unit: "steps" },
      { field: "longest", unit: "ms, the longest step", target: atMost(30_000) },
      { field: "firstLongest", unit: "ms, the longest step of the first night" },
      { field: "written", unit: "rows written a contact, a night that moves nobody", target: atMost(0.1) },
      cpu(),
    ],
  },
  rehearsal: {
    title: "rehearsal of a cart scenario over 1,000,000 events of 100,000 people, half of them archived",
    run: runRehearsal,
    values: [
      { field: "events", unit: "events" },
      { field: "seconds", unit: "s", target: atMost(60) },
      { field: "live", unit: "MB of the isolate's heap in use, all garbage collected", target: atMost(128) },
      { field: "raw", unit: "MB of it, garbage that nobody had to collect by then included" },
      { field: "idle", unit: "MB of it before the rehearsal" },
      { field: "grown", unit: "MB more of workerd as a whole, D1 and R2 among them" },
      { field: "bare", unit: "s, the same journal read and parsed once and nothing else" },
      cpu(),
    ],
  },
  alike: {
    title: "answers about known and unknown addresses, 1,000 pairs: difference of their 95th percentiles (B11)",
    run: runAlike,
    values: ["identify", "subscribe"].map((field) => ({ field, unit: `ms, ${field}`, target: atMost(5) })),
  },
  "bare-insert": {
    title: "ceiling: bare Worker, one D1 insert a request",
    run: bareInsert,
    values: [rate("requests/s"), cpu()],
  },
  "bare-insert-100": {
    title: "ceiling: the same with a body of 100 events",
    run: bareInsertOfBatch,
    values: [rate("events/s"), cpu()],
  },
  "bare-campaign": {
    title: "ceiling: bare Worker, three rows of D1 a message and a hundred to a call",
    run: bareCampaign,
    values: [rate("messages/s"), cpu()],
  },
  "bare-object": {
    title: "ceiling: bare Durable Object, one SQL write a call",
    run: bareObject,
    values: [rate("calls/s"), cpu()],
  },
};

/** Peak of workerd and the Node process around it together, in MB. */
export const MEMORY = { title: "memory under load: workerd and its Node host", target: atMost(350) };
