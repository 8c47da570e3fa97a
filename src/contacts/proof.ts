import type { LedgerEvent, Trust } from "../events/event";
import type { ApplyContext, RowBuffer } from "../events/projection";
import { derivedId } from "../shared/ids";
import type { ConsentEntry } from "./consent";
import { channelAndPurpose } from "./consent";

/** By which way a word reached us. */
export const WAYS = [
  "browser",
  "server",
  "import",
  "hosted_form",
  "preference_centre",
  "one_click",
  "admin",
  "double_opt_in",
  "merge",
] as const;
export type Way = (typeof WAYS)[number];

/** A text that a person was shown beside the box that they ticked. */
export interface Wording {
  readonly key: string;
  readonly language: string;
  readonly text: string;
}

/** What proves a word beside who and when. Times are epoch ms, null where they do not apply. */
export interface Proof {
  /** Free text as the shop stated it, where it is no wording of ours. */
  readonly wording: string | null;
  readonly wordingId: string | null;
  readonly source: string | null;
  /** Address of the form, without query and fragment. */
  readonly form: string | null;
  readonly way: Way;
  /** Keyed hash of the truncated network address. */
  readonly origin: string | null;
  readonly agent: string | null;
  readonly claimedAt: number | null;
  readonly sentAt: number | null;
  readonly clickedAt: number | null;
}

const WAY_OF: Readonly<Record<Trust, Way>> = {
  write: "browser",
  token: "browser",
  secret: "server",
  import: "import",
  internal: "admin",
};

/** The version of a text follows from the text: a changed text is another version, whatever its key. */
export function wordingId({ key, language, text }: Wording): string {
  return `${key}.${language}.${wordingVersion(text)}`;
}

function wordingVersion(text: string): string {
  return derivedId("v", text).slice(2, 12);
}

/** What an event itself says as proof: its traits in an identify call, its properties in one of our own. */
export function proofOf(event: LedgerEvent): Proof {
  const stated = event.type === "internal" ? event.properties : event.traits;
  const prefix = event.type === "internal" ? "" : "consent_";
  const way = event.type === "internal" ? event.properties?.["way"] : null;
  return {
    wording: proofText(stated?.[`${prefix}wording`]),
    wordingId: null,
    source: proofText(stated?.[`${prefix}source`]),
    form: event.form ?? null,
    way: WAYS.find((known) => known === way) ?? WAY_OF[event.trust],
    origin: event.origin ?? null,
    agent: event.agent ?? null,
    claimedAt: null,
    sentAt: null,
    clickedAt: null,
  };
}

function proofText(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value.slice(0, 500) : null;
}

/** Puts a line of the consent ledger. */
export function putConsent(entry: ConsentEntry, context: ApplyContext, proof: Proof): void {
  const { record, event, receivedAt, position, rows } = context;
  const { channel, purpose } = channelAndPurpose(entry.key);
  const { wording, wordingId: id, source, form, way, origin, agent, claimedAt, sentAt, clickedAt } = proof;
  const about = [record.id, record.seq, position, event.id, channel, purpose, entry.action, entry.at, receivedAt];
  rows.put("consent_events", `${record.id}|${record.seq}|${position}|${channel}|${purpose}|${entry.action}`, [
    ...about,
    wording,
    id,
    source,
    form,
    way,
    origin,
    agent,
    claimedAt,
    sentAt,
    clickedAt,
  ]);
}

/** Keeps the text of a wording under its id, once. */
export function putWording(wording: Wording, usedAt: number, rows: RowBuffer): string {
  const id = wordingId(wording);
  rows.put("wordings", id, [id, wording.key, wordingVersion(wording.text), wording.language, wording.text, usedAt]);
  return id;
}
