import { expect, test } from "vitest";
import { KILL_POINTS, runChaos, table } from "../support/chaos.mjs";

test("killed at every point of a message's way, the product loses nothing and doubles nothing (listmonk 3022)", async () => {
  const result = await runChaos({ random: 0, atEach: 1 });
  console.log(table(result));
  for (const point of KILL_POINTS) expect(result.kills.get(point), `kills ${point}`).toBeGreaterThan(0);
  expect(result).toMatchObject({
    lost: 0,
    storedTwice: 0,
    timersLost: 0,
    messagesLost: 0,
    doubled: 0,
    afterStop: 0,
    conflicts: 0,
    setAside: 0,
    account: { explained: true, pending: 0 },
  });
  expect(result.messages).toBeGreaterThan(20);
});
