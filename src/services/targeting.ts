import type { Read } from "../segments/condition";
import type { Facts } from "../segments/facts";
import type { Rule } from "../segments/rule";
import { readsOf } from "../segments/rule";
import { loadRows } from "../segments/target-store";
import type { Services } from "../services";
import { factsWithHeads } from "./records";

type Sources = Pick<Services, "env" | "clock" | "terms">;

/** Facts with the rows that rules ask for, in the same order. Where no rule asks for any, nothing is read. */
export async function withRows<Known extends Facts | null>(
  { env, clock, terms }: Sources,
  facts: readonly Known[],
  reads: readonly Read[],
): Promise<readonly Known[]> {
  if (reads.length === 0) return facts;
  const heads = [...new Set(facts.flatMap((about) => about?.head ?? []))];
  const rows = await loadRows(env.DB, heads, reads, clock.now(), terms);
  return facts.map((about) => about && { ...about, rows: rows.get(about.head) ?? {} });
}

/** All that a rule asks about contacts, out of the database. Contacts that are not there are left out. */
export async function factsFor(services: Sources, contacts: readonly number[], rule: Rule): Promise<readonly Facts[]> {
  const { env, terms } = services;
  const facts = await factsWithHeads(env.DB, contacts, () => undefined, terms.shop);
  return withRows(services, facts, readsOf(rule, terms));
}
