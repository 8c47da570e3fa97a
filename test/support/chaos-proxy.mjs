import { createServer } from "node:http";
import { text } from "node:stream/consumers";

/** How the first request of each batch fails; what is named "after" had been passed on. */
const FAILURES = [
  { status: 500, passed: false },
  { status: 429, passed: false },
  { status: 500, passed: true },
  { status: 429, passed: true },
];

/**
 * Stands in front of the product and answers each batch's first request with an error, sometimes after the product
 * had taken it: the answer that got lost on its way.
 * @param {string} target address of the product
 */
export async function startFaultyProxy(target) {
  const seen = new Map();
  const failed = { "500 before": 0, "429 before": 0, "500 after": 0, "429 after": 0 };
  const pass = ({ method, url, headers }, body) =>
    fetch(target + url, {
      method,
      headers: { authorization: headers.authorization ?? "", "content-type": headers["content-type"] ?? "" },
      body,
    });
  const answer = async (request) => {
    const body = await text(request);
    const batch = JSON.parse(body).batch?.[0]?.messageId;
    const again = seen.has(batch);
    if (!again) seen.set(batch, seen.size);
    const failure = again ? undefined : FAILURES[seen.get(batch) % FAILURES.length];
    const passed = !failure || failure.passed ? await pass(request, body) : undefined;
    if (!failure) return { status: passed.status, headers: {}, body: await passed.text() };
    failed[`${failure.status} ${failure.passed ? "after" : "before"}`]++;
    return { status: failure.status, headers: failure.status === 429 ? { "retry-after": "1" } : {}, body: "" };
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
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
