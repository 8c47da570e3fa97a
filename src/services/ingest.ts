import { isbot } from "isbot";
import { checkProperties } from "../commerce/projection";
import type { IngestDeps } from "../events/routes";
import type { ShopToken } from "../platform/shop-token";
import { readShopToken } from "../platform/shop-token";
import { renderRow } from "../sends/deliver";
import { readSend } from "../sends/store";
import type { Services } from "../services";
import { networkOf } from "../shared/trace";
import { readLink } from "../tracking/links";
import type { TrackingDeps } from "../tracking/routes";
import { hashOrigin } from "./links";

const REMEMBERED = 5_000;

/** What the event routes are made of. */
export function ingestDeps(services: Services): IngestDeps {
  const { config, clock } = services;
  const origins = remembered((address) => hashOrigin(address, config.LINK_SECRET));
  const networks = remembered((address) => hashOrigin(networkOf(address), config.LINK_SECRET));
  const tokens = new Map<string, Promise<ShopToken | null>>();
  return {
    scopeOf: (key) => services.keyring.scopeOf(key),
    append: (intake, caller) => services.append(intake, caller),
    readToken(token) {
      const now = clock.now();
      // A page repeats its token with every event; a minute's memory changes nothing about its validity.
      const id = `${Math.floor(now / 60_000)}.${token}`;
      const known = tokens.get(id);
      if (known) return known;
      if (tokens.size > REMEMBERED) tokens.clear();
      const read = readShopToken(token, config.TOKEN_SECRET, now);
      tokens.set(id, read);
      return read;
    },
    checkProperties,
    originOf: origins,
    networkOf: networks,
    claimsAreTrusted: config.IDENTITY_TRUST === "claimed",
    now: () => clock.now(),
    newId: () => crypto.randomUUID(),
  };
}

/** What the link routes are made of. */
export function trackingDeps(services: Services): TrackingDeps {
  const { config, clock, env } = services;
  return {
    read: (purpose, token) => readLink(config.LINK_SECRET, purpose, token),
    append: (event, receivedAt) => services.append({ receivedAt, events: [event] }, null),
    async destination({ contact, send, index }) {
      const row = await readSend(env.DB, contact, send);
      if (!row || index === null) return null;
      // The same row renders the same links, so the destination needs no table of its own.
      const rendered = await renderRow(row, services.consumer()).catch(() => null);
      return rendered?.links[index] ?? null;
    },
    shop: services.shop,
    isMachine: (userAgent, method) => method === "HEAD" || isbot(userAgent),
    now: () => clock.now(),
  };
}

function remembered(compute: (key: string) => string): (key: string) => string {
  const known = new Map<string, string>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size > REMEMBERED) known.clear();
    const value = compute(key);
    known.set(key, value);
    return value;
  };
}
