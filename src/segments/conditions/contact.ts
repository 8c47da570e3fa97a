import * as z from "zod";
import { condition } from "../condition";
import type { Cell, Facts } from "../facts";
import type { Field } from "../field";
import { filterInput, filterSql } from "../filter";
import { holds } from "../operators";
import { phrase } from "../phrase";
import { shown } from "../shown";

type ContactField = Field & { readonly cell: (facts: Facts) => Cell };

const text = (sql: string, cell: ContactField["cell"], en: string, fr: string): ContactField => {
  return { type: "text", sql, cell, words: { en, fr } };
};
const feminine = (field: ContactField): ContactField => ({ ...field, feminine: true });

/** What a contact's own row says of them. */
const FIELDS: Readonly<Record<string, ContactField>> = {
  external_id: text("c.external_id", ({ profile }) => profile.externalId, "external id", "identifiant externe"),
  email: feminine(text("c.email", ({ profile }) => profile.email, "email address", "adresse e-mail")),
  phone: text("c.phone", ({ profile }) => profile.phone, "phone number", "numéro de téléphone"),
  first_name: text("c.first_name", ({ profile }) => profile.firstName, "first name", "prénom"),
  last_name: text("c.last_name", ({ profile }) => profile.lastName, "last name", "nom"),
  civility: feminine(text("c.civility", ({ profile }) => profile.civility, "title", "civilité")),
  language: feminine(text("c.language", ({ profile }) => profile.language, "language", "langue")),
  country: text("c.country", ({ profile }) => profile.country, "country", "pays"),
  timezone: text("c.timezone", ({ profile }) => profile.timezone, "time zone", "fuseau horaire"),
  birth_date: {
    type: "date",
    sql: "c.birth_date",
    cell: ({ profile }) => profile.birthDate,
    words: { en: "date of birth", fr: "date de naissance" },
    feminine: true,
    said: { en: "was born", fr: "est né(e)" },
    unsaid: { en: "has no date of birth", fr: "n’a pas de date de naissance" },
    round: { en: "has a birthday", fr: "fête son anniversaire" },
  },
  created_at: {
    type: "time",
    sql: "c.created_at",
    cell: ({ profile }) => profile.createdAt,
    words: { en: "created", fr: "créé" },
    said: { en: "was created", fr: "a été créé" },
    unsaid: { en: "was never created", fr: "n’a jamais été créé" },
  },
  seen_at: {
    type: "time",
    sql: "c.seen_at",
    cell: ({ seenAt }) => seenAt,
    words: { en: "last seen", fr: "vu pour la dernière fois" },
    said: { en: "was last seen", fr: "a été vu pour la dernière fois" },
    unsaid: { en: "was never seen", fr: "n’a jamais été vu" },
  },
};

/** What one of a contact's own fields says. */
export const contact = condition({
  title: { en: "What is known of the contact", fr: "Ce que l’on sait du contact" },
  params: filterInput(FIELDS),
  describe(filter, reader) {
    const known = FIELDS[filter.field];
    return known ? phrase(known, filter, reader, "has") : filter.field;
  },
  test(facts, { field, op, value }, moment) {
    const known = FIELDS[field];
    return known !== undefined && holds(known.type, op, known.cell(facts), value, moment);
  },
  sql: (filter, compilation) => filterSql(FIELDS, filter, compilation),
  found(facts, { field }, _moment, reader) {
    const known = FIELDS[field];
    return known ? shown(known.type, known.cell(facts), reader) : "";
  },
  weight: 1,
  example: { field: "birth_date", op: "anniversary", value: { from: 0, to: 7 } },
});

/**
 * Names that may stand within the quotes of a path of JSON: letters and digits of any language, and what people put between
 * them. A quote or a backslash would end or change the path.
 */
export const attributeName = z
  .string()
  .regex(
    /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_ .'’°/&+%#()?:,-]{0,63}$/u,
    "is not a name: a letter or digit, then up to 63 letters, digits, spaces or signs such as . - ’ ° /",
  );
