import type { Context } from "hono";
import { Hono } from "hono";
import { problem } from "../platform/http";
import type { FeedbackKind } from "../sends/message";
import type { Scope } from "../sends/scope";
import { Fault } from "../shared/fault";
import { languageOf, PAGE, pageOf, readForm } from "./common-routes";
import type { FeedbackDraft } from "./feedback";
import { draftOf, feedbackEvent, isFeedbackKind, QUESTIONS, scoreOf } from "./feedback";
import { later } from "./later-routes";
import type { LinkedMessage, TrackingDeps } from "./linked";
import type { FeedbackFault } from "./pages/feedback";
import { FeedbackPage, ThanksPage } from "./pages/feedback";
import { UnknownLinkPage } from "./pages/unsubscribe";

type Deps = (context: Context) => TrackingDeps;

interface Asked {
  readonly kind: FeedbackKind;
  readonly message: LinkedMessage;
  readonly scope: Scope;
}

/** Asks what somebody thinks. A link in a mail may bring the score along; only the button of the page says it. */
export function feedbackRoutes(deps: Deps): Hono {
  const app = new Hono();
  app.onError(later((context) => deps(context).shop));
  app.get("/f/:token", async (context) => {
    const asked = await find(context, deps(context));
    if (!asked) return unknown(context, deps(context));
    const score = scoreOf(asked.kind, context.req.query("score"));
    const product = productsOf(asked.scope)[0]?.product_id ?? null;
    return ask(context, deps(context), asked, { score, product, title: "", text: "" }, []);
  });
  app.post("/f/:token", async (context) => {
    const asked = await find(context, deps(context));
    return asked ? answer(context, deps(context), asked) : unknown(context, deps(context));
  });
  return app;
}

function unknown(context: Context, { shop }: TrackingDeps): Response | Promise<Response> {
  return context.html(<UnknownLinkPage {...pageOf(context, shop)} />, 404, PAGE);
}

async function find(context: Context, deps: TrackingDeps): Promise<Asked | null> {
  const subject = deps.read("feedback", context.req.param("token") ?? "");
  if (!subject || !isFeedbackKind(subject.place)) return null;
  const message = await deps.message(subject);
  if (!message || deps.now() > Math.min(message.until, subject.until ?? message.until)) return null;
  return { kind: subject.place, message, scope: message.scope() };
}

/** What a review may be about. */
function productsOf({ order, cart }: Scope): readonly { readonly product_id: string; readonly name: string }[] {
  const lines = order?.lines ?? cart?.lines ?? [];
  return [...new Map(lines.map((line) => [line.product_id, line])).values()];
}

function ask(
  context: Context,
  deps: TrackingDeps,
  { kind, scope }: Asked,
  draft: FeedbackDraft,
  faults: readonly FeedbackFault[],
): Response | Promise<Response> {
  const page = { ...pageOf(context, deps.shop), language: languageIn(context, scope) };
  const products = kind === "review" ? productsOf(scope) : [];
  const status = faults.length > 0 ? 400 : 200;
  return context.html(<FeedbackPage {...page} {...{ kind, draft, products, faults }} />, status, PAGE);
}

/** The message's own language, unless the reader chooses. */
function languageIn(context: Context, scope: Scope): Scope["language"] {
  return context.req.query("lang") === undefined ? scope.language : languageOf(context);
}

async function answer(context: Context, deps: TrackingDeps, asked: Asked): Promise<Response> {
  const form = await readForm(context);
  if (form?.get("do") !== "say") return problem("invalid-input", "Post the form of this page: `do=say`.");
  const { kind, message, scope } = asked;
  const products = productsOf(scope);
  const ids = products.map(({ product_id }) => product_id);
  const draft = draftOf(kind, form, ids);
  const faults: FeedbackFault[] = [
    ...(draft.score === null ? (["score"] as const) : []),
    ...(QUESTIONS[kind].about === "product" && ids.length > 0 && draft.product === null ? (["product"] as const) : []),
  ];
  if (faults.length > 0) return ask(context, deps, asked, draft, faults);
  const at = deps.now();
  const { status } = await deps.append(
    [feedbackEvent(kind, draft, { ...message, order: scope.order?.id ?? null }, at)],
    at,
  );
  if (status !== "stored") throw new Fault("unavailable", "The answer could not be stored. Try again.", [], 5);
  const page = { ...pageOf(context, deps.shop), language: languageIn(context, scope) };
  return context.html(<ThanksPage {...page} />, 200, PAGE);
}
