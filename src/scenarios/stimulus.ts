import { starOf } from "../contacts/star/slice";
import type { ApplyContext, Happening, Projection } from "../events/projection";
import { SEGMENT_CHANGED } from "../segments/transition";
import { ACTED, EMITTED, settleAct } from "./acted";
import { AUDIENCE_CHANGED, changeAudience } from "./audience";
import type { Signal } from "./signal";
import type { Run } from "./state";
import { closeTask, TASK_DONE } from "./task";

/** Everything that a contact's scenarios can be told. The projections make them, the engine reads them. */
export type Stimulus =
  /** The open cart changed, or came along with a visitor who became known. `seenAt`: last activity of any kind. */
  | { readonly type: "cart"; readonly at: number; readonly seenAt: number; readonly cart: string }
  | { readonly type: "activity"; readonly at: number }
  /** Somebody came to the shop. */
  | { readonly type: "visit"; readonly at: number }
  | { readonly type: "emptied"; readonly at: number; readonly cart: string }
  | {
      readonly type: "order";
      readonly at: number;
      readonly order: string;
      readonly cart: string | null;
      readonly inCart: boolean;
    }
  | { readonly type: "order_changed"; readonly at: number; readonly order: string; readonly status: string }
  /** The contact was emptied: nothing of it goes on. */
  | { readonly type: "erased"; readonly at: number }
  | { readonly type: "withdrawal"; readonly at: number; readonly key: string }
  | { readonly type: "identified"; readonly at: number }
  | {
      readonly type: "event";
      readonly at: number;
      readonly id: string;
      readonly name: string;
      readonly properties?: Readonly<Record<string, unknown>>;
      /** Somebody's browser says so of an order: it ends what it ends, and begins nothing. */
      readonly claimed?: true;
    }
  /** What a run had done is done, or cannot be: `result` says how it went, `told` what the run is to remember of it. */
  | {
      readonly type: "acted";
      readonly at: number;
      readonly act: string;
      readonly result: string;
      readonly told?: NonNullable<Run["about"]>;
    }
  | { readonly type: "message"; readonly at: number; readonly send: string; readonly signal: Signal }
  /** What looked like a person's reactions to a message between two moments was a machine's. */
  | {
      readonly type: "disowned";
      readonly at: number;
      readonly send: string;
      readonly from: number;
      readonly until: number;
    }
  /** The contact moved within a family of segments; null is none of them. */
  | {
      readonly type: "segment";
      readonly at: number;
      readonly family: string;
      readonly from: string | null;
      readonly to: string | null;
    }
  /** A consent was given or taken back, a topic joined or left: `to` names it. `since`: when that was said. */
  | {
      readonly type: "subscription";
      readonly at: number;
      readonly to: string;
      readonly on: "granted" | "withdrawn";
      readonly since: number;
    }
  /** A row of a table of the star, or of the shop's own, was told of; `values` by column, as the API shows them. */
  | {
      readonly type: "row";
      readonly at: number;
      readonly table: string;
      readonly id: string;
      readonly values: Readonly<Record<string, unknown>>;
    }
  | {
      readonly type: "enter";
      readonly at: number;
      readonly scenario: string;
      readonly key: string;
      /** What the run is about, where another one began it. */
      readonly about?: NonNullable<Run["about"]>;
      /** The cart that it is about, and when that was last touched (epoch ms), where somebody is let in late. */
      readonly cart?: { readonly id: string; readonly at: number };
    };

/** A happening as the engine's own type: happenings travel as plain JSON. */
export function asStimulus(happening: Happening): Stimulus {
  return happening as unknown as Stimulus;
}

/** That what looked like a person's clicks were none. */
export const DISOWNED = "message.disowned";

/** Internal events that speak to scenarios. Of rows they change only what says that something was done. */
export const stimulusProjection: Projection<null> = {
  empty: () => null,
  copy: () => null,
  absorb: () => undefined,
  apply(_slice, context: ApplyContext) {
    const { event, happen } = context;
    // The first event of it: whoever goes on looking around has come before.
    if (event.type !== "internal" && starOf(context.record)?.visit?.start === event.at)
      happen({ type: "visit", at: event.at });
    if (event.type !== "internal") return;
    const { send, scenario, key, about, cart, family, from, to, until, act, result, told } = event.properties ?? {};
    if (event.name === "message.opened") happen({ type: "message", at: event.at, send, signal: "opened" });
    if (event.name === "message.clicked") happen({ type: "message", at: event.at, send, signal: "clicked" });
    if (event.name === DISOWNED) happen({ type: "disowned", at: event.at, send, from, until });
    if (event.name === SEGMENT_CHANGED) happen({ type: "segment", at: event.at, family, from, to });
    if (event.name === ACTED) {
      settleAct(context);
      happen({ type: "acted", at: event.at, act, result, ...(told !== undefined && { told }) });
    }
    if (event.name === AUDIENCE_CHANGED) changeAudience(context);
    if (event.name === TASK_DONE) closeTask(context);
    if (event.name === EMITTED) {
      const { name, properties } = event.properties ?? {};
      happen({ type: "event", at: event.at, id: event.id, name, properties });
    }
    if (event.name === "scenario.enter")
      happen({
        type: "enter",
        at: event.at,
        scenario,
        key,
        ...(about !== undefined && { about }),
        ...(cart !== undefined && { cart }),
      });
  },
};
