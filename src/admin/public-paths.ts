import type { OpenAPIHono } from "@hono/zod-openapi";
import { CONNECTORS } from "../events/connectors";
import type { Connector } from "../events/connectors/connector";
import { LANGUAGES } from "../shared/language";
import { PROBLEM_CONTENT } from "./api";

type Path = Parameters<OpenAPIHono["openAPIRegistry"]["registerPath"]>[0];
type Responses = Path["responses"];

const bag = { type: "object", additionalProperties: true } as const;
const text = { type: "string" } as const;

const event: object = {
  type: "object",
  description: "One message of Segment's wire contract. Unknown fields are taken and left aside.",
  properties: {
    type: { enum: ["track", "identify", "page", "screen", "alias", "group"] },
    messageId: { type: "string", description: "A repeat has no second effect." },
    userId: text,
    anonymousId: text,
    event: { type: "string", description: "Name of a track call, as in Segment's Ecommerce Spec v2." },
    properties: bag,
    traits: {
      ...bag,
      description: "`consent: {email, sms, push, tracking, profiling}` with `consent_wording` and `consent_source`.",
    },
    context: { ...bag, description: "`token`: the shop's signed JWT, which verifies a browser's address." },
    timestamp: { type: "string", description: "Corrected by `sentAt`." },
  },
};

const taken: object = {
  type: "object",
  properties: {
    accepted: { type: "integer" },
    rejected: { type: "array", items: { type: "object", properties: { messageId: text, reason: text } } },
  },
};

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

const ingestSecurity = [{ ingestBasic: [] }, { ingestBearer: [] }];

const refusals: Responses = {
  400: { description: "No JSON, or no event.", content: PROBLEM_CONTENT },
  401: { description: "No key, or an unknown one.", content: PROBLEM_CONTENT },
  413: { description: "Over 32 KB an event or 500 KB a batch.", content: PROBLEM_CONTENT },
  429: { description: "Too much; see Retry-After.", content: PROBLEM_CONTENT },
  503: { description: "Not stored; see Retry-After.", content: PROBLEM_CONTENT },
};

function ingest(path: string, summary: string, schema: object): Path {
  return {
    method: "post",
    path,
    tags: ["Events in"],
    summary,
    security: ingestSecurity,
    request: { body: { required: true, content: { "application/json": { schema } } } },
    responses: {
      200: { description: "Stored.", content: { "application/json": { schema: reference("Taken") } } },
      ...refusals,
    },
  };
}

const batch = {
  type: "object",
  required: ["batch"],
  properties: {
    batch: { type: "array", minItems: 1, maxItems: 2_500, items: reference("Event") },
    writeKey: text,
    sentAt: text,
    context: bag,
  },
} as const;

const subscription: object = {
  type: "object",
  required: ["email", "consent"],
  properties: {
    writeKey: text,
    email: text,
    phone: { type: "string", description: "Needed where `consent.sms` is true." },
    first_name: text,
    language: { enum: LANGUAGES },
    topics: { type: "array", items: text },
    consent: { type: "object", description: "`email` must be true; `sms`, `partner`, `tracking`, `profiling` may be." },
    consent_wording: { type: "string", description: "The text that stood beside the box." },
    consent_source: text,
    messageId: { type: "string", description: "A repeat has no second effect." },
  },
};

/** The same answer for every address, known or not: a confirmation is on its way, at most one a day. */
const subscribe: Path = {
  ...ingest("/v1/subscribe", "Asks for a double opt-in, as JSON or as a form", subscription),
  responses: { 202: { description: "A confirmation is on its way, at most one a day." }, ...refusals },
};

function open(method: "get" | "post", path: string, tag: string, summary: string, type: string, status = 200): Path {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const parameters = names.map((name) => ({ name, in: "path" as const, required: true, schema: text }));
  const content = type === "" ? {} : { content: { [type]: { schema: text } } };
  const responses = { [status]: { description: summary, ...content } };
  return { method, path, tags: [tag], summary, security: [], parameters, responses };
}

/** A shop's deliveries; each topic that is read is named. */
function webhook(source: string, { name, description, signature, topics }: Connector): Path {
  return {
    method: "post",
    path: `/webhooks/${source}`,
    tags: ["Events in"],
    summary: `A webhook of ${name}`,
    description:
      `${description}. Signed in ${signature.header}: HMAC-SHA256 over the raw body, under the secret of the variable ` +
      `${source.toUpperCase()}_WEBHOOK_SECRET. Topics: ${Object.keys(topics).join(", ")}; others are taken and left aside.`,
    security: [],
    request: { body: { required: true, content: { "application/json": { schema: bag } } } },
    responses: {
      200: {
        description: "Carried out, or done before.",
        content: { "application/json": { schema: reference("Taken") } },
      },
      400: { description: "No JSON, or no topic.", content: PROBLEM_CONTENT },
      401: { description: "Not the shop's signature.", content: PROBLEM_CONTENT },
      404: { description: "Another shop than the one that is set.", content: PROBLEM_CONTENT },
      413: { description: "1 MB or more.", content: PROBLEM_CONTENT },
      429: { description: "Too much; see Retry-After.", content: PROBLEM_CONTENT },
      503: { description: "Not stored; see Retry-After.", content: PROBLEM_CONTENT },
    },
  };
}

