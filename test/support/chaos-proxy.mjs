import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";

/** How the first request of each batch fails; what is named "after" had been passed on. */
const FAILURES = [
  { status: 500, passed: false },
  { status: 429, passed: false },
  { status: 500, passed: true },
  { status: 429, passed: true },
];

/** Headers of the connection, which is another one behind the proxy. */
const OWN = new Set(["host", "connection", "content-length", "accept-encoding", "transfer-encoding"]);
/** What fetch has undone or decides for itself. */
const UNDONE = new Set(["content-length", "content-encoding", "transfer-encoding", "connection"]);

const without = (headers, names) => Object.entries(headers).filter(([name]) => !names.has(name));

/** The messageIds of a request, which a repeat has too; empty where it carries no event. */
function idsOf(body) {
  if (body.length === 0) return [];
  const { batch, messageId } = JSON.parse(String(body[0] === 0x1f ? gunzipSync(body) : body));
  return batch ? batch.map((event) => event.messageId) : [messageId];
}

/**
 * Stands in front of the product and answers each batch's first request with an error, sometimes after the product
 * had taken it: the answer that got lost on its way. What carries no event is passed on.
 * @param {string} target address of the product
 * @param {number} [first] which failure comes first: 0 is an error before the product, 2 one behind it
 */
export async function startFaultyProxy(target, first = 0) {
  const seen = new Map();
  const failed = { "500 before": 0, "429 before": 0, "500 after": 0, "429 after": 0 };
  const requests = [];
  const refused = new Set();
  const pass = async ({ method, url, headers }, body) => {
    const init = { method, headers: without(headers, OWN), redirect: "manual" };
    const answer = await fetch(target + url, body.length > 0 ? { ...init, body } : init);
    const answered = without(Object.fromEntries(answer.headers), UNDONE);
    return { status: answer.status, headers: Object.fromEntries(answered), body: Buffer.from(await answer.bytes()) };
  };
  const answer = async (request) => {
    const body = await buffer(request);
    const ids = idsOf(body);
    requests.push({ method: request.method, url: request.url, headers: request.headers, ids });
    if (ids.length === 0) return pass(request, body);
    const again = seen.has(ids[0]);
    if (!again) seen.set(ids[0], seen.size);
    const failure = again ? undefined : FAILURES[(first + seen.get(ids[0])) % FAILURES.length];
    refused.delete(ids[0]);
    if (!failure) return pass(request, body);
    refused.add(ids[0]);
    if (failure.passed) await pass(request, body);
    failed[`${failure.status} ${failure.passed ? "after" : "before"}`]++;
    const allowed = { "access-control-allow-origin": "*", "access-control-expose-headers": "retry-after" };
    return { status: failure.status, headers: { ...allowed, ...(failure.status === 429 && { "retry-after": "1" }) } };
  };
  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      () => response.destroy(),
    );
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** How often each failure really happened. */
    failed,
    /** How many requests were refused and have not come again. */
    waiting: () => refused.size,
    /** What clients sent, in order. */
    requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
