import type { Commerce } from "../commerce/slice";
import type { Profile } from "../contacts/profile";

/** What of the shop itself rules go by. */
export interface Shop {
  /** IANA zone of its local days. */
  readonly zone: string;
  /** Its own currency: money of another one counts at the rate of its date, and in no sum where none is known. */
  readonly currency: string;
}

/** One value of a row: booleans are 1 and 0, times epoch ms, money minor units. */
export type Cell = string | number | null;

/** One row of a collection, by the names of its fields. */
export type Row = Readonly<Record<string, Cell>>;

/** What is known of a contact when something is decided about them. */
export interface Facts {
  /** Row of the contact. */
  readonly contact: number;
  /** Whoever stands for the contact by now: the contact, unless another one took it over. */
  readonly head: number;
  /** Corrected time of the latest event, epoch ms. */
  readonly seenAt: number;
  readonly profile: Profile;
  readonly commerce: Commerce;
  readonly shop: Shop;
  /** Rows that were read because a rule asks for them, by collection: see `readsOf`. */
  readonly rows?: Readonly<Record<string, readonly Row[]>>;
}
