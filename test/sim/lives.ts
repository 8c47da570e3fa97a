import type { LedgerEvent } from "../../src/events/event";
import { eraseDue } from "../../src/services/erase";
import { beginErasure } from "../../src/services/erase-begin";
import { keepPrivacy } from "../../src/services/keep";
import { DAY } from "../../src/shared/clock";
import { PlainAccounts } from "../support/plain-accounts";
import type { Told } from "./deeds";
import { browserOf, DEED_NAMES, DEEDS, keysOf, track } from "./deeds";
import type { System } from "./system";
import type { Timeline } from "./timeline";

/** How long a change waits for its order (`waiting_changes` in the catalog of what is stored). */
const WAITS_FOR = 90 * DAY;

/** Somebody who was erased, and the identities by which they had been known. */
interface Gone {
  readonly mark: string;
  readonly keys: readonly string[];
  readonly since: number;
  readonly owners: readonly number[];
}

/** How long some contacts were one person. */
interface Union {
  readonly merge: string;
  readonly members: ReadonlySet<number>;
  readonly from: number;
  until: number;
}

interface Stated {
  readonly email: string | null;
  readonly phone: string | null;
  readonly consents: Readonly<Record<string, string>>;
}

/** People whose histories are lived one deed after the other, with the plainest ledgers of what must come of them. */
export class Lives {
  readonly gone: Gone[] = [];
  readonly erased = new Set<number>();
  private readonly refused = new Set<string>();
  /** Promises of a single deed that were broken. */
  readonly faults: string[] = [];
  readonly plain = new PlainAccounts((contact) => this.head(contact));
  private readonly people = ["zqann0z", "zqbob0z", "zqcem0z"];
  /** Whom the words of somebody came to. */
  private readonly spoken = new Map<string, number[]>();
  private readonly past: LedgerEvent[] = [];
  private readonly unions: Union[] = [];
  private sent = 0;

  constructor(
    private readonly timeline: Timeline,
    private readonly system: System,
  ) {}

