import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

// What the kernel counts in: a hundredth of a second, and pages of 4 KiB on all that this runs on.
const TICKS = 100;
const PAGE = 4_096;

function fields(pid) {
  try {
    // The name in parentheses may hold anything, so the fields are counted from its end.
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").pop().split(" ");
  } catch {
    return null;
  }
}

function childrenOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** A process and all that it started, as far as they live. */
function family(pid) {
  return [pid, ...childrenOf(pid).flatMap(family)];
}

/** Seconds of CPU, user and system, of a process and its children, dead ones included. */
export function cpuSeconds(pid) {
  let ticks = 0;
  for (const member of family(pid)) {
    const stat = fields(member);
    if (stat) ticks += stat.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  }
  return ticks / TICKS;
}

function rssOf(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * PAGE;
  } catch {
    return 0;
  }
}

/** Watches the resident memory of processes by name; `stop` tells the peaks in MB, and that of their sum. */
export function watchMemory(pids, every = 100) {
  const peaks = Object.fromEntries([...Object.keys(pids), "sum"].map((name) => [name, 0]));
  const look = () => {
    let sum = 0;
    for (const [name, pid] of Object.entries(pids)) {
      const rss = rssOf(pid) / 1e6;
      sum += rss;
      peaks[name] = Math.max(peaks[name], rss);
    }
    peaks.sum = Math.max(peaks.sum, sum);
  };
  look();
  const timer = setInterval(look, every);
  return () => {
    clearInterval(timer);
    look();
    return peaks;
  };
}

/** Seconds of CPU that the whole machine has worked since it started, those included that its host gave to others. */
export function machineSeconds() {
  const [user, nice, system, , , irq, softirq, stolen] = readFileSync("/proc/stat", "utf8")
    .split("\n")[0]
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + stolen) / TICKS;
}

/** Waits until the machine has had little else to do for a second; false after `patience` seconds without that. */
export async function quietMachine(patience) {
  for (let waited = 0; waited <= patience; waited++) {
    const before = machineSeconds();
    await sleep(1_000);
    if (machineSeconds() - before < 0.15) return true;
  }
  return false;
}
