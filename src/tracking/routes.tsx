import type { Context } from "hono";
import { Hono } from "hono";
import { ownEvent } from "../events/event";
import { readText } from "../platform/body";
import { problem } from "../platform/http";
import { Fault } from "../shared/fault";
import { PAGE, PRIVATE, pageOf } from "./common-routes";
import { afterthought, eventsOf } from "./follow";
import { later } from "./later-routes";
import type { LinkedMessage, TrackingDeps } from "./linked";
import type { LinkSubject } from "./links";
import { STOP_PLACE, TRAP } from "./links";
import type { Act } from "./machine";
import { OPEN, signOf, TRAPPED } from "./machine";
import { UnknownLinkPage, UnsubscribedPage, UnsubscribePage } from "./pages/unsubscribe";

type Deps = (context: Context) => TrackingDeps;

const GIF = Uint8Array.from(atob("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"), (letter) =>
  letter.charCodeAt(0),
);

/** Clicks, opens and unsubscribes. Only a POST changes anything that the contact would notice. */
export function trackingRoutes(deps: Deps): Hono {
  const app = new Hono();
  app.onError(later((context) => deps(context).shop));
  app.get("/c/:token", (context) => click(context, deps(context)));
  app.get("/s/:code", (context) => short(context, deps(context)));
  app.get("/o/:token", (context) => open(context, deps(context)));
  app.get("/u/:token", (context) => unsubscribePage(context, deps(context)));
  app.post("/u/:token", (context) => unsubscribe(context, deps(context)));
  return app;
}

function unknownLink(context: Context, deps: TrackingDeps): Response | Promise<Response> {
  return context.html(<UnknownLinkPage {...pageOf(context, deps.shop)} />, 404, PAGE);
}

function redirect(destination: string): Response {
  // A header takes no letters beyond Latin; what is plain goes out as it was written.
  const address = /^[!-~]+$/.test(destination) ? destination : new URL(destination).href;
  return new Response(null, { status: 302, headers: { Location: address, ...PRIVATE } });
}

async function click(context: Context, deps: TrackingDeps): Promise<Response> {
  const subject = deps.read("click", context.req.param("token") ?? "");
  return subject ? follow(context, deps, subject) : unknownLink(context, deps);
}

async function short(context: Context, deps: TrackingDeps): Promise<Response> {
  const subject = await deps.readShort(context.req.param("code") ?? "");
  return subject ? follow(context, deps, subject) : unknownLink(context, deps);
}

/** Where a link leads: what the stored message says, and the shop where that has run out or is gone. */
async function follow(context: Context, deps: TrackingDeps, subject: LinkSubject): Promise<Response> {
  // The way out never runs out, whatever has become of the message.
  if (subject.place === STOP_PLACE) return redirect(deps.unsubscribe(subject));
  const message = await deps.message(subject);
  const at = deps.now();
  if (!message || at > Math.min(message.until, subject.until ?? message.until)) return redirect(deps.shop.url);
  const destinations = await message.destinations();
  const place = subject.place === TRAP ? TRAPPED : (subject.place ?? "0");
  const isPerson =
    message.mayTrack && (await note(deps, actOf(context, place, at), message, destinations.length).catch(() => false));
  const destination = destinations[Number(place)] ?? deps.shop.url;
  // The link works whether or not it can be marked.
  return redirect(isPerson ? await message.marked(destination, at).catch(() => destination) : destination);
}

async function open(context: Context, deps: TrackingDeps): Promise<Response> {
  const subject = deps.read("open", context.req.param("token") ?? "");
  const message = subject && (await deps.message(subject));
  const at = deps.now();
  if (message?.mayTrack && at <= message.until)
    await note(deps, actOf(context, OPEN, at), message, 0).catch(() => false);
  return new Response(GIF, { headers: { "Content-Type": "image/gif", ...PRIVATE } });
}

function actOf(context: Context, place: string, at: number): Act {
  const header = (name: string): string => context.req.header(name) ?? "";
  const purpose = [header("Sec-Purpose"), header("Purpose"), header("X-Purpose"), header("X-Moz")].join(" ");
  const agent = context.req.header("User-Agent") ?? null;
  return { place, at, method: context.req.method, agent, purpose, network: networkOf(context.req.raw) };
}

/** As Cloudflare says; nothing that a request could say of itself. */
function networkOf({ cf }: Request): string | null {
  const name = cf?.["asOrganization"];
  return typeof name === "string" ? name : null;
}

/** Notes an act once; true where it looks like a person's. A link works whether or not its click can be counted at the moment. */
async function note(deps: TrackingDeps, act: Act, message: LinkedMessage, links: number): Promise<boolean> {
  const isPerson = signOf(act, { ...message, links }) === null;
  const events = eventsOf(act, { ...message, links });
  await deps.append(events, act.at);
  if (act.place === OPEN || events.length === 0) return isPerson;
  // What came at the same moment is known by now: whoever is stored last sees them all.
  const found = afterthought(act, { ...message, links, ...(await deps.heard(message)) });
  if (found) await deps.append([found], act.at);
  return isPerson && !found;
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
  const { status } = await deps.append([ownEvent(id, "consent.withdrawn", at, subject.contact, properties)], at);
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
