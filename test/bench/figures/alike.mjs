import { measure, startStack } from "../stack.mjs";
import { percentile } from "../statistics.mjs";
import { noted } from "./ingest.mjs";

const PAIRS = 1_000;
const SECRET = { Authorization: `Basic ${btoa("sk_local:")}` };

/** What says an address of which one half is known: a browser that names itself, and a form. */
const QUESTIONS = {
  identify: (email, n) => [
    "/v1/identify",
    { writeKey: "wk_local", anonymousId: `alike-${email}-${n}`, traits: { email } },
  ],
  // As the shop's server says it: a browser may send a few forms only.
  subscribe: (email) => ["/v1/subscribe", { writeKey: "sk_local", email, consent: { email: true } }],
};

/**
 * How much the time of an answer tells of whether an address is known (B11): the difference of the two 95th percentiles
 * over 1,000 pairs, known and unknown in turn, first this then that.
 */
export async function runAlike() {
  const stack = await startStack({ connections: 1 });
  try {
    for (let from = 0; from < PAIRS; from += 100) {
      const batch = Array.from({ length: 100 }, (_, index) => ({
        type: "identify",
        userId: `known-${from + index}`,
        traits: { email: `known-${from + index}@x.test`, consent: { email: true }, consent_wording: "bench" },
      }));
      await post(stack.url, "/v1/batch", { batch }, SECRET);
    }
    const differences = {};
    const all = [];
    const measured = await measure(stack, async () => {
      for (const [name, question] of Object.entries(QUESTIONS)) {
        const times = { known: [], unknown: [] };
        for (let pair = 0; pair < PAIRS; pair++) {
          const order = pair % 2 === 0 ? ["known", "unknown"] : ["unknown", "known"];
          for (const who of order) {
            const began = performance.now();
            await post(stack.url, ...question(`${who}-${pair}@x.test`, pair));
            times[who].push(performance.now() - began);
          }
        }
        differences[name] = Math.abs(percentile(times.known, 0.95) - percentile(times.unknown, 0.95));
        all.push(...times.known, ...times.unknown);
      }
    });
    return {
      ...differences,
      p50: percentile(all, 0.5),
      p95: percentile(all, 0.95),
      cpu: (measured.cpu / (PAIRS * 4)) * 1_000,
      ...noted(measured),
    };
  } finally {
    await stack.stop();
  }
}

async function post(url, path, body, headers = {}) {
  const answer = await fetch(`${url}${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} answers ${answer.status}: ${text}`);
}
