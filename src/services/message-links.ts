import { frozenData, renderRow } from "../sends/deliver";
import type { MessageLinks } from "../sends/message";
import { isOfShop } from "../sends/own-address";
import { scopeOf } from "../sends/scope";
import type { Services } from "../services";
import { DAY } from "../shared/clock";
import { signToken } from "../shared/token";
import type { LinkedSend } from "../tracking/hit-store";
import { findByTail, readHeard, readLinked } from "../tracking/hit-store";
import type { LinkedMessage, TrackingDeps } from "../tracking/linked";
import { LINK_DAYS, linksFor, readLink } from "../tracking/links";
import { midOf, withMid } from "../tracking/mid";
import { readTracking } from "../tracking/settings-store";
import { readShort } from "../tracking/short";

/** What the routes of links are made of. */
export function trackingDeps(services: Services): TrackingDeps {
  const { config, clock, env } = services;
  const { LINK_SECRET: secret } = config;
  return {
    read: (purpose, token) => readLink(secret, purpose, token),
    async readShort(code) {
      const found = readShort(secret, code);
      if (!found) return null;
      // A message that is gone leads where one that has run out does.
      const send = (await findByTail(env.DB, found.contact, found.tail)) ?? `gone_${found.tail}`;
      return { contact: found.contact, send, channel: "sms", place: found.place, until: null };
    },
    unsubscribe: ({ contact, send, channel }) =>
      `${config.PUBLIC_URL}/u/${signToken(secret, "unsubscribe", [contact, send, channel])}`,
    async message({ contact, send }) {
      const found = await readLinked(env.DB, contact, send);
      return found && linkedMessage(services, found.row, found.hits);
    },
    heard: ({ contact, send }) => readHeard(env.DB, contact, send),
    append: async (events, receivedAt) =>
      events.length === 0 ? { status: "stored" } : services.append({ receivedAt, events }, null),
    shop: services.shop,
    now: () => clock.now(),
  };
}

function linkedMessage(services: Services, row: LinkedSend, hits: LinkedMessage["hits"]): LinkedMessage {
  const { shop, config } = services;
  const data = frozenData(row);
  const terms = { publicUrl: config.PUBLIC_URL, shopUrl: shop.url, secret: config.LINK_SECRET };
  const links = linksFor(row, data, terms);
  const render = (change: Partial<MessageLinks>) =>
    renderRow(row, {
      content: (key, version) => services.content(key, version),
      shop,
      links: () => Object.assign(linksFor(row, data, terms), change),
    });
  return {
    contact: row.contact,
    send: row.id,
    scenario: row.scenario,
    block: row.block,
    until: row.created_at + LINK_DAYS * DAY,
    // What the provider says came last; before it says anything, when it took the message.
    deliveredAt: row.delivered_at ?? (row.state === "sent" ? row.updated_at : (row.first_attempt_at ?? row.created_at)),
    hits,
    mayTrack: data.tracking && mayTrack(row.consents),
    // The same row renders the same links, so that destinations need no table of their own.
    destinations: async () => (await render({}).catch(() => null))?.links ?? [],
    page: () => render({ open: null, trap: null }).catch(() => null),
    scope: () => scopeOf(data, links, shop),
    async marked(destination, at) {
      // Our own pages stand on a host of the shop, and have no basket.
      const isLanding = destination.startsWith(`${config.PUBLIC_URL}/l/`);
      if (isLanding || !isOfShop(destination, shop.url) || !(await readTracking(services.env.DB)).mid.enabled)
        return destination;
      return withMid(destination, midOf(config.LINK_SECRET, { contact: row.contact, send: row.id, at }), shop.url);
    },
    tag: (destination) => links.tag?.(destination) ?? destination,
  };
}

/** A withdrawal counts at once, for messages that are out as well. */
function mayTrack(consents: string | null): boolean {
  const given = JSON.parse(consents ?? "{}") as Readonly<Record<string, { readonly state?: string } | undefined>>;
  return given["tracking"]?.state === "granted";
}
