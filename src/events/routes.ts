import type { Context } from "hono";
import { Hono } from "hono";
import { readText } from "../platform/body";
import { problem } from "../platform/http";
import type { ShopToken } from "../platform/shop-token";
import type { FieldError } from "../shared/fault";
import { Fault } from "../shared/fault";
import { answer, clientRoutes } from "./client-routes";
import type { Door, DoorDeps } from "./door-routes";
import { guarded, openDoor, refuse } from "./door-routes";
import type { LedgerEvent, Properties } from "./event";
import { isFromServer } from "./event";
import type { ReadEvent, RejectCode, Sender } from "./input";
import { batchInput, MAX_BATCH_BYTES, MAX_EVENT_BYTES, messageIdOf, readEvent, rejection } from "./input";
import type { AppendAnswer, Caller, Intake } from "./intake";
import { refuseUnstored } from "./intake";
import type { Rejection } from "./journal-port";
import { countBy } from "./tally";
import { parseTime } from "./time";
import { isOversized, jsonOf, ofEvent, parseBody, refuseRepeated, refuseShared, TWICE } from "./wire-text";

/** What the entrance needs of the rest. */
export interface IngestDeps extends DoorDeps {
  readonly append: (intake: Intake, caller: Caller | null) => Promise<AppendAnswer>;
  readonly readToken: (token: string) => Promise<ShopToken | null>;
  /** Which traits a person may not state of themselves. */
  readonly undeclarable: (traits: Properties) => readonly string[];
  /** Why an event is not taken for what it says, or null. A promise only where a look into the database is needed. */
  readonly checkEvent: (event: LedgerEvent) => Refused | null | Promise<Refused | null>;
  readonly newId: () => string;
}

type Refused = FieldError & { readonly code?: RejectCode };

type Deps = (context: Context) => IngestDeps;

const SHORT: Readonly<Record<string, string>> = {
  t: "track",
  i: "identify",
  p: "page",
  s: "screen",
  a: "alias",
  g: "group",
};
const KEPT_REJECTIONS = 20;

/** Segment's routes and their short forms, and RudderStack's. */
export function ingestRoutes(deps: Deps): Hono {
  const app = new Hono();
  const batch = (context: Context): Promise<Response> => takeBatch(context, deps(context));
  for (const path of ["/v1/batch", "/v1/b", "/beacon/v1/batch"]) app.post(path, batch);
  for (const [letter, type] of Object.entries(SHORT)) {
    const single = (context: Context): Promise<Response> => takeSingle(context, deps(context), type);
    app.post(`/v1/${type}`, single);
    app.post(`/v1/${letter}`, single);
  }
  app.route("/", clientRoutes());
  return app;
}

function takeBatch(context: Context, deps: IngestDeps): Promise<Response> {
  return guarded(context, deps, async (known) => {
    const text = await readText(context.req.raw, MAX_BATCH_BYTES);
    const { value, repeated } = parseBody(text);
    const parsed = batchInput.safeParse(value);
    if (!parsed.success) {
      const errors = parsed.error.issues.map((issue) => ({
        pointer: `/${issue.path.join("/")}`,
        detail: issue.message,
      }));
      throw new Fault(
        "invalid-input",
        "The body is not a batch: it needs `batch`, an array of 1 to 2,500 events.",
        errors,
      );
    }
    const { batch, context: shared } = parsed.data;
    refuseRepeated(repeated.filter((pointer) => ofEvent(pointer) === null));
    refuseShared(shared);
    const door = await openDoor(context, deps, parsed.data, shared ?? null, batch[0]);
    Object.assign(known, { source: door.source, events: batch.length });
    // A text of at most one event's size cannot hold one that is larger.
    const oversized = isOversized(text);
    const read = await Promise.all(
      batch.map((raw, index) => {
        const twice = repeated.map(ofEvent).find((place) => place?.index === index);
        return readOne(raw, door.sender, deps, { oversized, repeated: twice?.pointer ?? null });
      }),
    );
    const rejected = read.filter((event) => !event.ok);
    await store(read, rejected, batch, door, deps);
    const listed = rejected.map(({ messageId, reason }) => ({ messageId, reason }));
    return answer({ accepted: read.length - rejected.length, rejected: listed, ...droppedOf(read, deps) });
  });
}

