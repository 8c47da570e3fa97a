import { expect, test } from "vitest";
import { startResendServer } from "../support/resend-server.mjs";
import { startServer } from "../support/server";

const PEOPLE = 1_500;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("killed in the middle, a campaign goes on from its rows: the provider's ledger shows each contact once", async () => {
  const resend = await startResendServer();
  const vars = { RESEND_API_KEY: "re_kill", RESEND_BASE_URL: resend.url, RESEND_CALLS_PER_SECOND: "0" };
  let server = await startServer({ tick: 0, vars });
  /** Moves the clock on, past the leases of what was killed, until a call lies with the provider. */
  const untilHeld = async () => {
    for (let round = 0; round < 20; round++) {
      let isMoving = true;
      const moved = server.moveClock({ advance: "PT4M" }).then(
        () => (isMoving = false),
        () => (isMoving = false),
      );
      while (isMoving && resend.state().held === 0) await sleep(5);
      if (resend.state().held > 0) return { moved };
    }
    throw new Error("No call came to the provider.");
  };
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

    // While the messages are being made.
    const making = server.moveClock({ advance: "PT1M" }).catch(() => null);
    await sleep(150);
    server = await server.restart();
    await making;
    // Twice while they leave: some calls have been answered, the others lie with the provider, which accepts two of
    // them behind the kill, so that nobody hears of it.
    for (const answered of [1, 6]) {
      const answers = { fault: "none", times: answered } as const;
      resend.control({ script: [answers, { fault: "hold", times: PEOPLE }] });
      const { moved } = await untilHeld();
      server = await server.restart();
      await moved;
      resend.control({ script: [], release: 2 });
      while (resend.state().held > 0) await sleep(5);
      expect(resend.ledger.length).toBeGreaterThan(0);
      expect(resend.ledger.length).toBeLessThan(PEOPLE);
    }
    const report = async () => (await server.api(`/api/reports/campaigns/${id}`)).json;
    // Leases of what was killed run out, and its rows are offered again.
    for (let round = 0; round < 40 && (await report()).state !== "done"; round++) {
      expect((await server.moveClock({ advance: "PT4M" })).status).toBe(200);
    }
    const { state, decided, messages } = await report();
    expect({ state, decided, sent: messages.sent }).toEqual({ state: "done", decided: PEOPLE, sent: PEOPLE });
    expect(resend.ledger).toHaveLength(PEOPLE);
    expect(new Set(resend.ledger.map(({ to }) => to[0])).size).toBe(PEOPLE);
    expect(resend.doubled()).toEqual([]);
  } finally {
    await server.stop();
    await resend.close();
  }
});
