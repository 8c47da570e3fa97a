import type { LedgerEvent } from "../../src/events/event";
import { DAY, HOUR, MINUTE, SECOND } from "../../src/shared/clock";
import type { Chance } from "./chance";
import { EVENTS, GOAL } from "./graphs";
import type { System } from "./system";
import type { Timeline } from "./timeline";

/** A deed of a person at a time that stands before anything goes wrong (ms from the beginning). */
export interface Deed {
  readonly person: string;
  readonly offset: number;
  readonly what: Partial<LedgerEvent> & { readonly name: string };
}

/** A deed that was answered. */
export interface Answered extends Deed {
  readonly id: string;
  /** When it is said to have happened, epoch ms. */
  readonly at: number;
  readonly tick: number;
  /** How much later than its time it was taken (ms). */
  readonly late: number;
  /** It lay beside the ledger, and was heard when somebody came by. */
  readonly beside: boolean;
}

const BESIDE = "log: ledger not reached";
export const DAYS = 16;
/** Whose facts stay as they are: what goes wrong may not change what becomes of them. */
export const STEADY = "ann";
const PEOPLE = [STEADY, "bob", "cem"] as const;

const ZONES = [
  "Europe/Paris",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kolkata",
  "Mars/Olympus",
  "Africa/Casablanca",
] as const;

type Told = Deed["what"];

/** What people whose facts change do, and how often. */
const CHANGES: readonly (readonly [weight: number, what: (chance: Chance, person: string) => Told])[] = [
  [6, (chance) => track(chance.pick(EVENTS), { k: chance.below(4) })],
  [3, (_, person) => track("Product Added", { cart_id: `c-${person}`, product_id: "lamp", price: 10 })],
  [1, (_, person) => track("Cart Emptied", { cart_id: `c-${person}` })],
  [
    2,
    (chance, person) =>
      track("Order Completed", {
        order_id: `o-${person}-${chance.below(3)}`,
        total: 10,
        products: [{ product_id: "lamp" }],
      }),
  ],
  [1, () => track(GOAL, {})],
  [1, () => ({ type: "identify", name: "withdrawal", traits: { consent: { email: false } } })],
  [1, () => ({ type: "identify", name: "grant", traits: { consent: { email: true } } })],
  [1, (chance) => ({ type: "identify", name: "moves", traits: { timezone: chance.pick(ZONES) } })],
  [1, (chance) => ({ type: "identify", name: "renames", traits: { firstName: `N${chance.below(9)}` } })],
];
const BY_WEIGHT = CHANGES.flatMap(([weight, what]) => Array.from({ length: weight }, () => what));

function track(name: string, properties: object): Told {
  return { type: "track", name, properties: properties as Record<string, unknown> } as Told;
}

/** Everybody's days, in the order of time. */
export function script(chance: Chance): Deed[] {
  const deeds = PEOPLE.flatMap((person) =>
    Array.from({ length: 2 + chance.below(4) }, (): Deed => {
      const offset = HOUR + Math.floor(chance.random() * (DAYS * DAY - 2 * HOUR));
      const what =
        person === STEADY ? track(chance.pick(EVENTS), { k: chance.below(4) }) : chance.pick(BY_WEIGHT)(chance, person);
      return { person, offset, what };
    }),
  );
  return deeds.sort((one, other) => one.offset - other.offset);
}

/** People who do what the script says, and say it again until it is taken. */
export class Visitors {
  readonly answered: Answered[] = [];
  private told = 0;

  constructor(
    private readonly timeline: Timeline,
    private readonly system: System,
    private readonly begin: number,
  ) {}

  /** One after the other, so that everybody is the same contact whatever goes wrong. */
  async arrive(chance: Chance): Promise<void> {
    for (const person of PEOPLE) {
      const traits = {
        email: `${person}@shop.test`,
        firstName: person,
        timezone: chance.pick(ZONES),
        country: "FR",
        // As far from its date as a yearly one of 29 February can be.
        membership_ends: chance.pick(["2024-02-29", "2026-03-29", "2026-10-25"]),
        consent: { email: true },
      };
      await this.tell({
        person,
        offset: this.timeline.now - this.begin,
        what: { type: "identify", name: "identify", traits },
      });
    }
  }

  async live(deeds: readonly Deed[]): Promise<void> {
    await Promise.all(
      PEOPLE.map(async (person) => {
        for (const deed of deeds) {
          if (deed.person !== person) continue;
          await this.timeline.sleep(this.begin + deed.offset - this.timeline.now);
          await this.tell(deed);
        }
      }),
    );
  }

  private async tell(deed: Deed): Promise<void> {
    const { timeline, begin } = this;
    const id = `${deed.person}-${++this.told}`;
    const due = begin + deed.offset;
    const event = { id, at: due, trust: "secret", user: deed.person, ...deed.what } as LedgerEvent;
    const beside = timeline.happened.get(BESIDE);
    for (let wait = 250; (await this.system.append([event]))?.status !== "stored"; wait = Math.min(MINUTE, wait * 2)) {
      timeline.count("events sent again");
      await timeline.sleep(wait);
    }
    // What comes late is decided on late.
    timeline.excuse(due, timeline.now);
    this.answered.push({
      ...deed,
      id,
      at: due,
      tick: timeline.ticks,
      late: timeline.now - due,
      beside: timeline.happened.get(BESIDE) !== beside,
    });
    timeline.count("events answered", `${id} ${event.name}`);
    if (!timeline.chance(0.1)) return;
    timeline.count("events repeated");
    timeline.after(timeline.random() * 90 * SECOND, () => void this.system.append([event]), null);
  }
}
