import type { LedgerEvent, Properties } from "../../src/events/event";
import { definitionInput, type ScenarioDefinition } from "../../src/scenarios/definition";
import { SECOND } from "../../src/shared/clock";
import type { System } from "./system";
import type { Timeline } from "./timeline";

/** The offer of the one scenario that issues coupons. */
export const OFFER = "gift";

const CONTENT = "second_purchase_thanks";
const send = { type: "send.email", params: { content: CONTENT } };

function definition(name: string, start: object, wait: object | null, stops: readonly string[]): ScenarioDefinition {
  const blocks = wait
    ? { start: { ...start, next: { next: "wait" } }, wait: { ...wait, next: { next: "send" } }, send }
    : { start: { ...start, next: { next: "send" } }, send };
  return definitionInput.parse({ name, start: "start", stop_on: stops, blocks });
}

const onEvent = (event: string) => ({ type: "start.event", params: { event } });
const inactivity = { duration: "PT2S", moved_by: "cart_events" };

/** Has a coupon issued, and goes on by what came of it. */
const gift: ScenarioDefinition = definitionInput.parse({
  name: "gift",
  start: "start",
  blocks: {
    start: { ...onEvent("Trigger"), next: { next: "give" } },
    give: { type: "issue.coupon", params: { offer: OFFER }, next: { issued: "send", none: "none" } },
    send,
    none: { type: "exit", params: { reason: "none" } },
  },
});

/** One message at once, one after a wait, one for an abandoned cart, one with a coupon. */
export const SCENARIOS: Readonly<Record<string, ScenarioDefinition>> = {
  at_once: definition("at once", onEvent("Trigger"), null, []),
  waiter: definition("waiter", onEvent("Waiter"), { type: "wait.for", params: { duration: "PT5S" } }, ["order"]),
  cart: definition("cart", { type: "start.event", params: { event: "cart.abandoned", inactivity } }, null, ["order"]),
  gift,
};

/** An event that was answered, and the tick of the answer. */
export interface Given {
  readonly id: string;
  readonly user: string;
  readonly name: string;
  readonly tick: number;
}

/** Customers who do one thing after the other, and send each again until it is taken. */
export class Shoppers {
  readonly given: Given[] = [];
  private sent = 0;

  constructor(
    private readonly timeline: Timeline,
    private readonly system: System,
  ) {}

  /** Everybody's day; resolves when all of it was taken. */
  async live(): Promise<void> {
    const all = [this.plain("p1"), this.plain("p2"), this.orders("o1"), this.orders("o2"), this.orders("o3")];
    const merged = [
      this.becomesOne("m1", "Trigger"),
      this.becomesOne("m2", "Trigger"),
      this.becomesOne("n1", "Order Completed"),
    ];
    merged.push(this.partsAgain("q1"));
    await Promise.all([...all, ...merged, this.withdraws("w1"), this.withdraws("w2"), this.becomesKnown("v1")]);
  }

  /** Gets one message of each scenario. */
  private async plain(user: string): Promise<void> {
    await this.pause();
    await this.identify(user);
    await this.track(user, "Trigger");
    await this.pause();
    await this.track(user, "Product Added", { cart_id: `c-${user}`, product_id: "lamp", price: 10 });
    await this.track(user, "Waiter");
    await this.pause();
    await this.track(user, "Trigger");
  }

  /** Orders at about the time at which what waits falls due. */
  private async orders(user: string): Promise<void> {
    await this.identify(user);
    const cart = this.timeline.random() < 0.5;
    if (cart) await this.track(user, "Product Added", { cart_id: `c-${user}`, product_id: "lamp", price: 10 });
    else await this.track(user, "Waiter");
    await this.timeline.sleep((cart ? 2 : 5) * SECOND + Math.round((this.timeline.random() - 0.6) * 4) * 250);
    await this.track(user, "Order Completed", { order_id: `o-${user}`, total: 10, products: [{ product_id: "lamp" }] });
  }