const LINKS = "Links out";
const SHOP = "Shop front";

const PATHS: readonly Path[] = [
  ingest("/v1/batch", "Up to 2,500 events; a bad one never refuses the others. Short form: /v1/b", batch),
  ingest("/beacon/v1/batch", "The same for a page that is being left; the key stands in ?writeKey=", batch),
  ...["track", "identify", "page", "screen", "alias", "group"].map((type) =>
    ingest(`/v1/${type}`, `One ${type} call. Short form: /v1/${type.slice(0, 1)}`, reference("Event")),
  ),
  subscribe,
  ...Object.entries<Connector>(CONNECTORS).map(([source, connector]) => webhook(source, connector)),
  open(
    "get",
    "/v1/projects/{writeKey}/settings",
    "Events in",
    "Settings for Segment's browser client",
    "application/json",
  ),
  open("get", "/sourceConfig/", "Events in", "Settings for RudderStack's browser client", "application/json"),
  open("get", "/r.js", SHOP, "The browser snippet", "text/javascript"),
  open("get", "/c/{token}", LINKS, "A click: on to its destination", "", 302),
  open("get", "/s/{code}", LINKS, "A short link of a text: on to its destination", "", 302),
  open("get", "/w/{token}", LINKS, "The message as a page", "text/html"),
  open("get", "/l/{token}", LINKS, "A page of what the message is about; `?lang=en` or `fr`", "text/html"),
  open("get", "/f/{token}", LINKS, "Asks what somebody thinks; `?score=` fills in and says nothing", "text/html"),
  open("post", "/f/{token}", LINKS, "Takes the answer (`do=say`, `score`, `text`, `product`, `title`)", "text/html"),
  open("get", "/o/{token}", LINKS, "An open: a transparent picture", "image/gif"),
  open("get", "/u/{token}", LINKS, "The unsubscribe page; changes nothing", "text/html"),
  open("post", "/u/{token}", LINKS, "Unsubscribes, in one click (RFC 8058) or from the page", "text/html"),
  open("get", "/subscribe", SHOP, "The hosted newsletter form; `?lang=en` or `fr`", "text/html"),
  open("post", "/subscribe", SHOP, "Takes the hosted form", "text/html"),
  open("get", "/optin/{token}", LINKS, "The page of a double opt-in; changes nothing", "text/html"),
  open("post", "/optin/{token}", LINKS, "Confirms an address (`do=confirm`), or a number (`do=code`)", "text/html"),
  open("get", "/p/{token}", LINKS, "The preference centre", "text/html"),
  open("post", "/p/{token}", LINKS, "Changes preferences; only reduces consent", "text/html"),
  open("get", "/ref/{code}", LINKS, "A referral: on to the shop with its code", "", 302),
  open("get", "/health", "Operation", "200 once it serves", "application/json"),
  open("get", "/openapi.json", "Operation", "This document", "application/json"),
  open("get", "/docs", "Operation", "This document as a page", "text/html"),
];

/** In a function, so that a production bundle holds nothing of it. */
function localPaths(): Path[] {
  const tag = "On this machine only";
  const json = "application/json";
  return [
    open("get", "/demo", tag, "The demo shop", "text/html"),
    open("post", "/dev/demo", tag, "Loads the demo shop's scenarios and history, once", json),
    open("get", "/dev/inbox", tag, "Every message that was sent", "text/html"),
    open("get", "/dev/inbox.json", tag, "The same for machines, by `?channel=` and `?to=`", json),
    open("get", "/dev/clock", tag, "Our time", json),
    open("post", "/dev/clock", tag, 'Moves it: `{"advance": "PT4H"}`, `{"scale": 3600}` or `{"set": …}`', json),
  ];
}

/** Describes the routes that are not of the admin API: they read their requests themselves. */
export function registerPublicPaths(app: OpenAPIHono): void {
  app.openAPIRegistry.registerComponent("schemas", "Event", event);
  app.openAPIRegistry.registerComponent("schemas", "Taken", taken);
  const paths = __LOCAL__ ? [...PATHS, ...localPaths()] : PATHS;
  for (const path of paths) app.openAPIRegistry.registerPath(path);
}
