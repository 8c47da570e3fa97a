import type { LedgerEvent } from "../../src/events/event";
import { DAY, HOUR, MINUTE, SECOND } from "../../src/shared/clock";
import type { Dice } from "./rehearsed-scenarios";
import { SIGNALS } from "./rehearsed-scenarios";

/** Something that comes to the shop's ledger: `at` is when it comes, epoch ms. */
export interface Coming {
  readonly at: number;
  readonly event: LedgerEvent;
}

const PRODUCTS = ["lamp", "chair", "vase", "rug"] as const;
const ZONES = ["Europe/Paris", "America/New_York", "Asia/Tokyo", undefined] as const;

/** Days of a small shop: what its people do and what is said of them, in the order in which it comes. */
export class ShopDays {
  private readonly coming: Coming[] = [];
  private sent = 0;

  constructor(
    private readonly dice: Dice,
    private readonly from: number,
    private readonly days: number,
  ) {}

  everything(people: number): readonly Coming[] {
    for (let person = 1; person <= people; person++) this.person(`u${person}`);
    for (let visitor = 1; visitor <= people / 4; visitor++) this.stranger(`v${visitor}`);
    for (const product of PRODUCTS) this.catalogue(product);
    return this.coming.sort((one, other) => one.at - other.at);
  }

  private person(user: string): void {
    const { dice } = this;
    // Some were known before, with orders of then.
    if (dice.chance(0.4)) this.history(user);
    else this.identify(user, this.moment(dice.number(0, Math.ceil(this.days / 4))));
    const visits = Math.ceil(this.days * dice.pick([0.3, 0.6, 1]));
    for (let visit = 0; visit < visits; visit++) this.visit(user, this.moment(dice.number(1, this.days - 1)));
    if (dice.chance(0.5)) this.identify(user, this.moment(dice.number(1, this.days - 1)));
    if (dice.chance(0.3)) this.consent(user, this.moment(dice.number(1, this.days - 1)), false);
    if (dice.chance(0.1)) this.consent(user, this.moment(dice.number(1, this.days - 1)), true);
    if (dice.chance(0.3)) this.profile(user, this.moment(dice.number(1, this.days - 1)));
    for (let moves = dice.number(0, 3); moves > 0; moves--) this.move(user, this.moment(dice.number(1, this.days - 1)));
  }

  private history(user: string): void {
    const at = this.from - this.dice.number(10, 300) * DAY;
    const told = { trust: "import", user } as const;
    this.say(this.from - HOUR + this.sent, { ...told, at, type: "identify", traits: this.traits(user) });
    const properties = { order_id: `${user}-old`, total: 30, products: [{ product_id: "lamp", price: 30 }] };
    if (this.dice.chance(0.5))
      this.say(this.from - HOUR + this.sent, { ...told, at: at + DAY, name: "Order Completed", properties });
  }

  private traits(user: string): Record<string, unknown> {
    const { dice } = this;
    const soon = (days: number): string => new Date(this.from + days * DAY).toISOString().slice(0, 10);
    const zone = dice.pick(ZONES);
    return {
      email: `${user}@shop.test`,
      firstName: user,
      consent: { email: dice.chance(0.8), sms: dice.chance(0.5) },
      ...(dice.chance(0.5) && { phone: `+3361234567${user.length}` }),
      ...(zone && { timezone: zone }),
      ...(dice.chance(0.7) && { country: dice.pick(["FR", "US", "DE"]) }),
      ...(dice.chance(0.5) && { birth_date: `1990${soon(dice.number(-5, this.days + 5)).slice(4)}` }),
      ...(dice.chance(0.5) && { membership_ends: soon(dice.number(-3, this.days + 3)) }),
      ...(dice.chance(0.5) && { shoe_size: dice.number(36, 46) }),
      ...(dice.chance(0.2) && { preferred_channel: "sms" }),
    };
  }

  private identify(user: string, at: number): void {
    this.say(at, { type: "identify", user, traits: this.traits(user) });
  }

  private consent(user: string, at: number, email: boolean): void {
    this.say(at, { type: "identify", user, traits: { consent: { email, ...(!email && { sms: false }) } } });
  }

