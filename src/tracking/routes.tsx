import type { Context } from "hono";
import { Hono } from "hono";
import type { LedgerEvent } from "../events/event";
import { ownEvent } from "../events/event";
import type { AppendAnswer } from "../events/intake";
import { readText } from "../platform/body";
import { problem } from "../platform/http";
import { Fault } from "../shared/fault";
import { isMachine, PAGE, PRIVATE, pageOf } from "./common-routes";
import { later } from "./later-routes";
import type { LinkSubject } from "./links";
import type { ShopView } from "./pages/page";
import { UnknownLinkPage, UnsubscribedPage, UnsubscribePage } from "./pages/unsubscribe";

/** What the links of a message need. */
export interface TrackingDeps {
  readonly read: (purpose: "click" | "open" | "unsubscribe", token: string) => LinkSubject | null;
  readonly append: (event: LedgerEvent, receivedAt: number) => Promise<AppendAnswer>;
  /** The destination of a link by its place in the message; null where the message or the link is unknown. */
  readonly destination: (subject: LinkSubject) => Promise<string | null>;
  readonly shop: ShopView;
  readonly now: () => number;
}

type Deps = (context: Context) => TrackingDeps;

const GIF = Uint8Array.from(atob("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"), (letter) =>
  letter.charCodeAt(0),
);
/** Clicks, opens and unsubscribes. Only a POST changes anything that the contact would notice. */
export function trackingRoutes(deps: Deps): Hono {
  const app = new Hono();
  app.onError(later((context) => deps(context).shop));
  app.get("/c/:token", (context) => click(context, deps(context)));
  app.get("/o/:token", (context) => open(context, deps(context)));
  app.get("/u/:token", (context) => unsubscribePage(context, deps(context)));
  app.post("/u/:token", (context) => unsubscribe(context, deps(context)));
  return app;
}

function unknownLink(context: Context, deps: TrackingDeps): Response | Promise<Response> {
  return context.html(<UnknownLinkPage {...pageOf(context, deps.shop)} />, 404, PAGE);
}

async function click(context: Context, deps: TrackingDeps): Promise<Response> {
  const subject = deps.read("click", context.req.param("token") ?? "");
  const destination = subject && (await deps.destination(subject));
  if (!subject || !destination) return unknownLink(context, deps);
  if (!isMachine(context)) await note(deps, "message.clicked", subject);
  return new Response(null, { status: 302, headers: { Location: destination, ...PRIVATE } });
}

async function open(context: Context, deps: TrackingDeps): Promise<Response> {
  const subject = deps.read("open", context.req.param("token") ?? "");
  if (subject && !isMachine(context)) await note(deps, "message.opened", subject);
  return new Response(GIF, { headers: { "Content-Type": "image/gif", ...PRIVATE } });
}

/** Records a signal once: the event's id follows from the message and the link. */
async function note(deps: TrackingDeps, name: string, subject: LinkSubject): Promise<void> {
  const at = deps.now();
  const id = `${name}.${subject.send}.${subject.index ?? 0}`;
  const properties = { send: subject.send, link: subject.index };
  // A link works whether or not its click can be counted at the moment.
  await deps.append(ownEvent(id, name, at, subject.contact, properties), at);
}

async function unsubscribePage(context: Context, deps: TrackingDeps): Promise<Response> {
  const subject = deps.read("unsubscribe", context.req.param("token") ?? "");
  if (!subject) return unknownLink(context, deps);
  const page = pageOf(context, deps.shop);
  return context.html(<UnsubscribePage {...page} channel={subject.channel} />, 200, PAGE);
}

async function unsubscribe(context: Context, deps: TrackingDeps): Promise<Response> {
  const subject = deps.read("unsubscribe", context.req.param("token") ?? "");
  if (!subject) return unknownLink(context, deps);
  const type = context.req.header("Content-Type") ?? "";
  const choice = await choiceOf(type, context);
  if (choice === null) {
    return problem("invalid-input", "Post `List-Unsubscribe=One-Click` as a form, or use the button of the page.");
  }
  const at = deps.now();
  // Every press counts: whoever agreed again since, and now uses the link of an old mail, withdraws once more.
  const id = `unsubscribe.${subject.send}.${at}`;
  const properties = {
    consent: subject.channel,
    source: choice === "one-click" ? "one-click unsubscribe" : "unsubscribe page",
    way: choice === "one-click" ? "one_click" : "preference_centre",
  };
  const { status } = await deps.append(ownEvent(id, "consent.withdrawn", at, subject.contact, properties), at);
  if (status !== "stored") throw new Fault("unavailable", "The withdrawal could not be stored. Try again.", [], 5);
  const page = pageOf(context, deps.shop);
  return context.html(<UnsubscribedPage {...page} channel={subject.channel} />, 200, PAGE);
}

/** RFC 8058's body, as a form of either kind, or that of our own page. */
async function choiceOf(type: string, context: Context): Promise<"one-click" | "page" | null> {
  const text = await readText(context.req.raw, 4_096);
  const isForm = type.startsWith("application/x-www-form-urlencoded");
  const value = isForm ? new URLSearchParams(text).get("List-Unsubscribe") : multipartValue(type, text);
  if (value === "One-Click") return "one-click";
  return value === "Page" ? "page" : null;
}

function multipartValue(type: string, text: string): string | null {
  if (!type.startsWith("multipart/form-data")) return null;
  return /name="List-Unsubscribe"\r?\n\r?\n([^\r\n]*)/.exec(text)?.[1] ?? null;
}
