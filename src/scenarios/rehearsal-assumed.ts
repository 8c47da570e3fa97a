import { HOUR } from "../shared/clock";
import { stableFraction } from "../shared/ids";

/** What somebody is assumed to do with a message, and when, epoch ms. */
export interface Expectation {
  readonly send: string;
  readonly signal: "opened" | "clicked";
  readonly at: number;
}

/** Shares of messages that are opened and clicked, from 0 to 1. Whoever clicks has opened. */
export interface Assumed {
  readonly opened: number;
  readonly clicked: number;
}

/** A person takes so long. */
const AFTER: Readonly<Record<Expectation["signal"], number>> = { opened: HOUR, clicked: HOUR + 60_000 };

/** What is done with a message under an assumption: always the same with the same message. */
export function reactionsTo({ opened, clicked }: Assumed): (send: string, at: number) => readonly Expectation[] {
  return (send, at) => {
    const lot = stableFraction("rehearsed", send);
    const signals = (["opened", "clicked"] as const).filter(
      (signal) => lot < (signal === "clicked" ? clicked : Math.max(opened, clicked)),
    );
    return signals.map((signal) => ({ send, signal, at: at + AFTER[signal] }));
  };
}
