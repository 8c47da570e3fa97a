import { gunzipSync, gzipSync } from "node:zlib";
import type { Timeline } from "./timeline";

/** R2 as much as the product uses of it: objects that outlive the process, each call a step that may fail. */
export class Bucket {
  readonly objects = new Map<string, Uint8Array>();

  constructor(private readonly timeline: Timeline) {}

  readonly binding = {
    get: (key: string) => this.timeline.step("R2 get", () => this.stored(key)),
    put: async (key: string, value: string | ArrayBuffer) => {
      const bytes = typeof value === "string" ? new TextEncoder().encode(value) : new Uint8Array(value);
      await this.timeline.step("R2 put", () => void this.objects.set(key, bytes));
    },
    delete: (key: string) => this.timeline.step("R2 delete", () => void this.objects.delete(key)),
    list: ({ prefix = "", startAfter = "", limit = 1_000 }: R2ListOptions = {}) =>
      this.timeline.step("R2 list", () => {
        const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > startAfter).sort();
        return { objects: keys.slice(0, limit).map((key) => ({ key })), truncated: keys.length > limit };
      }),
  };

  /** Every object's text by its key. */
  texts(): [string, string][] {
    return [...this.objects].map(([key, bytes]) => [
      key,
      new TextDecoder().decode(key.endsWith(".gz") ? gunzipSync(bytes) : bytes),
    ]);
  }

  private stored(key: string): object | null {
    const bytes = this.objects.get(key);
    if (!bytes) return null;
    const text = (): string => new TextDecoder().decode(bytes);
    return {
      body: new Response(bytes as BodyInit).body,
      text: async () => text(),
      json: async () => JSON.parse(text()) as unknown,
    };
  }
}

/** A transform of the whole stream in one go: the real one waits for a thread, and a seed would give two runs. */
function whole(change: (bytes: Uint8Array) => Uint8Array): new () => TransformStream<Uint8Array, Uint8Array> {
  return class extends TransformStream<Uint8Array, Uint8Array> {
    constructor() {
      const chunks: Uint8Array[] = [];
      super({
        transform: (chunk) => void chunks.push(chunk),
        flush: (controller) => controller.enqueue(change(Buffer.concat(chunks))),
      });
    }
  };
}

export const GZIP = whole((bytes) => gzipSync(bytes));
export const GUNZIP = whole((bytes) => gunzipSync(bytes));
