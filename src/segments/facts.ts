import type { Commerce } from "../commerce/slice";
import type { Profile } from "../contacts/profile";

/** What is known of a contact when something is decided about them. */
export interface Facts {
  /** Row of the contact. */
  readonly contact: number;
  readonly profile: Profile;
  readonly commerce: Commerce;
}
