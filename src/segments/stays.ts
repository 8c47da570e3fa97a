import { AT } from "./collection";
import type { Row } from "./facts";

/** Name of the end of a row among its values: from then on (epoch ms) it is none. No field can have a name like it. */
export const UNTIL = "#until";

/**
 * Every stay of a contact in a segment out of the moves of their history, for who asks about a moment of the past: the one
 * of today is among them. Of a family without any moves there is what is known today.
 *
 * @param members where the contact is today, by family
 * @param moves rows of the transitions
 */
export function staysOf(members: readonly Row[], moves: readonly Row[]): readonly Row[] {
  const byFamily = Map.groupBy(moves, ({ family }) => family);
  const past = [...byFamily].flatMap(([family, own]) => {
    const inOrder = own.toSorted((one, other) => Number(one[AT]) - Number(other[AT]));
    return inOrder.flatMap(({ to: segment = null, [AT]: since = null }, index): Row[] => {
      const until = inOrder[index + 1]?.[AT];
      return segment === null
        ? []
        : [{ family: family ?? null, segment, [AT]: since, ...(until && { [UNTIL]: until }) }];
    });
  });
  return [...past, ...members.filter(({ family }) => !byFamily.has(family))];
}
