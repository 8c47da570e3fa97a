/**
 * What a shop pastes into its pages: `window.relance` takes calls from the first moment, whether the script
 * has arrived or not, and replays them in order once it has.
 */
type Pending = unknown[] & Record<string, unknown>;

export function installStub(browser: { relance?: unknown }): void {
  browser.relance ??= [];
  const relance = browser.relance as Pending;
  if (relance.loaded) return;
  for (const name of "load track identify page alias reset consent push onsite debug".split(" ")) {
    // Not by `push`, which is one of the methods.
    relance[name] = (...args: unknown[]) => {
      relance[relance.length] = [name, ...args];
    };
  }
}
