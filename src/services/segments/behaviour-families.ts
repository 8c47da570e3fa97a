import { readBehaviourRun } from "../../segments/behaviour/behaviour-store";
import { BEHAVIOUR_FAMILIES, levelsSql } from "../../segments/behaviour/families";
import { calendarFor, refreshBehaviour, refreshEverybody } from "../behaviour";
import type { FamilySource, OwnFamily } from "./own-family";

/** Segments by what contacts do, once that was looked at over everybody. The first one keeps the rows of all. */
export async function behaviourFamilies({ env, terms }: FamilySource): Promise<readonly OwnFamily[]> {
  const state = await readBehaviourRun(env.DB);
  const ruler = state?.ruler;
  if (!ruler || state.run.doneAt === null) return [];
  const refresh: OwnFamily["refresh"] = async (at, contacts) => {
    const source = { env, terms, clock: { now: () => at } };
    await (contacts === null ? refreshEverybody(source, at) : refreshBehaviour(source, contacts, at));
    return [];
  };
  return BEHAVIOUR_FAMILIES.map((family, index) => ({
    key: family.key,
    name: family.words.en,
    words: family.words,
    parts: family.levels.map(({ key, words }) => ({ key, name: words.en, words })),
    ranks: family.levels.map(({ key }) => key),
    dependsOn: [],
    sql(now) {
      const { today } = calendarFor({ terms }, now);
      return { text: levelsSql(family, { today, now, ruler }), values: [] };
    },
    ...(index === 0 && { refresh }),
  }));
}
