import type { BrowserConsole } from "./environment";
import type { Message } from "./message";

export interface Refusal {
  readonly messageId: string;
  readonly reason: string;
}

export interface Debug {
  on(yes: boolean): void;
  say(...parts: unknown[]): void;
  /** One request and what the server made of it: `outcome` in words, and the events that it refused. */
  request(batch: readonly Message[], outcome: string, refused: readonly Refusal[]): void;
}

const title = ({ type, event, name }: Message) => `${type} ${event ?? name ?? ""}`.trim();

/** Explains in the console what the snippet does; silent unless it is switched on. */
export function createDebug(console: BrowserConsole): Debug {
  let active = false;
  return {
    on(yes) {
      active = yes;
    },
    say(...parts) {
      if (active) console.log("[relance]", ...parts);
    },
    request(batch, outcome, refused) {
      if (!active) return;
      const heading = `[relance] ${batch.length} sent: ${outcome}`;
      if (refused.length) console.group(heading);
      else console.groupCollapsed(heading);
      for (const message of batch) {
        const refusal = refused.find(({ messageId }) => messageId === message.messageId);
        if (refusal) console.warn(`✗ ${title(message)}: ${refusal.reason}`, message);
        else console.log(`• ${title(message)}`, message);
      }
      console.groupEnd();
    },
  };
}
