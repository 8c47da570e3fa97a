import { createRelance, type Relance } from "./api";
import { attempt, type Browser, type Chance, type ScriptTag } from "./environment";

interface Stub extends Array<ArrayLike<unknown>> {
  loaded?: boolean;
}

/**
 * Puts the real methods onto the stub's own array, so that a page that kept a reference to it goes on
 * working, and replays what was called before, in order. A second copy of the script does nothing.
 */
export function start(browser: Browser, chance: Chance): void {
  const queued = (Array.isArray(browser.relance) ? browser.relance : []) as Stub;
  if (queued.loaded) return;
  const { api, listen, leave, run } = createRelance(browser, chance);
  const calls = queued.splice(0);
  const relance: Stub & Relance = Object.assign(queued, api, { loaded: true });
  browser.relance = relance;

  const tag = browser.document.currentScript as ScriptTag | null;
  const { writeKey = "", host, debug } = tag?.dataset ?? {};
  const origin = attempt(() => new URL(tag?.src ?? browser.location.href).origin, "");
  relance.load(writeKey, { host: host ?? origin, debug: debug !== undefined && debug !== "false" });
  for (const call of calls) run(call);
  listen();

  browser.addEventListener("pagehide", leave);
  browser.document.addEventListener("visibilitychange", () => {
    if (browser.document.visibilityState === "hidden") leave();
  });
}
