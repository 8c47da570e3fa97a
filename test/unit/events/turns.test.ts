import { describe, expect, it } from "vitest";
import { Turns } from "../../../src/events/turns";

function gate(): { open: () => void; opened: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: () => resolve(), opened: promise };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("permits and intakes from beside", () => {
  it("settles again where an intake came between the wait and the statement", async () => {
    const turns = new Turns();
    const said: string[] = [];
    const first = gate();
    let waits = 0;
    const permit = turns.permit(
      async () => {
        said.push("settle");
        if (waits++ === 0) await first.opened;
      },
      async () => said.push("ask"),
    );
    await turns.intake(async () => said.push("intake"));
    first.open();
    await permit;
    expect(said).toEqual(["settle", "intake", "settle", "ask"]);
  });

  it("asks nothing while an intake is under way", async () => {
    const turns = new Turns();
    const said: string[] = [];
    const held = gate();
    const intake = turns.intake(async () => {
      await held.opened;
      said.push("intake");
    });
    const permit = turns.permit(
      async () => undefined,
      async () => said.push("ask"),
    );
    await settle();
    expect(said).toEqual([]);
    held.open();
    await Promise.all([intake, permit]);
    expect(said).toEqual(["intake", "ask"]);
  });

  it("takes nothing in while a statement is under way, also one that fails", async () => {
    const turns = new Turns();
    const said: string[] = [];
    const held = gate();
    const permit = turns.permit(
      async () => undefined,
      async () => {
        await held.opened;
        said.push("ask");
        throw new Error("lost");
      },
    );
    await settle();
    const intake = turns.intake(async () => said.push("intake"));
    await settle();
    expect(said).toEqual([]);
    held.open();
    await expect(permit).rejects.toThrow("lost");
    await intake;
    expect(said).toEqual(["ask", "intake"]);
  });
});
