import type { Env } from "../../src/services/env";
import { ObjectDisk } from "./database";
import type { Timeline } from "./timeline";

export type ObjectClass = new (state: DurableObjectState, env: Env) => unknown;
type Instance = Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>>;
type Answer = { readonly value?: unknown; readonly failed?: Error };

/** Durable Objects of one process over disks that outlive it: calls take time both ways, alarms fire. */
export class Objects {
  private readonly running = new Map<string, { instance: Instance; ready: Promise<unknown> }>();
  private readonly process: number;

  constructor(
    private readonly timeline: Timeline,
    private readonly disks: Map<string, ObjectDisk>,
    private readonly env: () => Env,
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
    const disk = this.disks.get(name) ?? new ObjectDisk();
    this.disks.set(name, disk);
    let ready: Promise<unknown> = Promise.resolve();
    const state = {
      storage: disk.storage(() => this.arm(Class, name, disk)),
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
      void this.invoke(Class, name, "alarm", "[]");
    });
  }
}
