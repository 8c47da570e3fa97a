import type { Env } from "../../src/services/env";
import { ObjectDisk } from "./database";
import type { Timeline } from "./timeline";

export type ObjectClass = new (state: DurableObjectState, env: Env) => unknown;
type Instance = Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>>;
/** How long after an alarm threw the runtime tries it again (ms); then it is gone. */
const ALARM_RETRIES = [2_000, 4_000, 10_000, 19_000, 38_000, 69_000] as const;
/** How often nothing answers for a while, from the moment of an alarm on. */
const OUTAGE = 0.015;
type Answer = { readonly value?: unknown; readonly failed?: Error };

/** Durable Objects of one process over disks that outlive it: calls take time both ways, alarms fire. */
export class Objects {
  private readonly running = new Map<string, { instance: Instance; ready: Promise<unknown> }>();
  private readonly process: number;

  constructor(
    private readonly timeline: Timeline,
    private readonly disks: Map<string, ObjectDisk>,
    private readonly env: () => Env,
    private readonly harsh: boolean,
    private readonly outages = OUTAGE,
  ) {
    this.process = timeline.process;
  }

  /** What a binding of the environment is. */
  namespace(Class: ObjectClass): object {
    const stub = (name: string) =>
      new Proxy(
        {},
        {
          get:
            (_, method) =>
            (...args: unknown[]) =>
              this.call(Class, name, String(method), args),
        },
      );
    return { idFromName: (name: string) => name, get: stub };
  }

  /** Alarms that were set before a crash. Runtimes keep them; ours must live with one that is lost all the same. */
  recoverAlarms(Class: ObjectClass): void {
    for (const [name, disk] of this.disks) {
      if (disk.alarm === null) continue;
      if (this.timeline.chance(0.3)) {
        disk.alarm = null;
        this.timeline.count("alarms lost");
      } else this.arm(Class, name, disk);
    }
  }

  private async call(Class: ObjectClass, name: string, method: string, args: unknown[]): Promise<unknown> {
    const sent = JSON.stringify(args);
    const { value, failed } = await this.timeline.step(`call of ${method}`, () =>
      this.invoke(Class, name, method, sent),
    );
    // The answer takes its own way back, and may be lost on it.
    return this.timeline.step(`answer of ${method}`, () => {
      if (failed) throw failed;
      return value;
    });
  }

  private async invoke(Class: ObjectClass, name: string, method: string, sent: string): Promise<Answer> {
    try {
      const { instance, ready } = this.object(Class, name);
      await ready;
      // A call that had only just begun when the process went: what it would do, nobody does.
      if (this.timeline.process !== this.process) return await new Promise<never>(() => undefined);
      const value = await instance[method]?.(...(JSON.parse(sent) as unknown[]));
      return { value: value === undefined ? undefined : JSON.parse(JSON.stringify(value)) };
    } catch (error) {
      return { failed: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  private object(Class: ObjectClass, name: string): { instance: Instance; ready: Promise<unknown> } {
    const known = this.running.get(name);
    if (known) return known;
    const disk = this.disks.get(name) ?? ObjectDisk.named(name);
    this.disks.set(name, disk);
    let ready: Promise<unknown> = Promise.resolve();
    const state = {
      storage: disk.storage(() => {
        // An alarm that cannot be set: what it was for has been committed already.
        if (this.harsh && this.timeline.chance(0.004)) {
          this.timeline.count("alarms that could not be set");
          throw new Error("storage is not there");
        }
        this.arm(Class, name, disk);
      }),
      blockConcurrencyWhile: (run: () => Promise<unknown>) => {
        ready = run();
        return ready;
      },
    };
    const instance = new Class(state as unknown as DurableObjectState, this.env()) as Instance;
    // An object that cannot start is thrown away; the next call makes a new one.
    ready.catch(() => this.running.delete(name));
    const made = { instance, ready };
    this.running.set(name, made);
    return made;
  }

  private arm(Class: ObjectClass, name: string, disk: ObjectDisk): void {
    const at = disk.alarm;
    if (at === null) return;
    this.timeline.after(at - this.timeline.now, () => {
      if (disk.alarm !== at) return;
      disk.alarm = null;
      this.timeline.count("alarms");
      if (this.harsh && this.timeline.chance(this.outages)) this.breakDown();
      void this.fire(Class, name, 0);
    });
  }

  /** An alarm that throws is tried again some times and then forgotten, as by the real runtime. */
  private async fire(Class: ObjectClass, name: string, tries: number): Promise<void> {
    const { failed } = await this.invoke(Class, name, "alarm", "[]");
    if (!failed) return;
    const retry = ALARM_RETRIES[tries];
    this.timeline.count(retry === undefined ? "alarms given up" : "alarms tried again");
    if (retry !== undefined) this.timeline.after(retry, () => void this.fire(Class, name, tries + 1));
  }

  private breakDown(): void {
    const { timeline } = this;
    timeline.downUntil = timeline.now + 30_000 + Math.floor(timeline.random() * 150_000);
    timeline.excuse(timeline.now, timeline.downUntil);
    timeline.count("nothing answers for minutes");
  }
}
