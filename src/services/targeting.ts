import type { Facts } from "../segments/facts";
import type { Rule } from "../segments/rule";
import { readsOf } from "../segments/rule";
import { loadRows } from "../segments/target-store";
import type { Services } from "../services";
import { factsWithHeads } from "./records";

/** All that some rules ask about contacts, out of the database. Contacts that are not there are left out. */
export async function factsFor(
  { env, clock, terms }: Services,
  contacts: readonly number[],
  rules: readonly Rule[],
): Promise<Facts[]> {
  const facts = await factsWithHeads(env.DB, contacts, () => undefined, terms.shop);
  const reads = readsOf({ all: rules }, terms);
  const heads = [...new Set(facts.map(({ head }) => head))];
  const rows = await loadRows(env.DB, heads, reads, clock.now(), terms);
  return facts.map((about) => ({ ...about, rows: rows.get(about.head) ?? {} }));
}