  /** Half an hour in the shop, with some of what can happen there. */
  private visit(user: string, at: number): void {
    const { dice } = this;
    const cart = `${user}-${at}`;
    const product = dice.pick(PRODUCTS);
    const line = { cart_id: cart, product_id: product, price: dice.number(10, 60) };
    const later = (): number => at + dice.number(1, 90) * MINUTE;
    const rest = {
      ...(dice.chance(0.03) && { bot: true as const }),
      ...(dice.chance(0.03) && { past: true as const }),
    };
    const track = (when: number, name: string, properties: object): void =>
      this.say(when, { user, name, properties: { ...properties }, ...rest });
    track(at, "Product Viewed", { product_id: product });
    if (dice.chance(0.5)) track(at + MINUTE, "Product Added", line);
    if (dice.chance(0.2)) track(later(), "Product Added", { ...line, product_id: dice.pick(PRODUCTS) });
    if (dice.chance(0.1)) track(later(), "Product Removed", line);
    if (dice.chance(0.5)) track(later(), "Product Added to Wishlist", line);
    if (dice.chance(0.1)) track(later(), "Product Removed from Wishlist", line);
    if (dice.chance(0.4))
      track(later(), dice.pick(SIGNALS), { level: dice.number(1, 5), colour: dice.pick(["red", "blue"]) });
    if (dice.chance(0.25)) this.order(user, later(), dice.chance(0.5) ? product : dice.pick(PRODUCTS));
    // Told late, of a device that was offline.
    if (dice.chance(0.05)) this.say(later(), { user, name: "Store Visited", at: at - dice.number(1, 50) * HOUR });
  }

  /** What the shop says of a product: prices of now and to come, and what is left of it. */
  private catalogue(product: string): void {
    const { dice } = this;
    const say = (at: number, what: object): void => {
      const properties = { product_id: product, name: product, ...what };
      this.say(at, { anon: "back-office", name: "Product Updated", properties });
    };
    say(this.from - HOUR + this.sent, { price: 40, stock: 9 });
    for (let day = 0; day < this.days; day++) {
      const at = this.moment(day);
      if (dice.chance(0.5)) say(at, { price: dice.number(10, 70) });
      if (dice.chance(0.5)) say(at + HOUR, { stock: dice.pick([0, 0, 2, 5, 20]) });
      const from = new Date(at + dice.number(2, 50) * HOUR).toISOString();
      if (dice.chance(0.3)) say(at + 2 * HOUR, { price: dice.number(10, 70), effective_from: from });
    }
  }

  private order(user: string, at: number, product: string): void {
    const order = { order_id: `${user}-${this.sent}`, total: 40 };
    this.say(at, {
      user,
      name: "Order Completed",
      properties: { ...order, products: [{ product_id: product, price: 40 }] },
    });
    if (this.dice.chance(0.2))
      this.say(at + this.dice.number(1, 30) * HOUR, { user, name: "Order Cancelled", properties: order });
  }

  /** Looks round as nobody, and says who it is on the way. */
  private stranger(visitor: string): void {
    const at = this.moment(this.dice.number(1, this.days - 1));
    const who = { trust: "write", anon: `a-${visitor}` } as const;
    const properties = { cart_id: `c-${visitor}`, product_id: "vase", price: 25 };
    this.say(at, { ...who, name: "Product Viewed", properties: { product_id: "vase" } });
    this.say(at + MINUTE, { ...who, name: "Product Added", properties });
    if (this.dice.chance(0.3)) return;
    const known = at + this.dice.number(2, 400) * MINUTE;
    this.say(known, { type: "identify", user: visitor, anon: `a-${visitor}`, traits: this.traits(visitor) });
    if (this.dice.chance(0.5)) this.order(visitor, known + HOUR, "vase");
  }

  /** Somebody of the shop mends a profile. */
  private profile(user: string, at: number): void {
    const change = {
      fields: { timezone: this.dice.pick(["Asia/Tokyo", "Europe/Paris"]) },
      attributes: { shoe_size: 41 },
    };
    this.say(at, { type: "internal", name: "contact.changed", trust: "internal", user, properties: { change } });
  }

  /** What the shop's segments said, told as they tell it. */
  private move(user: string, at: number): void {
    const [from, to] = this.dice.pick([
      [null, "silver"],
      ["silver", "gold"],
      ["gold", "silver"],
      ["silver", null],
    ] as const);
    const properties = { family: "level", from, to, cause: "act" };
    this.say(at, { type: "internal", name: "segment.changed", trust: "internal", user, properties });
  }

  /** A moment of a day of the world; no two are the same within their seconds, as an alarm and an event have no order then. */
  private moment(day: number): number {
    return this.from + day * DAY + this.dice.number(0, DAY / SECOND - 1) * SECOND;
  }

  private say(at: number, what: Partial<LedgerEvent>): void {
    const id = `e-${++this.sent}`;
    const when = what.trust === "import" ? at : at + (this.sent % 997) + 1;
    const told = { id, type: "track", name: what.type ?? "track", at: when, trust: "secret", ...what } as LedgerEvent;
    this.coming.push({ at: when, event: told });
    // The sender never heard the answer.
    if (this.dice.chance(0.03) && what.trust !== "import") this.coming.push({ at: when + HOUR, event: told });
  }
}
