import type { WebhookField } from "../../scenarios/webhook-field";
import { contactId } from "../../shared/ids";
import { signedHeaders } from "../../shared/webhook-signature";
import { postOutbound } from "../post-outbound";
import { endpointSecret, mayCall, noteFailure, noteSuccess, readEndpoint } from "./endpoints";
import type { PendingAct, Performer, Subject } from "./performer";

/** Where each field comes from: what is not listed here cannot be told (F11). */
const FIELDS: Readonly<Record<WebhookField, (act: PendingAct, subject: Subject) => string | null>> = {
  contact_id: (_act, { id }) => contactId(id),
  external_id: (_act, { profile }) => profile.externalId,
  email: (_act, { profile }) => profile.email,
  phone: (_act, { profile }) => profile.phone,
  first_name: (_act, { profile }) => profile.firstName,
  last_name: (_act, { profile }) => profile.lastName,
  language: (_act, { profile }) => profile.language,
  country: (_act, { profile }) => profile.country,
  scenario: ({ scenario }) => scenario,
  block: ({ block }) => block,
  run: ({ run }) => run,
};

function bodyOf(act: PendingAct, subject: Subject): string {
  const { fields, event } = act.details;
  const chosen = (Array.isArray(fields) ? (fields as string[]) : []).filter((name): name is WebhookField =>
    Object.hasOwn(FIELDS, name),
  );
  const told = Object.fromEntries(chosen.map((name) => [name, FIELDS[name](act, subject)]));
  const timestamp = new Date(act.at).toISOString();
  return JSON.stringify({ type: "scenario.webhook", timestamp, data: { ...told, event: event ?? {} } });
}

/** A call to an address that a marketer typed. The act's id is the call's: a receiver knows a repeat by it (F12). */
export const webhook: Performer = {
  async perform(services, act, subject, now) {
    const { DB } = services.env;
    const url = String(act.details["url"]);
    const failing = await readEndpoint(DB, url);
    if (failing && !mayCall(failing, now)) {
      return failing.is_open === 1 ? { end: "failed", result: "given_up" } : { end: "later", result: "waiting" };
    }
    if (!URL.canParse(url)) return { end: "refused", result: "refused" };
    const body = bodyOf(act, subject);
    const call = { id: act.id, timestamp: Math.floor(now / 1_000), body };
    const signed = signedHeaders(endpointSecret(services, url), call);
    const own = (act.details["headers"] ?? {}) as Record<string, string>;
    const headers = { ...own, "content-type": "application/json", "user-agent": "Relance", ...signed };
    const problem = await postOutbound(services, url, { method: "POST", headers, body });
    if (problem === null) {
      if (failing) await noteSuccess(DB, url);
      return { end: "done", result: "delivered" };
    }
    // The operator took the host off the list: that is no fault of the other side, and no repeat mends it.
    if (problem === "refused") return { end: "refused", result: "refused" };
    const isGivenUp = await noteFailure(DB, url, now);
    return isGivenUp ? { end: "failed", result: "given_up" } : { end: "later", result: problem };
  },
  isOutside: true,
};