  private async withdraws(user: string): Promise<void> {
    await this.identify(user);
    await this.track(user, "Waiter");
    await this.track(user, "Trigger");
    await this.timeline.sleep(Math.floor(this.timeline.random() * 14) * 500);
    await this.give(user, { type: "identify", name: "withdrawal", traits: { consent: { email: false } } });
  }

  /** Fills a cart as a stranger and says who it was afterwards. */
  private async becomesKnown(user: string): Promise<void> {
    const properties = { cart_id: `c-${user}`, product_id: "lamp", price: 10 };
    await this.give(user, { type: "track", name: "Product Added", trust: "write", properties }, true);
    await this.pause();
    await this.give(user, { type: "identify", name: "identify", anon: `a-${user}`, traits: this.traits(user) });
  }

  /** Buys as a guest and as a user, until the user proves the guest's address: the two are one person. */
  private async becomesOne(user: string, then: "Trigger" | "Order Completed" | null): Promise<void> {
    const guest = { anon: `a-${user}` };
    await this.give(user, { type: "identify", name: "identify", traits: { firstName: user } });
    await this.give(user, { type: "identify", name: "guest", traits: this.traits(user), ...guest }, true);
    await this.give(user, { type: "track", name: "Waiter" }, true);
    // Whoever orders does so at about the time at which the message falls due.
    const quarters = then === "Order Completed" ? 17 + this.timeline.random() * 5 : this.timeline.random() * 24;
    await this.timeline.sleep(Math.floor(quarters) * 250);
    await this.give(user, { type: "identify", name: "identify", traits: { email: `${user}@shop.test` } });
    if (then === null) return;
    if (then === "Order Completed") await this.timeline.sleep(Math.floor(this.timeline.random() * 3) * 250);
    await this.track(user, then, { order_id: `o-${user}`, total: 10, products: [{ product_id: "lamp" }] });
  }

  /** Is taken for one person, until an admin sees that they are two. */
  private async partsAgain(user: string): Promise<void> {
    await this.becomesOne(user, null);
    await this.timeline.sleep(Math.floor(this.timeline.random() * 12) * 250);
    let merge = this.system.mergeOf(`e:${user}@shop.test`);
    for (; merge === null; merge = this.system.mergeOf(`e:${user}@shop.test`)) await this.timeline.sleep(250);
    const { id, winner: contact, loser, seq, taken } = merge;
    const properties = { merge: id, loser, seq, taken: JSON.parse(taken) as unknown };
    const undo = { type: "internal", name: "contact.unmerged", trust: "internal", contact, properties } as const;
    await this.give(user, undo, true);
  }

  private traits(user: string): Properties {
    return { email: `${user}@shop.test`, firstName: user, consent: { email: true } };
  }

  private identify(user: string): Promise<void> {
    return this.give(user, { type: "identify", name: "identify", traits: this.traits(user) });
  }

  private track(user: string, name: string, properties: Properties = {}): Promise<void> {
    return this.give(user, { type: "track", name, properties });
  }

  private pause(): Promise<void> {
    return this.timeline.sleep(Math.floor(this.timeline.random() * 16) * 250);
  }

  private async give(user: string, what: Partial<LedgerEvent>, stranger = false): Promise<void> {
    const { timeline } = this;
    const id = `${user}-${++this.sent}`;
    const who = stranger ? { anon: `a-${user}` } : { user };
    const event = { id, at: timeline.now, trust: "secret", ...who, ...what } as LedgerEvent;
    while ((await this.system.append([event]))?.status !== "stored") {
      timeline.count("events sent again");
      await timeline.sleep(250);
    }
    this.given.push({ id, user, name: event.name, tick: timeline.ticks });
    timeline.count("events answered", `${id} ${event.name}`);
    if (timeline.chance(0.15)) {
      // The client never heard the answer.
      timeline.count("events repeated");
      timeline.after(timeline.random() * 3_000, () => void this.system.append([event]), null);
    }
  }
}
