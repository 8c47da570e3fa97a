import { expect, test } from "vitest";
import { startResendServer } from "../support/resend-server.mjs";
import { startServer } from "../support/server";

const PEOPLE = 1_500;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("killed in the middle, a campaign goes on from its rows: the provider's ledger shows each contact once", async () => {
  const resend = await startResendServer();
  // Half of the batches lie with the provider while the process is killed, and are accepted behind it.
  const slow = { fault: "delay_before", delayMs: 15_000, times: 8 } as const;
  resend.control({ script: [{ fault: "none", times: 7 }, slow] });
  const vars = { RESEND_API_KEY: "re_kill", RESEND_BASE_URL: resend.url, RESEND_CALLS_PER_SECOND: "0" };
  let server = await startServer({ tick: 0, vars });
  try {
    for (let from = 0; from < PEOPLE; from += 500) {
      const batch = Array.from({ length: 500 }, (_, index) => {
        const userId = `kill-${from + index}`;
        return { type: "identify", userId, traits: { email: `${userId}@kill.test`, consent: { email: true } } };
      });
      expect((await server.send("batch", { batch })).json.accepted).toBe(500);
    }
    const asked = { rule: { all: [] }, content: "second_purchase_thanks", channel: "email", ramp: false };
    const { id, audience } = (await server.post("/api/campaigns", asked)).json;
    expect(audience.contacts).toBe(PEOPLE);
    expect((await server.post(`/api/campaigns/${id}/send`, { confirm_count: PEOPLE })).status).toBe(200);

    // While the messages are being made, and twice while they leave.
    for (const sent of [0, 100, 700]) {
      const moved = server.moveClock({ advance: sent === 0 ? "PT1M" : "PT11M" }).catch(() => null);
      if (sent === 0) await sleep(150);
      for (let patience = 0; resend.ledger.length < sent && patience < 4_000; patience++) await sleep(5);
      server = await server.restart();
      await moved;
      // Leases of what was killed run out.
      if (sent > 0) expect(resend.ledger.length).toBeLessThan(PEOPLE);
    }
    // The provider takes its time by real clocks, which the moved one does not pass.
    for (let round = 0; round < 25 && resend.ledger.length < PEOPLE; round++) {
      expect((await server.moveClock({ advance: "PT4M" })).status).toBe(200);
      for (let patience = 0; resend.ledger.length < PEOPLE && patience < 400; patience++) await sleep(5);
    }
    expect(resend.ledger).toHaveLength(PEOPLE);
    expect(new Set(resend.ledger.map(({ to }) => to[0])).size).toBe(PEOPLE);
    expect(resend.doubled()).toEqual([]);
    const report = async () => (await server.api(`/api/reports/campaigns/${id}`)).json;
    for (let round = 0; round < 12 && (await report()).state !== "done"; round++) {
      await server.moveClock({ advance: "PT10M" });
      await sleep(500);
    }
    const { state, decided, messages } = await report();
    expect({ state, decided, sent: messages.sent }).toEqual({ state: "done", decided: PEOPLE, sent: PEOPLE });
  } finally {
    await server.stop();
    await resend.close();
  }
});
