import type { Layout } from "./cut";
import type { Attestation } from "./kind";
import type { Mapping } from "./mapping";

/** How a file is to be read: told when the import is opened, and learned on the way. */
export interface Plan {
  readonly attested: Attestation | null;
  readonly mapping: Mapping | null;
  /** How it was asked for, and the fingerprint of that and the file: a repeat under the same key says the same. */
  readonly asked?: string;
  readonly fingerprint?: string;
  /** Known once the file's beginning was looked at; `from` is where the text behind the header begins. */
  readonly layout?: Layout;
  readonly from?: { readonly line: number; readonly characters: number };
  /** Known once the file is cut. */
  readonly pieces?: number;
  readonly characters?: number;
  /** Why the file breaks off. */
  readonly fault?: string;
}

/**
 * What is to be done next. `counted`: what the step comes to was noted, so whoever repeats it must not count it again.
 */
export type Step =
  /** Parts are coming, or the request that brings the file is at work. */
  | { readonly phase: "upload" }
  | { readonly phase: "cut"; readonly line: number; readonly characters: number; readonly pieces: number }
  /** `row` records of the piece are behind us. */
  | { readonly phase: "read"; readonly piece: number; readonly row: number }
  | { readonly phase: "orders"; readonly bucket: number; readonly counted: boolean }
  | { readonly phase: "refunds"; readonly bucket: number; readonly counted: boolean }
  /** Only files are left, to be deleted. */
  | { readonly phase: "clean" };

/** About so many characters of lines make a bucket: as much as a step holds in memory. */
const BUCKET = 4_000_000;
const MOST_BUCKETS = 500;

/** Among how many buckets the orders of a file are spread; those of its customers among as many again. */
export function bucketsOf({ characters = 0 }: Plan): number {
  return Math.min(MOST_BUCKETS, Math.max(1, Math.ceil(characters / BUCKET)));
}
