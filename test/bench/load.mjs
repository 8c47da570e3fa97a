// The clients, in a process of their own: what they cost is not the product's.
import { setTimeout as sleep } from "node:timers/promises";
import { answerCalls } from "./child.mjs";
import { Connection, post } from "./connection.mjs";
import { now } from "./now.mjs";
import * as sessions from "./sessions.mjs";
import * as traffic from "./traffic.mjs";

const KEYS = { secret: "sk_local", write: "wk_local" };

let prepared = [];
let connections = [];
let server = 0;

/** Basic with the key as user name, as Segment's clients send it. */
function authorization(key) {
  return `Basic ${btoa(`${KEYS[key]}:`)}`;
}

/** One connection after another takes the next request, so that as many are under way as there are connections. */
async function drive(requests, check) {
  let next = 0;
  const work = async (connection) => {
    while (next < requests.length) {
      const { status, body } = await connection.send(requests[next++]);
      if (status !== 200 || !check(body)) throw new Error(`answered ${status}: ${body}`);
    }
  };
  await Promise.all(connections.map(work));
}

answerCalls({
  /** Opens connections; they are kept until the process ends. */
  connect(port, count) {
    server = port;
    connections = Array.from({ length: count }, () => new Connection(port));
  },
  /** Makes requests of a kind of traffic, so that making them costs nothing while they are sent. */
  prepare({ kind, path, key = "secret", ...options }) {
    const bodies = { ...traffic, ...sessions }[kind](options);
    prepared = bodies.map((body) => post(path, authorization(key), body));
    return prepared.length;
  },
  /** Sends all that was prepared; resolves with the times of the first and the last. */
  async drive(count) {
    const requests = count === undefined ? prepared : prepared.splice(0, count);
    const started = now();
    await drive(requests, (body) => body.endsWith('"rejected":[]}') || body === "ok");
    return { started, ended: now(), requests: requests.length };
  },
  /** Sends what was prepared at a steady pace, whatever the answers; resolves with the time of each. */
  async pace(perSecond) {
    const first = now() + 50;
    const answers = [];
    const sent = [];
    // A connection has one request under way: where answers are slow, more of them are needed.
    const idle = [...connections];
    for (const [index, request] of prepared.entries()) {
      await sleep(Math.max(0, first + (index * 1_000) / perSecond - now()));
      sent.push(now());
      const connection = idle.pop() ?? new Connection(server);
      answers.push(connection.send(request).finally(() => idle.push(connection)));
    }
    for (const { status, body } of await Promise.all(answers)) if (status !== 200) throw new Error(body);
    return sent;
  },
});
