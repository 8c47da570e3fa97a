import { textNumber } from "../shared/ids";

/** Places for identities: 16 MB, whatever the history. */
const PLACES = 2 ** 22;

/**
 * Which identities belong together because events name them together: whatever happens to one of a family can matter to
 * the others, and to nobody else. Families play by themselves. Identities that share a place by chance only make a larger
 * family, so that memory is bounded and no answer is wrong.
 */
export class Families {
  /** @param parents for each place the place that stands for it; itself plus one, so that 0 is a place not seen */
  constructor(private readonly parents: Int32Array = new Int32Array(PLACES)) {}

  /** Families as they were packed. */
  static unpack(bytes: ArrayBuffer): Families {
    const families = new Families();
    const pairs = new Int32Array(bytes);
    for (let index = 0; index < pairs.length; index += 2) families.parents[pairs[index] ?? 0] = pairs[index + 1] ?? 0;
    return families;
  }

  /** Every place that was seen, with its parent. */
  pack(): ArrayBuffer {
    const pairs: number[] = [];
    for (let place = 0; place < this.parents.length; place++) {
      const parent = this.parents[place] ?? 0;
      if (parent !== 0) pairs.push(place, parent);
    }
    return Int32Array.from(pairs).buffer;
  }

  /** An event names these. Returns the place of the first; an event that names nobody has that of the empty name. */
  join([first = "", ...others]: readonly string[]): number {
    const place = this.placeOf(first);
    if (others.length === 0) return place;
    let root = this.rootOf(place);
    for (const other of others) {
      const joined = this.rootOf(this.placeOf(other));
      // The lower one stands for both, so that the order in which families are joined makes no difference.
      const low = Math.min(root, joined);
      this.parents[Math.max(root, joined)] = low + 1;
      root = low;
    }
    return place;
  }

  /** The place of an identity: always the same, whatever families there are. */
  placeOf(identity: string): number {
    return textNumber(identity) % this.parents.length;
  }

  /** The part, of so many, in which the family of a place plays. */
  partOf(place: number, parts: number): number {
    return (Math.imul(this.rootOf(place) + 1, 0x9e3779b1) >>> 0) % parts;
  }

  private rootOf(place: number): number {
    let root = place;
    for (let parent = this.parentOf(root); parent !== root; parent = this.parentOf(root)) root = parent;
    this.parents[place] = root + 1;
    return root;
  }

  private parentOf(place: number): number {
    return (this.parents[place] ?? 0) === 0 ? place : (this.parents[place] ?? 0) - 1;
  }
}
