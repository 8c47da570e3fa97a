import { normaliseEmail } from "../../contacts/address";
import type { LedgerEvent } from "../../events/event";
import type { Cells } from "./cells";

/** Whom a line is about, by the shop's own id, an address, or both; neither where it names nobody. */
export function personOf(cells: Cells): Pick<LedgerEvent, "user" | "email"> {
  const user = cells.text("external_id", 255);
  const stated = cells.text("email");
  const email = normaliseEmail(stated);
  if (stated !== null && email === null) cells.warnings.push("email is not an address and was left out");
  return { ...(user !== null && { user }), ...(email !== null && { email }) };
}

/** As `personOf`; a line that names nobody is refused. */
export function namedPerson(cells: Cells): Pick<LedgerEvent, "user" | "email"> {
  const person = personOf(cells);
  if (person.user === undefined && person.email === undefined)
    cells.refuse("has neither external_id nor an email address");
  return person;
}
