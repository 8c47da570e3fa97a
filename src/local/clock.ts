import { putSetting, readSetting } from "../platform/settings";
import type { Clock } from "../shared/clock";

/** Our time as a line over real time: `base` at `realBase`, running `scale` times as fast; 0 stands still. */
interface ClockState {
  readonly base: number;
  readonly realBase: number;
  readonly scale: number;
}

const KEY = "local_clock";

/** A clock that can be moved. Every object of the process shares it; the settings table keeps it across a restart. */
class LocalClock implements Clock {
  private state: ClockState = { base: 0, realBase: 0, scale: 1 };
  private loaded: Promise<void> | null = null;

  now(): number {
    const { base, realBase, scale } = this.state;
    return Math.floor(base + (Date.now() - realBase) * scale);
  }

  realTimeOf(at: number): number {
    const { base, realBase, scale } = this.state;
    // While time stands still nothing falls due by itself: whoever moves it fires what is due.
    return scale === 0 ? Date.now() + 3_600_000 : realBase + (at - base) / scale;
  }

  get scale(): number {
    return this.state.scale;
  }

  /** Whether `load` has ended. */
  isLoaded = false;

  load(db: D1Database): Promise<void> {
    this.loaded ??= this.read(db);
    return this.loaded;
  }

  /** Sets our time and speed from this moment on. */
  move(to: number, scale: number): void {
    this.state = { base: to, realBase: Date.now(), scale };
  }

  async save(db: D1Database): Promise<void> {
    await putSetting(db, KEY, JSON.stringify(this.state)).run();
  }

  private async read(db: D1Database): Promise<void> {
    const kept = await readSetting(db, KEY);
    if (kept !== null) this.state = JSON.parse(kept) as ClockState;
    this.isLoaded = true;
  }
}

export const localClock = new LocalClock();
