import type { Attempt } from "../decisions/caps";
import { runOver } from "../decisions/gate";
import type { Answered, Ask, Asking } from "./ask";
import { askGate, intentOf, runOf } from "./ask";
import type { ScenarioDefinition } from "./definition";
import type { Effect } from "./effect";
import type { ContactState, HeldSend, Run } from "./state";
import { broughtBy, saidTo } from "./state";

/** What a contact's messages go by. */
interface Around extends Asking {
  readonly definitionOf: (by: Run | HeldSend) => ScenarioDefinition | undefined;
}

/** A contact's messages on their way to the gate: what came up, what it put off, and what it let through. */
export class Outgoing {
  private kept: readonly HeldSend[];
  private attempts: readonly Attempt[];
  /** What came up together, until the gate is asked about all of it. */
  private asks: readonly Ask[] = [];

  constructor(
    { held, sent = [] }: Pick<ContactState, "held" | "sent">,
    private readonly around: Around,
  ) {
    this.kept = held;
    this.attempts = sent;
  }

  get held(): readonly HeldSend[] {
    return this.kept;
  }

  get sent(): readonly Attempt[] {
    return this.attempts;
  }

  want(ask: Ask): void {
    this.asks = [...this.asks, ask];
  }

  /** What was held is asked about again, together with what else comes up. */
  wantAgain(held: HeldSend, place: number): readonly Effect[] {
    this.kept = this.kept.filter((other) => other !== held);
    const definition = this.around.definitionOf(held);
    if (definition) this.want({ by: held, definition, wanted: held, plannedAt: held.plannedAt, place });
    const { run, askAt: at, origin } = held;
    return definition ? [] : [{ kind: "stopped", run, at, reason: "version_gone", origin }];
  }

  /** Asks the gate about all that came up: whichever is worth most goes first. */
  settle(): readonly Answered[] {
    if (this.asks.length === 0) return [];
    const { answers, sent } = askGate(this.asks, this.attempts, this.around);
    this.asks = [];
    this.attempts = sent;
    for (const answer of answers) this.keep(answer);
    return answers;
  }

  /** What was put off, or was to be asked about, of a run that is over: nothing of it leaves, and that is said. */
  drop(run: string): readonly Effect[] {
    const isOf = (by: Run | HeldSend): boolean => runOf(by) === run;
    const held = this.kept.filter(isOf).flatMap((one): Ask[] => {
      const definition = this.around.definitionOf(one);
      return definition ? [{ by: one, definition, wanted: one, plannedAt: one.plannedAt, place: 0 }] : [];
    });
    const dropped = [...this.asks.filter(({ by }) => isOf(by)), ...held];
    this.asks = this.asks.filter(({ by }) => !isOf(by));
    this.kept = this.kept.filter((one) => !isOf(one));
    const { policy, factsOf, now: at } = this.around;
    return dropped.map((ask): Effect => {
      const intent = intentOf(ask, policy(ask.definition), factsOf(ask.by));
      return { kind: "decided", intent, send: ask.wanted.send, decision: runOver(), at, origin: ask.by.origin };
    });
  }

  private keep({ ask: { by, wanted, plannedAt }, run, intent, decision }: Answered): void {
    if (decision.until === null) return;
    const { scenario, version, origin, via } = by;
    const { block, channel, content, send } = wanted;
    const asked = { run, scenario, version, block, channel, content, send, plannedAt, askAt: decision.until };
    const more = {
      reason: decision.reason,
      ...saidTo(by),
      ...(by.cart && { cart: by.cart }),
      ...(intent.about && { subject: intent.about }),
    };
    this.kept = [...this.kept, broughtBy({ ...asked, ...more }, { origin, via })];
  }
}

/** What an answer of the gate tells the world. */
export function decidedOf({ ask: { by, wanted }, intent, decision }: Answered, at: number): Effect {
  return { kind: "decided", intent, send: wanted.send, decision, at, origin: by.origin, ...saidTo(by) };
}
