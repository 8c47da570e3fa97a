import type * as z from "zod";
import type { ChangeKind } from "../commerce/change";
import type { Terms } from "../segments/compile";
import type { Facts, Shop } from "../segments/facts";
import type { Rule } from "../segments/rule";
import type { Language, Words } from "../shared/language";
import type { Opening } from "../shared/opening";
import type { StartDate } from "./start-date";
import type { Outcome, Run } from "./state";
import type { Stimulus } from "./stimulus";
import type { Where } from "./where";

/** What a block sees of the world. `at` is the logical time: the moment that the block was due, however late it runs. */
export interface BlockContext {
  readonly at: number;
  /** How far time has come: later than `at` by as much as the run was held up. Nothing is counted from it. */
  readonly now: number;
  readonly run: Run;
  /** The block's own name in the graph. */
  readonly block: string;
  readonly facts: Facts;
}

interface Go {
  readonly do: "go";
  readonly output: string;
}

interface Wait {
  readonly do: "wait";
  readonly until: number;
}

/** What a block does with a run. */
export type Step =
  | Go
  | Wait
  | { readonly do: "send"; readonly channel: string; readonly content: string; readonly output: string }
  /** Something that is done to the contact or outside; the run goes on at once, or waits to hear what came of it. */
  | { readonly do: "act"; readonly act: Act; readonly after: Go | Wait }
  | { readonly do: "exit"; readonly outcome: Outcome; readonly reason: string };

/** Something other than a message that a run wants done: its kind, and what whoever does it needs to know. Plain JSON. */
export interface Act {
  readonly kind: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** What tells it from another of the same passage, where a block has something done again and again. */
  readonly turn?: number;
}

/** When a scenario begins for a contact. Exactly one start block has one of these. */
export type Trigger =
  | {
      readonly kind: "event";
      readonly event: string;
      readonly where?: Where | undefined;
      /** The property that makes a run unique, such as an order's number; else each event is its own. */
      readonly key?: string | undefined;
    }
  | { readonly kind: "abandoned_cart"; readonly durationMs: number; readonly movedBy: "any_event" | "cart_events" }
  | { readonly kind: "targeting"; readonly everyMs: number }
  /** A date of the contact falls. */
  | { readonly kind: "date"; readonly date: StartDate }
  /** The contact moves within a family of segments; `undefined` is any place, `null` none of its segments. */
  | {
      readonly kind: "segment";
      readonly family: string;
      readonly from: string | null | undefined;
      readonly to: string | null | undefined;
    }
  /** A consent or a topic, any of those listed, is given or taken back. */
  | { readonly kind: "subscription"; readonly to: readonly string[]; readonly on: "granted" | "withdrawn" }
  /** A row of a table is told of: once for each row, or each time. */
  | { readonly kind: "row"; readonly table: string; readonly once: boolean; readonly where?: Where | undefined }
  /** Nothing that happens: somebody lets a contact in through the API, or another scenario does. */
  | { readonly kind: "api" }
  | { readonly kind: "called" }
  /** Something changes in the catalogue: whoever cares for the product enters. */
  | {
      readonly kind: "catalogue";
      readonly change: ChangeKind;
      readonly audience: Audience;
      /** Smallest change of a price, in percent of what it was. */
      readonly leastPercent: number;
      /** How long ago somebody may have shown that they care. */
      readonly withinMs: number;
      /** So many come in at a time for each piece that is in stock then; left out, all at once. */
      readonly waves?: { readonly perUnit: number; readonly everyMs: number } | undefined;
    };

/** Why somebody cares for a product: it is on their wishlist, in their open cart, or they looked at it. */
export const AUDIENCES = ["wishlist", "cart", "viewed"] as const;
export type Audience = (typeof AUDIENCES)[number];

/** An event that a block brings about, and what is known beforehand of what that says. */
export interface Emitted {
  readonly event: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** It says more, which only a run knows, or of these properties alone: whatever is asked of that may hold. */
  readonly andMore?: true | readonly string[];
}

/** What lint needs to know of a block without running it. */
export interface BlockTraits {
  /** Names of the blocks that the parameters speak of. */
  readonly refersTo?: readonly string[];
  /** The messages of which it sends one. */
  readonly sends?: readonly { readonly channel: string; readonly content: string }[];
  readonly waits?: boolean;
  /** Ways out that it may take at once, though it waits: what it waits for may have come before. */
  readonly atOnce?: readonly string[];
  /** The days and hours that it waits for. */
  readonly opens?: Opening & { readonly skipsHolidays: boolean };
  /** Names of events that it listens for, or counts while a run goes on. */
  readonly listensFor?: readonly string[];
  /** It waits for a message to be read, which a visit says of whom nothing else may. */
  readonly hearsVisits?: boolean;
  /** The event that it emits, and the scenario that it starts: what may come round to where it began. */
  readonly emits?: Emitted;
  readonly starts?: string;
  /** The address that it calls, by the parameter that holds it. */
  readonly calls?: { readonly param: string; readonly url: string };
  /** The offer whose coupons it issues. */
  readonly offer?: string;
  /** The table whose rows it hears of. */
  readonly table?: string;
  /** It looks at prices or stock as they are at that moment. */
  readonly looks?: true;
  /** The rules that it tests of whoever comes to it. */
  readonly asks?: readonly Rule[];
  /** One of its ways out is to win, by figures: until then they are drawn. Decided, its parameter `winner` names it. */
  readonly contest?: Contest;
}

/** How it is found which way out of a block wins. */
export interface Contest {
  readonly arms: readonly string[];
  /** What a run is to have reached: the scenario's goal, or a click in a message behind the block. */
  readonly figure: "goal" | "clicked";
  /** Runs of each arm that must be over before their figures are compared; null where only time decides. */
  readonly leastRuns: number | null;
  /** How long after the version's first run the better one wins anyway; null for never. */
  readonly afterMs: number | null;
}

/** One kind of block. Adding one is a file here and a line in the catalog. */
export interface BlockDefinition<Params> {
  readonly category: "start" | "filter" | "wait" | "action" | "exit";
  readonly title: Words;
  /** One emoji-free letter or sign that stands for it in the console. */
  readonly icon: string;
  readonly params: z.ZodType<Params>;
  /** Names of the ways out. Some blocks have as many as their parameters say. */
  readonly outputs: readonly string[] | ((params: Params) => readonly string[]);
  /** The ways out in words, by their names, where common ones (`way-words.ts`) do not say it. */
  readonly ways?: (params: Params, language: Language, terms?: Terms) => Readonly<Record<string, string>>;
  readonly example: Params;
  /** One sentence of what it does with these parameters. */
  readonly describe: (params: Params, language: Language, terms?: Terms) => string;
  readonly traits: (params: Params) => BlockTraits;
  /** Start blocks only. */
  readonly trigger?: (params: Params) => Trigger;
  /** The run comes to the block. */
  readonly enter: (params: Params, context: BlockContext) => Step;
  /** The wait has run out. */
  readonly due?: (params: Params, context: BlockContext) => Step;
  /** Something happened while the run waits here; null to go on waiting. */
  readonly hear?: (params: Params, context: BlockContext, stimulus: Stimulus) => Step | null;
  /** Whether this counts for the block, wherever in the scenario the run is; see `Run.counts`. */
  readonly counts?: (params: Params, stimulus: Stimulus, shop: Shop) => boolean;
}

/** Keeps a definition's own parameter type inside the catalog. */
export function block<Schema extends z.ZodType>(
  definition: BlockDefinition<z.output<Schema>> & { readonly params: Schema },
): BlockDefinition<unknown> {
  return definition as BlockDefinition<unknown>;
}
