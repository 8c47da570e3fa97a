import { expect, test, vi } from "vitest";
vi.mock("cloudflare:workers", () => ({ DurableObject: class { constructor(readonly ctx: unknown, readonly env: unknown) {} } }));
const { contactShardClass } = await import("../../src/scenarios/object");
const { ledgerPorts } = await import("../../src/services/ports");
test("probe", () => { expect(typeof contactShardClass).toBe("function"); expect(typeof ledgerPorts).toBe("function"); });
