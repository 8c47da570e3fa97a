import { attempt, type Browser } from "./environment";
import { start } from "./start";

// The only file that reads the browser's globals: everything else has them as an argument.
const browser = globalThis as unknown as Browser;
attempt(() => start(browser, { now: Date.now, random: Math.random }), undefined);
