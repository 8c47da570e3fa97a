import { attempt, type Browser } from "./environment";
import type { Purpose } from "./sources";

const PREFIX = "relance.";

type Place = "localStorage" | "sessionStorage";
/** `visitor`: who this browser is. `queue`: the events that the server has not confirmed. */
export type Kept = "visitor" | "queue";

export interface Keep {
  /** The visitor's answer on tracking; `undefined` while there is none. */
  tracking(): boolean | undefined;
  /** The visitor's answer on a purpose. */
  choice(purpose: Purpose): boolean | undefined;
  /** `undefined` takes the answer back: the next person at this device has given none. */
  choose(purpose: Purpose, allowed: boolean | undefined): void;
  /** Every stored copy, the one that counts first. */
  read(name: Kept): string[];
  write(name: Kept, value: string): void;
}

/**
 * The consent rule of storage. Without a yes to tracking, what would recognise this browser lives in
 * sessionStorage and ends with the visit; with it, in localStorage. The answer itself is always kept:
 * remembering a "no" is what the visitor asked for. Where storage is blocked or full, memory serves for the
 * length of the page.
 */
export function createKeep(browser: Browser): Keep {
  const memory: { [key: string]: string | null } = {};

  const get = (place: Place, key: string) => attempt(() => browser[place].getItem(key), null);
  const remove = (place: Place, key: string) => attempt(() => browser[place].removeItem(key), undefined);

  function put(place: Place, key: string, value: string): void {
    memory[key] = attempt(() => {
      browser[place].setItem(key, value);
      return null;
    }, value);
  }

  function choice(purpose: Purpose): boolean | undefined {
    const kept = memory[PREFIX + purpose] ?? get("localStorage", PREFIX + purpose);
    return kept ? kept === "1" : undefined;
  }

  const tracking = () => choice("tracking");

  function places(): [home: Place, other: Place] {
    return tracking() ? ["localStorage", "sessionStorage"] : ["sessionStorage", "localStorage"];
  }

  return {
    tracking,
    choice,
    choose(purpose, allowed) {
      const key = PREFIX + purpose;
      if (allowed !== undefined) return put("localStorage", key, allowed ? "1" : "0");
      memory[key] = null;
      remove("localStorage", key);
    },
    read(name) {
      const key = PREFIX + name;
      const copies = memory[key] ? [memory[key]] : places().map((place) => get(place, key));
      return copies.filter((copy) => copy !== null);
    },
    write(name, value) {
      const key = PREFIX + name;
      const [home, other] = places();
      put(home, key, value);
      remove(other, key);
    },
  };
}
