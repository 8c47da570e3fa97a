import type { LedgerEvent } from "../events/event";
import type { FeedbackKind } from "../sends/message";
import { FEEDBACK_KINDS } from "../sends/message";
import { printable } from "../sends/scope";

/** What a kind of page asks, and what its answer is told as: the names of Segment, which make rows of `reviews`. */
interface Question {
  readonly event: string;
  readonly least: number;
  readonly most: number;
  /** What the score is called in the event. */
  readonly score: "rating" | "score";
  /** Whether somebody says which product they mean. */
  readonly about: "product" | "shop";
}

export const QUESTIONS: Readonly<Record<FeedbackKind, Question>> = {
  rating: { event: "Review Submitted", least: 1, most: 5, score: "rating", about: "shop" },
  nps: { event: "NPS Submitted", least: 0, most: 10, score: "score", about: "shop" },
  review: { event: "Product Reviewed", least: 1, most: 5, score: "rating", about: "product" },
};

export function isFeedbackKind(text: string | null): text is FeedbackKind {
  return (FEEDBACK_KINDS as readonly unknown[]).includes(text);
}

/** What somebody has filled in so far. */
export interface FeedbackDraft {
  /** As text: null where nothing is chosen. */
  readonly score: number | null;
  readonly product: string | null;
  readonly title: string;
  readonly text: string;
}

const MOST_TEXT = 2_000;
const MOST_TITLE = 120;

/** A score that the question knows. Anything else is none. */
export function scoreOf(kind: FeedbackKind, text: string | null | undefined): number | null {
  const { least, most } = QUESTIONS[kind];
  const score = /^\d{1,2}$/.test(text ?? "") ? Number(text) : Number.NaN;
  return score >= least && score <= most ? score : null;
}

/** The fields of a posted form. `products` are those that it may be about. */
export function draftOf(kind: FeedbackKind, form: URLSearchParams, products: readonly string[]): FeedbackDraft {
  const product = form.get("product");
  return {
    score: scoreOf(kind, form.get("score")),
    product: products.find((known) => known === product) ?? null,
    title: printable((form.get("title") ?? "").slice(0, MOST_TITLE)),
    text: wordsOf(form.get("text") ?? ""),
  };
}

/** Several lines stay several. */
function wordsOf(text: string): string {
  const lines = text.slice(0, MOST_TEXT).replaceAll(/\r\n?/g, "\n").split("\n").map(printable);
  return lines
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}

/** What a person is asked about: a message, with the order that it spoke of. */
interface Asked {
  readonly contact: number;
  readonly send: string;
  readonly scenario: string;
  readonly block: string;
  readonly order: string | null;
}

/** An answer as an event. Given again it changes the same row: who thinks better of it has one opinion. */
export function feedbackEvent(kind: FeedbackKind, draft: FeedbackDraft, asked: Asked, at: number): LedgerEvent {
  const { event, score } = QUESTIONS[kind];
  const { contact, send, scenario, block, order } = asked;
  const about = kind === "review" && draft.product !== null ? `.${draft.product}` : "";
  const properties = {
    review_id: `${send}.${kind}${about}`,
    [score]: draft.score,
    ...(kind === "review" && draft.product !== null && { product_id: draft.product }),
    ...(order !== null && { order_id: order }),
    ...(draft.title !== "" && { review_title: draft.title }),
    ...(draft.text !== "" && { review_body: draft.text }),
    message_id: send,
    scenario,
    block,
  };
  return {
    id: `feedback.${send}.${kind}${about}.${at}`,
    type: "track",
    name: event,
    at,
    trust: "internal",
    contact,
    properties,
  };
}
