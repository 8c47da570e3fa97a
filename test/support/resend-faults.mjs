/** Every way to fail on command. `_after` means that the email was accepted all the same; what is held is accepted
 * or not when it is released. */
export const FAULTS = [
  "rate_limit",
  "daily_quota",
  "invalid",
  "error_before",
  "error_after",
  "reset_before",
  "reset_after",
  "delay_before",
  "delay_after",
  "hold",
];

/** mulberry32: the same seed gives the same faults for the same requests. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function check(name) {
  if (name !== "none" && !FAULTS.includes(name)) throw new Error(`unknown fault "${name}"`);
}

/**
 * Decides what befalls the next request: the script's next item while there is one, then chance. A script item is
 * a name or `{ fault, times?, status?, retryAfter?, delayMs? }`; chances are probabilities by name.
 */
export class FaultPlan {
  chances = {};
  script = [];
  counts = Object.fromEntries(FAULTS.map((name) => [name, 0]));
  defaults = { status: 500, retryAfter: 1, delayMs: 1_000 };
  #random;

  constructor(seed) {
    this.#random = generator(seed);
  }

  set({ chances, script, defaults }) {
    if (chances !== undefined) {
      Object.keys(chances).forEach(check);
      this.chances = chances;
    }
    if (script !== undefined) this.script = script.flatMap((item) => this.#items(item));
    if (defaults !== undefined) this.defaults = { ...this.defaults, ...defaults };
  }

  #items(item) {
    const { times = 1, ...one } = typeof item === "string" ? { fault: item } : item;
    check(one.fault);
    return Array.from({ length: times }, () => one);
  }

  /** `{ fault, status, retryAfter, delayMs }`; times are seconds for `retryAfter`, as in the header. */
  next() {
    const scripted = this.script.shift();
    const chosen = { ...this.defaults, ...(scripted ?? { fault: this.#draw() }) };
    if (chosen.fault !== "none") this.counts[chosen.fault] += 1;
    return chosen;
  }

  #draw() {
    // One number per request, whatever the chances are, keeps a run comparable with another one.
    let left = this.#random();
    for (const [name, chance] of Object.entries(this.chances)) {
      left -= chance;
      if (left < 0) return name;
    }
    return "none";
  }
}
