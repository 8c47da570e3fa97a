/** mulberry32: the same seed gives the same run. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a caller sees when the network fails: whether the call had its effect is unknown. */
function networkLost(): never {
  throw new Error("Network connection lost.");
}

interface Step {
  readonly name: string;
  readonly process: number;
  readonly act: () => unknown;
  readonly fail: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Has its effect, and nobody is told of it. */
function actUnheard(step: Step): void {
  try {
    step.act();
  } catch {
    // Nor of an error.
  }
}

interface Timer {
  readonly at: number;
  /** The process that it dies with; null for what goes on whatever happens to the product. */
  readonly process: number | null;
  readonly fire: () => void;
}

/** What is further off than this (ms) overtakes no call that is under way. */
const NEAR = 60_000;

/** How a step may go wrong: where a number in [0, 1) falls. */
const FATES = [
  { fate: "lost before", upTo: 0.015 },
  { fate: "answer lost of", upTo: 0.03 },
  { fate: "crash before", upTo: 0.036 },
  { fate: "crash after", upTo: 0.042 },
] as const;

/** Steps that few runs come to go wrong this much more often, so that a slice of the seeds meets each of their mishaps. */
const RARE: ReadonlySet<string> = new Set(["provider call", "settle"]);
const RARE_TIMES = 3;

/**
 * Virtual time, and the order in which everything that waits goes on. Each call that leaves the code under test is a
 * step; chance picks the next one, and whether it fails, loses its answer, or is the last before a crash.
 */
export class Timeline {
  now = Date.UTC(2026, 0, 5, 9);
  /** Steps taken: what happened before what. */
  ticks = 0;
  /** The running process; a crash begins the next one. */
  process = 0;
  /** No mishaps any more: what is left must heal. */
  calm = false;
  /** Nothing takes time: whatever is under way ends before time passes. */
  instant = false;
  readonly happened = new Map<string, number>();
  onCrash: () => void = () => undefined;
  /** Until then objects and the database of the ledger answer nothing. */
  downUntil = Number.NEGATIVE_INFINITY;
  /** Times in which what is due may come late; null: until a sweep has looked everywhere. */
  private readonly excuses: { readonly from: number; until: number | null }[] = [];
  private steps: Step[] = [];
  private timers: Timer[] = [];

  /** @param trace told of everything that happens, to follow one seed */
  constructor(
    readonly random: () => number,
    private readonly trace?: (line: string) => void,
    /** How much oftener a step goes wrong than in a short day. */
    private readonly mishaps = 1,
  ) {}

  count(what: string, detail = ""): void {
    this.happened.set(what, (this.happened.get(what) ?? 0) + 1);
    this.trace?.(`${this.ticks} ${new Date(this.now).toISOString().slice(5, 23)} ${what} ${detail}`);
  }

  chance(probability: number): boolean {
    return !this.calm && this.random() < probability;
  }

  /** Waits for its turn, then acts. `fail` is what the caller gets where the call or its answer is lost. */
  step<T>(name: string, act: () => T, fail: () => T = networkLost): Promise<T> {
    return new Promise((resolve, reject) => {
      this.steps.push({ name, process: this.process, act, fail, resolve: resolve as Step["resolve"], reject });
    });
  }

  after(ms: number, fire: () => void, process: number | null = this.process): void {
    this.timers.push({ at: this.now + Math.max(0, ms), process, fire });
  }

  /** From `from` until `until`, or until the next whole sweep, nothing need be in time. */
  excuse(from: number, until: number | null): void {
    this.excuses.push({ from, until });
  }

  /** How many excuses there have been. */
  get excused(): number {
    return this.excuses.length;
  }

  /** A sweep has looked everywhere: what was lost before it is found, that is the first so many excuses. */
  swept(before: number): void {
    for (const excuse of this.excuses.slice(0, before)) excuse.until ??= this.now;
  }

  /** Until when something that is due at a time may come. */
  excusedUntil(due: number): number {
    const slack = 10 * 60_000;
    let until = due + slack;
    for (const excuse of this.excuses) {
      if (excuse.from <= until) until = Math.max(until, (excuse.until ?? Number.POSITIVE_INFINITY) + slack);
    }
    return until;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve, null));
  }

  /** Whether nothing waits to happen within some time. */
  isQuiet(ms: number): boolean {
    return this.steps.length === 0 && !this.timers.some(({ at }) => at < this.now + ms);
  }

  /** Goes on until nothing waits any more, or `done` says so. */
  async run(done: () => boolean = () => false): Promise<void> {
    for (let left = 60_000; left > 0; left--) {
      await new Promise((resolve) => setImmediate(resolve));
      if (done()) return;
      // Time may pass while calls are under way: an alarm can overtake an answer.
      const isNear = !this.instant && this.timers.some(({ at }) => at < this.now + NEAR);
      const moveOn = this.steps.length === 0 || (isNear && this.random() < 0.12);
      if (!moveOn) this.take();
      else if (!this.passTime()) return;
    }
    throw new Error("the simulation does not come to rest");
  }

  private passTime(): boolean {
    let next: Timer | undefined;
    for (const timer of this.timers) if (!next || timer.at < next.at) next = timer;
    if (!next) return false;
    this.timers.splice(this.timers.indexOf(next), 1);
    this.now = Math.max(this.now, next.at);
    next.fire();
    return true;
  }

  private pick(): number {
    let index = 0;
    // Wakes are the slow ones: what waits for them is only tried while they are on their way.
    for (let tries = 0; tries < 3; tries++) {
      index = Math.floor(this.random() * this.steps.length);
      if (this.steps[index]?.name !== "call of wake") break;
    }
    return index;
  }

  private take(): void {
    const [step] = this.steps.splice(this.pick(), 1);
    if (!step) return;
    this.ticks++;
    if (this.now < this.downUntil && !this.calm && step.name.startsWith("call of")) {
      this.answer(step, step.fail, "calls while nothing answered");
      return;
    }
    const roll = this.calm ? 1 : this.random() / (RARE.has(step.name) ? RARE_TIMES : this.mishaps);
    const fate = FATES.find(({ upTo }) => roll < upTo)?.fate ?? "done";
    if (fate === "done" || fate === "lost before") {
      this.answer(step, fate === "done" ? step.act : step.fail, fate === "done" ? step.name : `${fate} ${step.name}`);
      return;
    }
    if (fate !== "crash before") actUnheard(step);
    if (fate === "answer lost of") this.answer(step, step.fail, `${fate} ${step.name}`);
    else this.crash(`${fate} ${step.name}`);
  }

  private answer(step: Step, make: () => unknown, what: string): void {
    this.count(what);
    try {
      step.resolve(make());
    } catch (error) {
      step.reject(error);
    }
  }

  /** Ends the process: what it waited for never comes, what it held in memory is gone. */
  private crash(what: string): void {
    this.count(what);
    this.count("crashes");
    const ended = this.process++;
    this.excuse(this.now, null);
    this.steps = this.steps.filter(({ process }) => process !== ended);
    this.timers = this.timers.filter(({ process }) => process !== ended);
    this.onCrash();
  }
}
