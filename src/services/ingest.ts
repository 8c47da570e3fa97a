import { checkPoints } from "../commerce/loyalty-projection";
import { checkProductUpdate } from "../commerce/product-event";
import { checkProperties } from "../commerce/projection";
import { advocateOf } from "../commerce/referral";
import { checkTraits } from "../contacts/address";
import { checkStated, refuseClaims, statesRow } from "../contacts/star/stated";
import { undeclarable } from "../contacts/traits";
import type { IngestDeps } from "../events/routes";
import type { ShopToken } from "../platform/shop-token";
import { readShopToken } from "../platform/shop-token";
import type { Services } from "../services";
import { networkOf } from "../shared/trace";
import type { ReferralDeps } from "../tracking/referral-routes";
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
    refused: (source, reasons) => services.notes.refused(source, reasons),
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
    undeclarable,
    checkEvent(event) {
      if (event.type === "identify") return checkTraits(event.traits ?? {});
      if (event.type !== "track") return null;
      const { name, properties = {} } = event;
      const refused =
        checkProperties(name, properties) ??
        checkPoints(name, properties) ??
        checkProductUpdate(event) ??
        refuseClaims(event);
      if (refused || !statesRow(event.name)) return refused;
      return services.tables.read().then((tables) => checkStated(event, (key) => tables.find(key)));
    },
    originOf: origins,
    networkOf: networks,
    claimsAreTrusted: config.IDENTITY_TRUST === "claimed",
    now: () => clock.now(),
    newId: () => crypto.randomUUID(),
  };
}

/** What the link of a referral is made of. */
export function referralDeps(services: Services): ReferralDeps {
  return {
    advocateOf: (code) => advocateOf(services.config.LINK_SECRET, code),
    append: (event, receivedAt) => services.append({ receivedAt, events: [event] }, null),
    shop: services.shop,
    now: () => services.clock.now(),
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
