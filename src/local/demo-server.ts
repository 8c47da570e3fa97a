import type { Hono } from "hono";
import { readEvent } from "../events/input";
import { onError } from "../platform/http";
import type { Services } from "../services";
import { demoRoutes } from "./demo/routes";

/** The demo shop with its server wired to our own entrance, as a shop's server would call it with its secret key. */
export function demoShop(services: Services): Hono {
  const { config, clock } = services;
  const shop = demoRoutes({
    tokenSecret: config.TOKEN_SECRET,
    writeKey: config.WRITE_KEYS[0] ?? "wk_local",
    shopName: config.SHOP_NAME,
    now: () => clock.now(),
    async sendServerEvents(messages) {
      const receivedAt = clock.now();
      const sender = {
        trust: "secret" as const,
        receivedAt,
        sentAt: undefined,
        context: null,
        origin: null,
        bot: false,
      };
      const events = messages.flatMap((message) => {
        const read = readEvent(message, sender, crypto.randomUUID());
        if (!read.ok) throw new Error(`the demo shop sent a bad event: ${read.reason}`);
        return [read.event];
      });
      const { status } = await services.append({ receivedAt, events }, null);
      if (status !== "stored") throw new Error(`the order was not taken: ${status}`);
    },
  });
  shop.onError(onError);
  return shop;
}
