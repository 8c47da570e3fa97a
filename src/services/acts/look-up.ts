import { readShelves } from "../../commerce/shelf-store";
import { answerLook, productsOf } from "../../scenarios/look-up";
import type { Performer } from "./performer";

/** A look at prices and stock as they are now: it changes nothing. */
export const lookUp: Performer = {
  async perform({ env }, { details }, _subject, now) {
    const shelves = await readShelves(env.DB, productsOf(details), now);
    return { end: "done", result: answerLook(details, (product) => shelves.get(product) ?? []) };
  },
};