function takeSingle(context: Context, deps: IngestDeps, type: string): Promise<Response> {
  return guarded(context, deps, async (known) => {
    const { value: body, repeated } = parseBody(await readText(context.req.raw, MAX_EVENT_BYTES));
    refuseRepeated(repeated);
    if (typeof body !== "object" || body === null || Array.isArray(body))
      throw new Fault("invalid-input", "The body is not an event.");
    const raw = { ...body, type } as { writeKey?: unknown; sentAt?: unknown };
    const door = await openDoor(context, deps, raw, null, raw);
    known.source = door.source;
    const read = await readOne(raw, door.sender, deps, { oversized: false, repeated: null });
    if (!read.ok) {
      deps.refused(door.source, { [read.code]: 1 });
      return refuse(singleProblem(read));
    }
    await store([read], [], [raw], door, deps);
    return answer({ accepted: 1, rejected: [], ...droppedOf([read], deps) });
  });
}

/** The traits that were left out, by how often: the developer sees at once why `vip` never arrives. */
function droppedOf(read: readonly ReadEvent[], deps: IngestDeps): { readonly dropped?: Record<string, number> } {
  const dropped = new Map<string, number>();
  for (const result of read) {
    if (!result.ok || isFromServer(result.event) || !result.event.traits) continue;
    for (const name of deps.undeclarable(result.event.traits)) dropped.set(name, (dropped.get(name) ?? 0) + 1);
  }
  return dropped.size > 0 ? { dropped: Object.fromEntries(dropped) } : {};
}

function singleProblem({ code, reason, pointer }: Extract<ReadEvent, { ok: false }>): Response {
  if (code === "invalid-token") return problem("unauthorized", reason);
  return problem(code, reason, [{ pointer, detail: reason }]);
}

/** What was seen of an event in the body's text: it may be too large, and the field in it that stands twice. */
interface Seen {
  readonly oversized: boolean;
  readonly repeated: string | null;
}

async function readOne(raw: unknown, sender: Sender, deps: IngestDeps, seen: Seen): Promise<ReadEvent> {
  const id = deps.newId();
  const messageId = messageIdOf(raw, id);
  if (seen.oversized && isOversized(jsonOf(raw) ?? ""))
    return rejection(messageId, "too-large", "", "too-large: an event may have 32 KB");
  if (seen.repeated !== null) return rejection(messageId, "invalid-input", seen.repeated, TWICE);
  const read = readEvent(raw, sender, id);
  if (!read.ok) return read;
  const { event, token } = read;
  const checked = deps.checkEvent(event);
  const fault = checked instanceof Promise ? await checked : checked;
  if (fault) return rejection(event.id, fault.code ?? "invalid-input", fault.pointer, fault.detail);
  if (token === null || sender.trust === "secret") return read;
  const vouched = await deps.readToken(token);
  if (vouched && (event.user === undefined || event.user === vouched.user))
    return { ...read, event: vouchedFor(event, vouched) };
  // A page may go on sending with a token that has run out; only a statement of identity stands or falls with it.
  if (event.type !== "identify") return read;
  return rejection(event.id, "invalid-token", "/context/token", "is not a valid token of this shop for this userId");
}

function vouchedFor(event: LedgerEvent, { user, email }: ShopToken): LedgerEvent {
  return { ...event, trust: "token", user, ...(email !== null && { email }) };
}

async function store(
  read: readonly ReadEvent[],
  rejected: readonly Extract<ReadEvent, { ok: false }>[],
  raws: readonly unknown[],
  door: Door,
  deps: IngestDeps,
): Promise<void> {
  const { receivedAt } = door.sender;
  const events = read.flatMap((event) => (event.ok ? [event.event] : []));
  const refused = countBy(rejected.map(({ code }) => code));
  // A request of which nothing can be taken leaves nothing behind.
  if (events.length === 0) return deps.refused(door.source, refused);
  const rejections: Rejection[] = rejected.slice(0, KEPT_REJECTIONS).map((one) => {
    const body = (jsonOf(raws[read.indexOf(one)]) ?? "").slice(0, MAX_EVENT_BYTES);
    const { messageId, reason, code } = one;
    return { receivedAt, stage: "input", messageId, reason, body, source: door.source, code };
  });
  const sentAt = parseTime(door.sender.sentAt);
  const note = { source: door.source, ...(sentAt !== null && { skew: receivedAt - sentAt }) };
  const intake = { receivedAt, events, ...note, ...(rejections.length > 0 && { rejections, refused }) };
  refuseUnstored(await deps.append(intake, door.caller));
}
