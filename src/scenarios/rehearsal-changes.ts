import type { CatalogueChange } from "../commerce/change";
import type { Trigger } from "./block";
import { changeEntry } from "./change-entry";
import type { Caring, PastChange, PastShop } from "./rehearsal-caring";
import type { Call, Door, People } from "./rehearsal-door";

type CatalogueTrigger = Extract<Trigger, { kind: "catalogue" }>;

/** Changes that became known together are one round: of all of them the greatest counts for a contact. */
export function changesDoor(
  scenario: string,
  trigger: CatalogueTrigger,
  from: number,
  people: People,
  { changes, caring }: PastShop,
): Door {
  const news = changes.filter((change) => change.seen_at >= from && isNews(change, trigger));
  const rounds = [...Map.groupBy(news, ({ seen_at: at }) => at)].toSorted(([one], [other]) => one - other);
  let place = 0;
  return {
    isLate: true,
    next: () => rounds[place]?.[0] ?? null,
    open() {
      const [at, round] = rounds[place++] ?? [0, []];
      const found = greatestByContact(trigger, at, round, people, caring);
      return [...found].map(([contact, change]): Call => {
        return { contact, at, happening: { type: "enter", at, scenario, ...changeEntry(change) } };
      });
    },
    note(contact) {
      const facts = trigger.audience === "cart" ? people.factsOf(contact) : undefined;
      if (facts) caring.note(contact, facts.commerce);
    },
  };
}

function isNews(change: PastChange, { change: kind, leastPercent }: CatalogueTrigger): boolean {
  const { before, after, currency, seen_at: at, goneAt } = change;
  if (change.kind !== kind || (goneAt !== null && goneAt <= at)) return false;
  return currency === null || Math.abs(before - after) * 100 >= before * leastPercent;
}

/** By its share of what was; of stock, what is most plentiful. */
function sizeOf({ before, after, currency }: CatalogueChange): number {
  return currency === null ? after : Math.abs(before - after) / Math.max(before, 1);
}

/** Whoever stands for somebody who cares, with the change that matters most to them, in the order of their rows. */
function greatestByContact(
  { audience, withinMs }: CatalogueTrigger,
  at: number,
  round: readonly PastChange[],
  people: People,
  caring: Caring,
): readonly (readonly [number, PastChange])[] {
  const found = new Map<number, PastChange>();
  const greatestFirst = round.toSorted((one, other) => sizeOf(other) - sizeOf(one) || one.id - other.id);
  for (const change of greatestFirst) {
    const look = { change, at, since: at - withinMs };
    for (const contact of caring.mayCare(change.product_id)) {
      const facts = people.factsOf(contact);
      const head = facts?.profile.mergedInto ?? contact;
      if (!facts || found.has(head) || !caring.cares(audience, contact, facts.commerce, look)) continue;
      if (people.factsOf(head)?.profile.status === "verified") found.set(head, change);
    }
  }
  return [...found].toSorted(([one], [other]) => one - other);
}
