/** Cloudflare's list prices in dollars, Workers Paid, without what is included in the plan. */
export const PRICES = {
  rowsWritten: { title: "rows written", perMillion: 1 },
  rowsRead: { title: "rows read", perMillion: 0.001 },
  objectRequests: { title: "object requests", perMillion: 0.15 },
  queueOperations: { title: "queue operations", perMillion: 0.4 },
};

/** What the meter's counts are billed as: amounts by price. */
export function billed({ d1, objects, requests, queue }) {
  const calls = Object.values(requests).reduce((sum, count) => sum + count, 0);
  return {
    // An alarm is a row when it is set and a request when it runs.
    rowsWritten: d1.written + objects.written + objects.alarmsSet,
    rowsRead: d1.read + objects.read,
    objectRequests: calls + objects.alarmsRun,
    // Each message is written, read and deleted; one that is delivered again is read again.
    queueOperations: 2 * queue.written + queue.delivered,
  };
}

/** The price of amounts in dollars. */
export function priceOf(amounts) {
  return Object.entries(PRICES).reduce((sum, [key, { perMillion }]) => sum + (amounts[key] / 1e6) * perMillion, 0);
}
