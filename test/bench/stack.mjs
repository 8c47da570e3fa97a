import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startChild } from "./child.mjs";
import { cpuSeconds, machineSeconds, watchMemory } from "./proc.mjs";

/** Removed only when everything is over: removing a state folder just before a run slows the run's disk. */
const folders = [];
process.once("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/**
 * The Worker as `npm start` runs it, the email provider and the clients, each in processes of its own, on a state
 * folder that is new. `bare` runs another module in the product's place; `inspected` lets workerd's inspector listen.
 */
export async function startStack({ connections = 32, bare, entry, vars = {}, inspected = false } = {}) {
  const statePath = mkdtempSync(join(tmpdir(), "relance-bench-"));
  folders.push(statePath);
  const [host, provider, load] = ["host.mjs", "provider.mjs", "load.mjs"].map(startChild);
  const stop = async () => {
    await Promise.all([load.stop(), provider.stop()]);
    await host.stop();
  };
  try {
    const mail = {
      RESEND_API_KEY: "re_bench",
      RESEND_BASE_URL: await provider.call("start"),
      RESEND_CALLS_PER_SECOND: "0",
    };
    const asked = { statePath, bare, entry, vars: { ...mail, ...vars }, inspected };
    const { url, port, pid, inspector } = await host.call("start", asked);
    await load.call("connect", port, connections);
    return { host, provider, load, url, port, inspector, stop, pids: { workerd: pid, host: host.pid }, ours: pidsOf() };
  } catch (error) {
    await stop();
    throw error;
  }

  function pidsOf() {
    return [process.pid, host.pid, provider.pid, load.pid];
  }
}

/** What some work cost: wall time, CPU of workerd and of the process around it, peak memory, and how busy others were. */
export async function measure(stack, work) {
  const memory = watchMemory(stack.pids);
  const before = usage(stack);
  const started = performance.now();
  const result = await work();
  const seconds = (performance.now() - started) / 1_000;
  const after = usage(stack);
  const peaks = memory();
  return {
    result,
    seconds,
    cpu: after.workerd - before.workerd,
    hostCpu: after.host - before.host,
    // Cores that were taken by processes that are none of the benchmark's, other machines of the same host among them.
    others: Math.max(0, (after.machine - before.machine - (after.ours - before.ours)) / seconds),
    peaks,
  };
}

function usage({ pids, ours }) {
  const workerd = cpuSeconds(pids.workerd);
  // workerd is a child of the host, and the host of this process.
  const host = cpuSeconds(pids.host) - workerd;
  return { workerd, host, machine: machineSeconds(), ours: cpuSeconds(ours[0]) };
}

/** Resolves when the provider has accepted `count` messages; fails where they stop coming. */
export async function untilAccepted(provider, count, patience = 30_000) {
  let last = -1;
  let since = performance.now();
  for (;;) {
    const accepted = await provider.call("accepted");
    if (accepted >= count) return;
    if (accepted !== last) since = performance.now();
    last = accepted;
    if (performance.now() - since > patience) throw new Error(`${accepted} of ${count} messages came`);
    await sleep(25);
  }
}

/** Fails unless the database holds what was sent: each event in the journal once, and applied once. */
export async function verifyStored(host, events) {
  const [stored] = await host.call(
    "query",
    "SELECT count(*) AS events, count(DISTINCT e.value ->> 'id') AS ids FROM journal j, json_each(j.body) e",
  );
  // The ring of a contact has seven characters for each event that was applied to it (the last 96 of them).
  const [applied] = await host.call("query", "SELECT coalesce(sum(length(ring)), 0) / 7 AS events FROM contacts");
  const [rejected] = await host.call("query", "SELECT count(*) AS events FROM rejected_events");
  const found = { stored: stored.events, ids: stored.ids, applied: applied.events, rejected: rejected.events };
  const good = found.stored === events && found.ids === events && found.applied === events && found.rejected === 0;
  if (!good) throw new Error(`of ${events} events there are ${JSON.stringify(found)}`);
}
