import { test, vi } from "vitest";
vi.mock("cloudflare:workers", () => ({ DurableObject: class { constructor(readonly ctx: unknown, readonly env: unknown) {} } }));
const { simulate } = await import("./simulate");
test("debug", async () => { const lines: string[] = []; const v = await simulate(Number(process.env["SEED"]), {}, (l) => lines.push(l)); const { writeFileSync } = await import("node:fs"); writeFileSync("/tmp/rel/trace.txt", lines.join("\n")); console.log(v.faults, [...v.happened].sort().map(([k,n])=>`${k}: ${n}`).join("\n")); }, 600000);
