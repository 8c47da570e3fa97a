import type { Names } from "../contacts/names";
import { provenEmails } from "../contacts/names";
import type { Services } from "../services";
import { gatherNames } from "./erase-names";
import { Subscriptions } from "./subscriptions";

interface Emptied {
  readonly contact: number;
  readonly names: string;
}

/** Everybody whom erasures that are under way have emptied, and who goes with them: the subscribers of their addresses. */
export class Leaving {
  private known = "";
  private contacts: readonly number[] = [];

  constructor(private readonly services: Services) {}

  /** As of now. Who goes along is looked up once for each that is under way. */
  async now(): Promise<readonly number[]> {
    const { DB } = this.services.env;
    const sql = "SELECT contact, names FROM erased_contacts ORDER BY contact";
    const { results } = await DB.prepare(sql).all<Emptied>();
    const emptied = results.map(({ contact }) => contact);
    const key = JSON.stringify(emptied);
    if (key === this.known) return this.contacts;
    const noted = results.map(({ names }) => JSON.parse(names) as Names);
    const addresses = emptied.length === 0 ? [] : provenEmails(await gatherNames(DB, emptied, noted));
    this.contacts = [...emptied, ...(await new Subscriptions(this.services).livingOf(addresses))];
    this.known = key;
    return this.contacts;
  }
}
