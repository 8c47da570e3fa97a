import { normaliseEmail, normalisePhone } from "../../contacts/address";
import type { LedgerEvent } from "../../events/event";
import { checkTree } from "../../events/tree";
import { consentsOf } from "./consents";
import type { EventKind, LineContext, ReadLine } from "./kind";
import { statedTime, TIME_FORMS } from "./stated-time";
import { textOf } from "./value";

/** Columns that become fields of the contact as they are, where they have the form that the field wants. */
const FIELDS: Readonly<Record<string, RegExp>> = {
  first_name: /./,
  last_name: /./,
  civility: /./,
  language: /^[A-Za-z]{2}([-_].*)?$/,
  country: /^[A-Za-z]{2}$/,
  timezone: /^[A-Za-z]+(\/[A-Za-z0-9_+-]+)*$/,
  birth_date: /^\d{4}-\d{2}-\d{2}$/,
};

const IDENTITIES = ["external_id", "email", "phone", "created_at"];
const CONSENTS = ["consent_email", "consent_sms", "consent_push", "consent_source", "consent_at", "consent_wording"];
const OWN = new Set([...IDENTITIES, ...CONSENTS, ...Object.keys(FIELDS)]);
/** Names that an identify call gives a meaning of its own: as a column they would pass for it. */
const RESERVED = new Set(["consent", "id", "anonymousId", "firstName", "lastName", "locale"]);

/** A contact a line. History: it starts nothing, and what is known already is only added to. */
export const contacts: EventKind = {
  title: { en: "Contacts", fr: "Contacts" },
  columns: [...OWN],
  formats: ["csv", "ndjson"],
  times: ["created_at", "consent_at"],
  days: ["birth_date"],
  write: "events",
  read(value, context) {
    const fault = checkTree(value);
    if (fault) return { ok: false, reason: `${fault.pointer} ${fault.detail}` };
    const user = textOf(value["external_id"]);
    const stated = textOf(value["email"]);
    const email = normaliseEmail(stated);
    if (stated !== null && email === null) return { ok: false, reason: "email is not an address" };
    if (user === null && email === null) return { ok: false, reason: "has neither external_id nor email" };
    if (user !== null && user.length > 255) return { ok: false, reason: "external_id is longer than 255 characters" };
    return contactEvent(value, user, email, context);
  },
};

function contactEvent(
  value: Readonly<Record<string, unknown>>,
  user: string | null,
  email: string | null,
  context: LineContext,
): ReadLine {
  const warnings: string[] = [];
  const consents = consentsOf(value, context, warnings);
  const event: LedgerEvent = {
    id: context.id,
    type: "identify",
    name: "",
    at: createdAt(value["created_at"], context.receivedAt, warnings),
    trust: "import",
    ...(user !== null && { user }),
    traits: {
      ...attributesOf(value, warnings),
      ...fieldsOf(value, warnings),
      ...(email !== null && { email }),
      ...phoneOf(value, warnings),
      ...consents,
    },
  };
  return { ok: true, item: event, warnings };
}

/** A contact without a date is known from the beginning of time: whatever is told of it comes later. */
function createdAt(value: unknown, receivedAt: number, warnings: string[]): number {
  if (textOf(value) === null) return 0;
  const at = statedTime(value);
  if (at === null) warnings.push(`created_at was left out, as it is not a time: ${TIME_FORMS}`);
  return at === null ? 0 : Math.min(at, receivedAt);
}

function fieldsOf(value: Readonly<Record<string, unknown>>, warnings: string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [name, form] of Object.entries(FIELDS)) {
    const text = textOf(value[name]);
    if (text === null) continue;
    if (form.test(text)) fields[name] = text;
    else warnings.push(`${name} has not the form that is wanted and was left out`);
  }
  return fields;
}

function phoneOf(value: Readonly<Record<string, unknown>>, warnings: string[]): { phone?: string } {
  const text = textOf(value["phone"]);
  if (text === null) return {};
  const phone = normalisePhone(text, textOf(value["country"])?.toUpperCase() ?? null);
  if (phone !== null) return { phone };
  warnings.push("phone is not a mobile number, or its country is missing; it was left out");
  return {};
}

function attributesOf(value: Readonly<Record<string, unknown>>, warnings: string[]): Record<string, unknown> {
  const attributes: Record<string, unknown> = {};
  for (const [name, attribute] of Object.entries(value)) {
    if (OWN.has(name) || attribute === null || attribute === "") continue;
    if (RESERVED.has(name)) warnings.push(`${name} cannot be the name of an attribute and was left out`);
    else attributes[name] = attribute;
  }
  return attributes;
}
