import type { LedgerEvent } from "../events/event";
import type { AppendAnswer } from "../events/intake";
import type { RenderedMessage } from "../sends/message";
import type { Scope } from "../sends/scope";
import type { LinkSubject, MessagePurpose } from "./links";
import type { Hit } from "./machine";
import type { ShopView } from "./pages/page";

/** A message as its links need it. Times are epoch ms. */
export interface LinkedMessage {
  readonly contact: number;
  readonly send: string;
  readonly scenario: string;
  readonly block: string;
  /** When its links run out. */
  readonly until: number;
  readonly deliveredAt: number;
  readonly hits: readonly Hit[];
  /** Whether it may be noted what this person does: they agreed when it left, and agree now. */
  readonly mayTrack: boolean;
  /** By place in the message. */
  readonly destinations: () => Promise<readonly string[]>;
  /** The message as it was sent, without what would tell that it was read; null where it cannot be made any more. */
  readonly page: () => Promise<RenderedMessage | null>;
  /** What it is about, cleaned for printing. */
  readonly scope: () => Scope;
  /** A destination with what the shop gives back with an order; `at` is when a person followed the link, epoch ms. */
  readonly marked: (destination: string, at: number) => Promise<string>;
  /** A destination with the parameters for the shop's statistics. */
  readonly tag: (destination: string) => string;
}

/** What the links of a message need. */
export interface TrackingDeps {
  readonly read: (purpose: MessagePurpose, token: string) => LinkSubject | null;
  /** What a short link stands for; null for a code that is none of ours. */
  readonly readShort: (code: string) => Promise<LinkSubject | null>;
  /** The page on which somebody ends the subscription. */
  readonly unsubscribe: (subject: LinkSubject) => string;
  /** Null where it is gone: erased, or too long ago. */
  readonly message: (subject: Pick<LinkSubject, "contact" | "send">) => Promise<LinkedMessage | null>;
  /** What is known by now of what was done about a message. */
  readonly heard: (
    subject: Pick<LinkSubject, "contact" | "send">,
  ) => Promise<{ readonly hits: readonly Hit[]; readonly deliveredAt: number | null }>;
  readonly append: (events: readonly LedgerEvent[], receivedAt: number) => Promise<AppendAnswer>;
  readonly shop: ShopView;
  readonly now: () => number;
}
