import type { Terms } from "../../segments/compile";
import type { Family } from "../../segments/family";
import type { SegmentDefinition } from "../../segments/segment";
import type { Words } from "../../shared/language";

/** What families are read from. */
export interface FamilySource {
  readonly env: { readonly DB: D1Database };
  readonly terms: Terms;
  readonly tables: { readonly read: () => Promise<unknown> };
}

/** One segment of a family. */
export interface FamilyPart {
  readonly key: string;
  readonly name: string;
  /** The same in every language, where the product named it. */
  readonly words?: Words;
}

/** A family that the product makes itself, over rows that it keeps. */
export interface OwnFamily extends Family {
  readonly name: string;
  readonly words?: Words;
  readonly parts: readonly FamilyPart[];
  /** What a shop defined, and when. */
  readonly definition?: SegmentDefinition;
  readonly createdAt?: number;
  readonly updatedAt?: number;
  /**
   * Brings the rows that it is computed from up to date, for some contacts or (null) for all, and tells who else may
   * have moved by it. It can be run twice.
   */
  readonly refresh?: (at: number, contacts: readonly number[] | null) => Promise<readonly number[]>;
}
