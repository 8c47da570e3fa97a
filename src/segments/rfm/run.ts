import type { Cause } from "../transition";
import type { RfmDefinition } from "./definition";
import type { MatrixRow } from "./matrix";
import type { Rulers } from "./rulers";

/** The key of the family of segments that scores come to. */
export const RFM_FAMILY = "rfm";

/** Live scores are what segments follow; a past run answers somebody's question and nothing else. */
export type RunKind = "live" | "past";

/** What scores were computed with. Moments are epoch ms. */
export interface Basis {
  readonly asOf: number;
  /** The shop-local day of `asOf`. */
  readonly day: string;
  readonly definition: RfmDefinition;
  /** The definition and everything else that a change of is nobody's own: another text means other rules. */
  readonly rules: string;
  /** The same with all exchange rates: another text asks for another run, though not for another reason. */
  readonly stated: string;
}

/** A run that came to its end. */
export interface DoneRun extends Basis {
  readonly rulers: Rulers;
  /** Names of segments by their keys, best first. */
  readonly names: Readonly<Record<string, string>>;
  /** When contacts were last looked at, by this run or by one over those who changed. */
  readonly lookedAt: number;
}

/** The steps of a run, in their order. Each can be repeated at any point. */
export const STEPS = ["figures", "rulers", "scores", "history"] as const;

/** A run under way. */
export interface OpenRun extends Basis {
  /** The moment by which it knows what it changed. */
  readonly now: number;
  readonly since: number;
  readonly because: Extract<Cause, "first" | "rule"> | null;
  readonly step: (typeof STEPS)[number];
  /** Contacts up to this row have passed the step. */
  readonly after: number;
  /** The bounds before, and those that this run made. */
  readonly before: Rulers | null;
  readonly rulers: Rulers | null;
  /** What everybody comes to by them. */
  readonly matrix: readonly MatrixRow[] | null;
  /** Another run had not come to its end, and may have scored some by bounds that were never in force. */
  readonly settled: boolean;
}
