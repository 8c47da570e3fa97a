import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MINUTE, SECOND } from "../../../src/shared/clock";
import { eventsOf } from "../../../src/tracking/follow";
import type { Act, Hit, Known } from "../../../src/tracking/machine";
import { foundIn, OPEN, signOf, TRAPPED } from "../../../src/tracking/machine";

const AT = Date.UTC(2026, 10, 23, 9);
const PERSON =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15";
const act = (change: Partial<Act> = {}): Act => ({
  place: "0",
  at: AT,
  method: "GET",
  agent: PERSON,
  purpose: "",
  network: null,
  ...change,
});
const known = (change: Partial<Known> = {}): Known => ({ deliveredAt: AT - MINUTE, hits: [], links: 6, ...change });
const hit = (place: string, at: number, machine: Hit["machine"] = null): Hit => ({ place, at, machine });

describe("an act is a machine's (D14, D15)", () => {
  test.each([
    ["a HEAD", act({ method: "HEAD" }), known(), "head"],
    ["a GET within a minute of a HEAD", act(), known({ hits: [hit("0", AT - 59 * SECOND, "head")] }), "head"],
    ["no agent", act({ agent: null }), known(), "agent"],
    ["a preview", act({ agent: "WhatsApp/2.23.20.0" }), known(), "agent"],
    ["a prefetch", act({ purpose: "prefetch" }), known(), "prefetch"],
    ["a house that looks through mail", act({ network: "Proofpoint, Inc." }), known(), "network"],
    ["4.999 s after delivery", act(), known({ deliveredAt: AT - 4_999 }), "early"],
    ["before the delivery was told", act(), known({ deliveredAt: AT + SECOND }), "early"],
    ["the link that nobody sees", act({ place: TRAPPED }), known(), "trap"],
    ["a link within a minute of that", act(), known({ hits: [hit(TRAPPED, AT - MINUTE, "early")] }), "trap"],
    ["the third link within three seconds", act(), known({ hits: [hit("1", AT - 3 * SECOND), hit("2", AT)] }), "burst"],
    [
      "the last of two links within ten seconds",
      act(),
      known({ links: 2, hits: [hit("1", AT - 10 * SECOND)] }),
      "burst",
    ],
    ["Apple's proxy", act({ place: OPEN, agent: "Mozilla/5.0" }), known(), "proxy"],
    ["Gmail's proxy", act({ place: OPEN, agent: "Mozilla/5.0 (via ggpht.com GoogleImageProxy)" }), known(), "proxy"],
  ])("%s", (_name, one, about, sign) => expect(signOf(one, about)).toBe(sign));

  test.each([
    ["the network of a telephone company", act({ network: "Orange S.A." }), known()],
    ["a proxy through which people browse", act({ network: "ZSCALER, INC." }), known()],
    ["5 s after delivery", act(), known({ deliveredAt: AT - 5 * SECOND })],
    ["a minute and more after a HEAD", act(), known({ hits: [hit("0", AT - 61 * SECOND, "head")] })],
    [
      "more than a minute after the link that nobody sees",
      act(),
      known({ hits: [hit(TRAPPED, AT - 61 * SECOND, "trap")] }),
    ],
    ["the second of many links", act(), known({ hits: [hit("1", AT - SECOND)] })],
    ["the third within four seconds", act(), known({ hits: [hit("1", AT - 4 * SECOND), hit("2", AT - SECOND)] })],
    ["the only link there is", act(), known({ links: 1 })],
    ["an open beside clicks", act({ place: OPEN }), known({ hits: [hit("1", AT), hit("2", AT), hit("3", AT)] })],
    ["the same link again and again", act(), known({ hits: [hit("0", AT - SECOND)] })],
  ])("but not %s", (_name, one, about) => expect(signOf(one, about)).toBeNull());
});

describe("what an act makes known", () => {
  const message = { contact: 1, send: "msg_1", deliveredAt: AT - MINUTE, links: 4 };

  test("is told once, and a person's act after a machine's", () => {
    expect(eventsOf(act(), { ...message, hits: [] })).toMatchObject([
      { name: "message.clicked", properties: { link: 0 } },
    ]);
    expect(eventsOf(act(), { ...message, hits: [hit("0", AT - MINUTE)] })).toEqual([]);
    expect(eventsOf(act(), { ...message, hits: [hit("0", AT - 2 * MINUTE, "early")] })).toHaveLength(1);
    expect(eventsOf(act({ method: "HEAD" }), { ...message, hits: [hit("0", AT - MINUTE)] })).toEqual([]);
  });

  test("takes back what looked like a person's, and nothing of another time", () => {
    const hits = [hit("0", AT - 59 * SECOND), hit("1", AT - 2 * MINUTE)];
    const [scanned, disowned] = eventsOf(act({ place: TRAPPED }), { ...message, hits });
    expect(scanned).toMatchObject({ name: "message.scanned", properties: { place: TRAPPED, sign: "trap" } });
    expect(disowned).toMatchObject({ name: "message.disowned", properties: { from: AT - MINUTE, until: AT + MINUTE } });
    expect(eventsOf(act({ place: TRAPPED }), { ...message, hits: [hit("1", AT - 2 * MINUTE)] })).toHaveLength(1);
  });

  test("does not depend on the order in which a scanner's requests are stored", () => {
    const places = fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { minLength: 3, maxLength: 6 });
    fc.assert(
      fc.property(
        places,
        fc.array(fc.integer({ min: 0, max: 2_900 }), { minLength: 6, maxLength: 6 }),
        (order, times) => {
          const hits = order.map((place, index) => hit(String(place), AT + (times[index] ?? 0)));
          for (const { at } of hits) {
            const found = foundIn(hits, at, 6);
            expect(found?.sign).toBe("burst");
            for (const other of hits)
              expect(other.at >= (found?.from ?? 0) && other.at <= (found?.until ?? 0)).toBe(true);
          }
        },
      ),
    );
  });
});
