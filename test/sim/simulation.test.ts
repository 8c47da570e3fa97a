import { expect, test, vi } from "vitest";

vi.mock("cloudflare:workers", () => ({
  DurableObject: class {
    constructor(
      readonly ctx: unknown,
      readonly env: unknown,
    ) {}
  },
}));
const { simulate } = await import("./simulate");

test("probe", async () => {
  const total = new Map<string, number>();
  const bad: string[] = [];
  const t = performance.now();
  for (let seed = 1; seed <= Number(process.env["SEEDS"] ?? 50); seed++) {
    const v = await simulate(seed);
    for (const [k, n] of v.happened) total.set(k, (total.get(k) ?? 0) + n);
    if (v.faults.length) bad.push(`${seed}: ${v.faults.join("; ")}`);
  }
  console.log(performance.now() - t, [...total].sort().map(([k,n])=>`${k}=${n}`).join("\n"));
  console.log(bad.slice(0,40).join("\n"), bad.length);
}, 600000);
