// The email provider in a process of its own: its work is not the product's.
import { startResendServer } from "../support/resend-server.mjs";
import { answerCalls } from "./child.mjs";
import { now } from "./now.mjs";

let server;

answerCalls(
  {
    async start() {
      server = await startResendServer({ now });
      return server.url;
    },
    accepted: () => server.ledger.length,
    /** Who got a message and when it came, from the `from`th on. */
    received: (from) => server.ledger.slice(from).map(({ to, at }) => ({ to: to[0], at })),
    /** When each call came that was taken, and how many came in all. */
    calls: () => ({
      taken: [...new Map(server.ledger.map(({ acceptance, at }) => [acceptance, at])).values()],
      requests: server.counters.requests,
    }),
    doubled: () => server.doubled().length,
  },
  () => server?.close(),
);
