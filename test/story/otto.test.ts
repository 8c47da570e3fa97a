import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasData, readData } from "../support/data";
import type { Server } from "../support/server";
import { startServer } from "../support/server";

// 20 real visitors of an online shop with their clicks, carts and orders. The figures are the reference results of an
// inactivity timer over carts: opened by a cart event, moved on by any event, closed by any order.
const REFERENCE = [
  { duration: "PT1H", totals: { opened: 21, fired: 17, converted: 4, pending: 0 } },
  { duration: "PT24H", totals: { opened: 15, fired: 9, converted: 4, pending: 2 } },
] as const;

interface Visit {
  readonly visitor: string;
  readonly at: number;
  readonly message: Readonly<Record<string, unknown>>;
}

interface Entry {
  readonly external_id: string | null;
  readonly entered_at: string;
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly messages: readonly { readonly block: string; readonly decision: string; readonly reason: string }[];
}

const NAMES: Readonly<Record<string, string>> = {
  clicks: "Product Viewed",
  carts: "Product Added",
  orders: "Order Completed",
};

function readVisits(): Visit[] {
  const sessions = readData("otto.train20.jsonl").trim().split("\n");
  const visits = sessions.flatMap((line) => {
    const { session, events } = JSON.parse(line) as {
      session: number;
      events: { aid: number; ts: number; type: string }[];
    };
    const visitor = `otto-${session}`;
    return events.map(({ aid, ts, type }, index): Visit => {
      const product = { product_id: String(aid), price: 10, quantity: 1 };
      const order = { order_id: `${visitor}-${ts}-${aid}`, products: [product] };
      const properties = type === "orders" ? order : product;
      const timestamp = new Date(ts).toISOString();
      const message = {
        type: "track",
        event: NAMES[type],
        messageId: `${visitor}-${index}`,
        userId: visitor,
        timestamp,
        properties,
      };
      return { visitor, at: ts, message };
    });
  });
  return visits.sort((left, right) => left.at - right.at);
}

describe.skipIf(!hasData)("real visitors", () => {
  const visits = hasData ? readVisits() : [];
  const visitors = [...new Set(visits.map(({ visitor }) => visitor))];
  const first = visits[0]?.at ?? 0;
  const last = visits.at(-1)?.at ?? 0;
  const dayBefore = new Date(first - 86_400_000).toISOString();
  const period = { from: dayBefore, to: new Date(last).toISOString() };
  const servers: Server[] = [];

  afterAll(async () => {
    for (const server of servers) await server.stop();
  });

  async function start(): Promise<Server> {
    const server = await startServer({ tick: 0 });
    servers.push(server);
    return server;
  }

  async function post(server: Server, path: string, json: unknown): Promise<unknown> {
    const answer = await server.post(path, json);
    expect(answer.status, `${path}: ${answer.text}`).toBeLessThan(300);
    return answer.json;
  }

  async function scenario(server: Server, duration: string): Promise<string> {
    const params = { inactivity: { duration, moved_by: "any_event" }, holdout: 0 };
    const { id } = (await post(server, "/api/scenarios", { template: "abandoned-cart", params })) as { id: string };
    return id;
  }

  async function importAll(server: Server): Promise<void> {
    const rows = visitors.map((visitor) =>
      [visitor, `${visitor}@example.com`, "true", "import", dayBefore, dayBefore].join(","),
    );
    const contacts = ["external_id,email,consent_email,consent_source,consent_at,created_at", ...rows].join("\n");
    const events = visits.map(({ message }) => JSON.stringify(message)).join("\n");
    for (const [kind, type, body] of [
      ["contacts", "text/csv", contacts],
      ["events", "application/x-ndjson", events],
    ] as const) {
      const answer = await server.api(`/api/imports?kind=${kind}`, {
        method: "POST",
        headers: { "content-type": type },
        body,
      });
      expect(answer.status, answer.text).toBe(202);
      const report = (await server.api(`/api/imports/${answer.json.id}`)).json;
      expect(report).toMatchObject({ status: "done", rejected: [] });
    }
  }

  describe("rehearsed from an import", () => {
    let server: Server;

    beforeAll(async () => {
      server = await start();
      await importAll(server);
    });

    test.each(REFERENCE)("an inactivity of $duration gives the reference counts", async ({ duration, totals }) => {
      const id = await scenario(server, duration);
      const result = (await post(server, `/api/scenarios/${id}/rehearse`, period)) as {
        entries: Entry[];
        pending: unknown[];
        totals: object;
      };
      expect(result.totals).toMatchObject(totals);
      expect(result.entries).toHaveLength(totals.fired);
      expect(result.pending).toHaveLength(totals.pending);
    });

    test("nothing of it is written", async () => {
      const db = await server.mf.getD1Database("DB");
      for (const table of ["runs", "decisions", "sends", "stops"]) {
        const row = await db.prepare(`SELECT count(*) AS n FROM ${table}`).first<{ n: number }>();
        expect(row?.n, table).toBe(0);
      }
    });
  });

  test("live, every visitor has the rehearsal's due times and decisions", async () => {
    const server = await start();
    await post(server, "/dev/clock", { set: dayBefore });
    const identify = visitors.map((userId) => ({
      type: "identify",
      userId,
      traits: { email: `${userId}@example.com`, consent: { email: true } },
    }));
    expect((await server.send("batch", { batch: identify })).status).toBe(200);
    const ids: string[] = [];
    // Both at once: scenarios do not see each other's timers or entries.
    for (const { duration } of REFERENCE) ids.push(await scenario(server, duration));
    for (const id of ids) await post(server, `/api/scenarios/${id}/activate`, {});
    await replay(server);
    for (const [index, { totals }] of REFERENCE.entries()) {
      const path = `/api/scenarios/${ids[index]}`;
      const rehearsed = (await post(server, `${path}/rehearse`, period)) as { entries: Entry[]; totals: object };
      const live = (await server.api(`${path}/runs?limit=200`)).json as { data: Entry[] };
      expect(rehearsed.totals).toMatchObject(totals);
      expect(live.data.map(essence).sort()).toEqual(rehearsed.entries.map(essence).sort());
    }
  });

  async function replay(server: Server): Promise<void> {
    let now = first - 86_400_000;
    for (const group of minutes(visits)) {
      const at = group.at(-1)?.at ?? now;
      const clock = (await server.api("/dev/clock")).json as { now: string };
      now = Date.parse(clock.now);
      if (at > now) await post(server, "/dev/clock", { advance: `PT${(at - now) / 1000}S` });
      expect((await server.send("batch", { batch: group.map(({ message }) => message) })).status).toBe(200);
    }
  }
});

/** What happened within a minute, as clients send it: together. */
function minutes(visits: readonly Visit[]): Visit[][] {
  const groups: Visit[][] = [];
  for (const visit of visits) {
    const group = groups.at(-1);
    if (group && visit.at - (group[0]?.at ?? 0) < 60_000 && group.length < 100) group.push(visit);
    else groups.push([visit]);
  }
  return groups;
}

/** What live and rehearsal must agree on: visitor, due time, and how it was decided. */
function essence(entry: Entry): string {
  const messages = entry.messages.map(({ block, decision, reason }) => `${block}=${decision}(${reason})`).join(" ");
  return [entry.external_id, entry.entered_at, entry.outcome ?? "running", entry.reason ?? "", messages].join(" | ");
}
