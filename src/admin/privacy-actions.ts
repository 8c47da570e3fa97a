import { isEmptied } from "../contacts/profile";
import { log } from "../platform/log";
import type { Services } from "../services";
import { beginErasure, erasureId, requestEvent } from "../services/erase-begin";
import { eraseNow } from "../services/keep";
import { Fault } from "../shared/fault";
import { contactOf, livingOf } from "./contact-path";
import type { PrivacyRequest } from "./privacy-store";
import { erasureOf, findRequest, markConfirmed, markDeleted, markDone } from "./privacy-store";

/** What keeps a request's process alive after its answer. */
export interface Lasting {
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/** A request by its id. Throws not-found. */
export async function requestOf(services: Services, id: string): Promise<PrivacyRequest> {
  const found = await findRequest(services.env.DB, id);
  if (!found) throw new Fault("not-found", "No request has this id.");
  return found;
}

/** Empties a contact, by its public id; the rest follows in steps. Returns the request's id. */
export async function eraseContact(services: Services, id: string, lasting: Lasting): Promise<string> {
  const { id: contact, profile } = await contactOf(services, id);
  if (isEmptied(profile)) return (await erasureOf(services.env.DB, contact)) ?? erasureId(contact);
  const request = await beginErasure(services, contact, services.clock.now());
  carryOn(services, lasting);
  return request;
}

/** Notes under an id what somebody asked for; an erasure is then carried out. */
export async function noteRequest(
  services: Services,
  id: string,
  kind: "erasure" | "access",
  about: string,
  lasting: Lasting,
): Promise<void> {
  const { id: contact } = await livingOf(services, about);
  const event = requestEvent(id, contact, kind, services.clock.now());
  await services.say([event], "The request could not be stored. Send it again.");
  if (kind === "erasure") carryOn(services, lasting);
}

/** Notes that the person asked for it themselves: an erasure that was asked for by a link is then carried out. */
export async function confirmRequest(services: Services, id: string, lasting: Lasting): Promise<void> {
  const { kind } = await requestOf(services, id);
  await markConfirmed(services.env.DB, id, services.clock.now());
  if (kind === "erasure") carryOn(services, lasting);
}

/** Marks a request for access as answered. Throws conflict for an erasure. */
export async function answerRequest(services: Services, id: string): Promise<void> {
  const { kind } = await requestOf(services, id);
  if (kind === "erasure") throw new Fault("conflict", "An erasure is done when its steps are.");
  await markDone(services.env.DB, id, services.clock.now());
}

/** Notes that a channel's provider has deleted what it was asked to. */
export async function noteDeletion(services: Services, id: string, channel: string): Promise<void> {
  const known = await markDeleted(services.env.DB, id, channel, services.clock.now());
  if (!known) throw new Fault("not-found", "No provider of this channel was asked for this request.");
}

/** A wake-up: what it does not finish, or a process that dies under it, the sweep takes up. */
function carryOn(services: Services, lasting: Lasting): void {
  lasting.waitUntil(eraseNow(services).catch((error: unknown) => log("erasure broke off", { error: String(error) })));
}