  /** Does so many things, one after the other. */
  async live(deeds: number): Promise<void> {
    for (let left = deeds; left > 0; left--) {
      const name = this.pick(DEED_NAMES);
      await this.timeline.sleep(Math.floor(this.timeline.random() * 6) * 250);
      if (await DEEDS[name]?.[1](this, this.pick(this.people))) this.timeline.count(`did ${name}`);
    }
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.timeline.random() * from.length)] as T;
  }

  chance(probability: number): boolean {
    return this.timeline.random() < probability;
  }

  /** Hands an event in until it is taken, and applied. */
  async give(told: Told, who = ""): Promise<boolean> {
    const id = `told-${++this.sent}`;
    const event = { id, type: "track", name: "", at: this.timeline.now, trust: "secret", ...told } as LedgerEvent;
    this.timeline.count("told", JSON.stringify(event));
    await this.append(event);
    this.past.push(event);
    const reached = keysOf(who).flatMap((key) => this.contact(key) ?? []);
    this.spoken.set(who, [...(this.spoken.get(who) ?? []), ...reached.map((contact) => this.head(contact))]);
    return true;
  }

  async order(who: string): Promise<boolean> {
    const [id, total] = [`${who}-o${this.pick([1, 2])}`, this.number(50)];
    const at = this.timeline.now;
    const products = [{ product_id: who, name: who, price: total, quantity: 1 }];
    // An order is known as its first owner's until the erasure under way has come to its row.
    const rows = this.rows<{ contact: number }>("SELECT contact FROM orders WHERE order_id = ?1", id);
    const isGoing = rows.some(({ contact }) => this.erased.has(contact));
    const waits = "SELECT 1 FROM waiting_changes WHERE order_id = ?1 AND at = ?2";
    this.plain.lapse(at - WAITS_FOR, (order, since) => this.rows(waits, order, since).length > 0);
    await this.give({ ...track(who, "Order Completed", { order_id: id, total, products }), at }, who);
    if (!isGoing) this.plain.order(this.headOf(`u:${who}`), id, total, at);
    return true;
  }

  async giveBack(who: string, name: string): Promise<boolean> {
    const [id, total] = [`${who}-o${this.pick([1, 2])}`, this.number(30)];
    const isRefund = name === "Order Refunded";
    const at = this.timeline.now;
    await this.give({ ...track(who, name, { order_id: id, ...(isRefund && { total }) }), at }, who);
    const isKnown = this.plain.orders.has(id);
    this.plain.giveBack(id, isRefund ? total : null, at);
    // Whether it was taken at all depends on who was erased: the row says so.
    const waits = "SELECT contact FROM waiting_changes WHERE order_id = ?1 AND id = ?2";
    for (const { contact } of this.rows<{ contact: number }>(waits, id, `told-${this.sent}`)) {
      this.plain.await(contact, id, isRefund ? total : null, at);
    }
    return isKnown;
  }

  async points(who: string, name: string): Promise<boolean> {
    const [points, at] = [this.number(30), this.timeline.now];
    await this.give({ ...track(who, name, { points, reason: who }), at }, who);
    const head = this.headOf(`u:${who}`);
    if (name === "Points Earned") this.plain.earn(head, `earn.told-${this.sent}`, points, at);
    else this.plain.spend(head, points, at);
    return true;
  }

  async merge(who: string): Promise<boolean> {
    const [loser, contact] = [this.contact(`u:${who}`), this.contact(`u:${this.pick(this.people)}`)];
    if (loser === null || contact === null) return false;
    const before = this.merges().length;
    const from = this.timeline.now;
    const [own, theirs] = [this.stated(this.head(contact)), this.stated(loser)];
    await this.give({ type: "internal", name: "contact.merged", trust: "internal", contact, properties: { loser } });
    if (this.merges().length === before) return false;
    const merge = this.merges().at(-1)?.id ?? "";
    this.unions.push({ merge, members: this.family(contact), from, until: Number.POSITIVE_INFINITY });
    const after = this.stated(this.head(contact));
    const widened = (["email", "sms"] as const).filter((key) => {
      const address = key === "email" ? own?.email : own?.phone;
      const isTheirs = address === null || address === (key === "email" ? theirs?.email : theirs?.phone);
      return after?.consents[key] === "granted" && own?.consents[key] !== "granted" && !isTheirs;
    });
    const lifted = Object.entries(own?.consents ?? {}).filter(([key, state]) => {
      return state === "withdrawn" && after?.consents[key] !== "withdrawn";
    });
    if (widened.length + lifted.length > 0) this.faults.push(`the merge of ${loser} widened what ${contact} agreed to`);
    return true;
  }

  async undo(): Promise<boolean> {
    const merges = this.merges();
    if (merges.length === 0) return false;
    // Mostly the latest: the others may hold it.
    const merge = this.chance(0.7) ? merges.at(-1) : undefined;
    const { id, winner: contact, loser, seq, taken } = merge ?? this.pick(merges);
    const properties = { merge: id, loser, seq, taken: JSON.parse(taken) as unknown };
    // Under one id for each merge, as the API asks for it.
    const told = { id: `undo-${id}`, type: "internal", trust: "internal", contact, properties } as const;
    await this.give({ ...told, name: "contact.unmerged" });
    const isUndone = this.merges().length < merges.length;
    const union = isUndone && this.unions.find((one) => one.merge === id);
    if (union) union.until = this.timeline.now;
    const isFree = id === merges.at(-1)?.id && !this.erased.has(contact) && !this.erased.has(loser);
    // What was refused once, as a later merge held it, is not done by a repeat.
    if (isFree && !isUndone && !this.refused.has(id)) this.faults.push(`the undo of ${id} was refused`);
    if (!isUndone) this.refused.add(id);
    return isUndone;
  }

  /** Asks for it as the API does, and carries it out as far as that goes. */
  async erase(who: string): Promise<boolean> {
    const contact = keysOf(who).flatMap((key) => this.contact(key) ?? [])[0];
    if (contact === undefined) return false;
    const family = this.family(contact);
    if (family.size > 1) this.timeline.count("did erase a family");
    const ask = () => {
      const at = this.timeline.now;
      return this.system.attempt("asking for erasure", async (services) => {
        await beginErasure(services, contact, at);
        return true;
      });
    };
    while (!(await ask())) await this.timeline.sleep(250);
    await this.settle();
    this.bury(family);
    for (let tries = this.number(3); tries > 0; tries--) await this.eraseOn();
    return true;
  }

  /** Somebody who was erased is told of once more, or comes back by an old browser. */
  async late(): Promise<boolean> {
    if (this.gone.length === 0) return false;
    const { mark, keys, since } = this.pick(this.gone);
    const key = this.pick(keys);
    const order = { order_id: `${mark}-late`, total: 5 };
    const told: Told[] = {
      u: [
        { type: "identify", trust: "import", user: mark, traits: { firstName: mark } } as const,
        { type: "identify", user: mark, traits: { note: mark } } as const,
        { ...track(mark, "Order Completed", order), at: since - DAY },
        track(mark, "Order Refunded", order),
      ],
      e: [{ type: "identify", trust: "import", traits: { email: `${mark}@shop.test`, firstName: mark } } as const],
      a: [{ type: "page", trust: "write", anon: browserOf(mark), properties: { path: mark } } as const],
    }[key[0] as "u" | "e" | "a"];
    return this.give(this.pick(told));
  }

  async repeat(): Promise<boolean> {
    if (this.past.length === 0) return false;
    await this.append(this.pick(this.past));
    return true;
  }

  async sweep(): Promise<boolean> {
    await this.system.sweep();
    await this.eraseOn();
    return true;
  }

  /** Two months pass: the journal moves into the archive, and points run out. */
  async age(): Promise<boolean> {
    this.timeline.now += 61 * DAY;
    await this.system.attempt("retention", keepPrivacy);
    return true;
  }

  /** Where a contact is written to, and what the contact said to that. */
  private stated(contact: number): Stated | undefined {
    const sql = "SELECT email, phone, consents FROM contacts WHERE id = ?1";
    const row = this.rows<{ email: string | null; phone: string | null; consents: string }>(sql, contact)[0];
    if (!row) return undefined;
    const words = Object.entries(JSON.parse(row.consents) as Record<string, { state: string }>);
    return { ...row, consents: Object.fromEntries(words.map(([key, { state }]) => [key, state])) };
  }

  /** Whether a contact was one person with one of others at a time, as far as anybody knew. */
  wereOne(contact: number, others: readonly number[], at: number): boolean {
    return this.unions.some(({ members, from, until }) => {
      return from <= at && at <= until && members.has(contact) && others.some((other) => members.has(other));
    });
  }

  private async eraseOn(): Promise<void> {
    const { process } = this.timeline;
    const checkpoint = async (step: string): Promise<void> => this.timeline.count(`erasure ${step}`);
    await this.system.attempt("erasure", (services) => eraseDue(services, checkpoint));
    if (this.timeline.process !== process) this.timeline.count("crash of an erasure");
  }

  private async append(event: LedgerEvent): Promise<void> {
    while ((await this.system.append([event]))?.status !== "stored") await this.timeline.sleep(250);
    await this.settle();
    if (!this.timeline.chance(0.1)) return;
    // The client never heard the answer.
    this.timeline.after(this.timeline.random() * 3_000, () => void this.system.append([event]), null);
  }

  /** What was stored beside the ledger is taken in before the next deed: the plain ledgers go by that order. */
  private async settle(): Promise<void> {
    while (this.rows("SELECT 1 FROM side_journal").length > 0) {
      await this.system.attempt("ledger's sweep", (services) => services.ledger.sweep());
      await this.timeline.sleep(250);
    }
  }

  private bury(family: ReadonlySet<number>): void {
    for (const id of family) this.erased.add(id);
    this.plain.forget(family);
    for (const [place, mark] of this.people.entries()) {
      const known = keysOf(mark).filter((key) => this.contact(key) !== null);
      const owners = known.flatMap((key) => this.contact(key) ?? []);
      if (!owners.some((contact) => this.erased.has(contact))) continue;
      // What was said of them while they were merged is the other's, also after the merge was undone.
      const reached = [...owners, ...(this.spoken.get(mark) ?? [])];
      if (reached.every((contact) => this.erased.has(contact)))
        this.gone.push({ mark, keys: known, since: this.timeline.now, owners });
      else this.timeline.count("erased in part");
      this.people[place] = mark.replace(/\d+/, (age) => String(Number(age) + 1));
    }
  }

  private family(contact: number): Set<number> {
    const all = this.rows<{ id: number }>("SELECT id FROM contacts").map(({ id }) => id);
    return new Set(all.filter((id) => this.head(id) === this.head(contact) && !this.erased.has(id)));
  }

  private merges(): { id: string; winner: number; loser: number; seq: number; taken: string }[] {
    return this.rows("SELECT id, winner, loser, seq, taken FROM merges WHERE undone_at IS NULL ORDER BY seq");
  }

  private number(most: number): number {
    return 1 + Math.floor(this.timeline.random() * most);
  }

  private contact(identity: string): number | null {
    const sql = "SELECT contact FROM identities WHERE identity = ?1";
    return this.rows<{ contact: number }>(sql, identity)[0]?.contact ?? null;
  }

  private headOf(identity: string): number {
    return this.head(this.contact(identity) ?? 0);
  }

  /** Whoever stands for a contact by now. */
  head(contact: number): number {
    const sql = 'SELECT merged_into AS "into" FROM contacts WHERE id = ?1';
    const into = this.rows<{ into: number | null }>(sql, contact)[0]?.into ?? null;
    return into === null ? contact : this.head(into);
  }

  private rows<Row>(sql: string, ...values: unknown[]): Row[] {
    return this.system.database.all<Row>(sql, values);
  }
}
