import * as z from "zod";
import { number } from "../compile";
import type { Read } from "../condition";
import { condition } from "../condition";
import { countedInWords } from "../count-words";
import { hinted } from "../hint";
import { placeOf, placeSql, placesOf } from "../sample";
import { numberInWords, yesOrNo } from "../shown";

const seed = hinted(z.string().max(100).default(""), { words: { en: "Name of the draw", fr: "Nom du tirage" } });

/** So many percent of everybody, the same ones whenever it is asked. Another `seed` is another sample. */
export const samplePercent = condition({
  title: { en: "A draw of some percent", fr: "Un tirage en pourcentage" },
  params: z.strictObject({
    percent: hinted(z.number().min(0.01).max(100).multipleOf(0.01), { words: { en: "Percent", fr: "Pour cent" } }),
    seed,
  }),
  describe({ percent }, { language }) {
    const share = numberInWords(percent, language);
    return language === "fr"
      ? `fait partie de ${share}\u00a0% des contacts, tirés au sort`
      : `is among ${share}% of the contacts, drawn by lot`;
  },
  test: ({ head }, { percent, seed: of }) => placeOf(head, of) < placesOf(percent),
  sql: ({ percent, seed: of }) => `${placeSql("c.id", of)} < ${number(placesOf(percent))}`,
  found: ({ head }, { percent, seed: of }, _moment, { language }) =>
    yesOrNo(placeOf(head, of) < placesOf(percent), language),
  weight: 2,
  isDrawn: true,
  example: { percent: 10, seed: "spring" },
});

/** Those who come first by their places; new contacts may take somebody's. */
function drawn(count: number, of: string): string {
  return (
    `(SELECT d.id FROM contacts d WHERE d.status = 'verified' ` +
    `ORDER BY ${placeSql("d.id", of)}, d.id LIMIT ${number(count)})`
  );
}

function drawnRead(count: number, of: string): Read {
  return {
    key: `sample:${count}:${of}`,
    own: true,
    sql: (_compilation, whose) =>
      `SELECT h.id AS contact, 1 AS drawn FROM contacts h WHERE h.id ${whose} AND h.id IN ${drawn(count, of)}`,
  };
}

const CONTACTS = {
  one: { en: "contact drawn", fr: "contact tiré" },
  many: { en: "contacts drawn", fr: "contacts tirés" },
};

/** So many contacts, drawn from all who are known: what else a rule asks is asked of those. */
export const sampleCount = condition({
  title: { en: "A draw of some contacts", fr: "Un tirage de quelques contacts" },
  params: z.strictObject({
    count: hinted(z.number().int().min(1).max(1_000_000), { words: { en: "Contacts", fr: "Contacts" } }),
    seed,
  }),
  describe({ count }, reader) {
    const drawn = countedInWords(count, CONTACTS, reader);
    return reader.language === "fr"
      ? `fait partie de ${drawn} au sort parmi tous`
      : `is among ${drawn} by lot from all`;
  },
  test: ({ rows }, { count, seed: of }) => (rows?.[drawnRead(count, of).key] ?? []).length > 0,
  sql: ({ count, seed: of }) => `c.id IN ${drawn(count, of)}`,
  found: ({ rows }, { count, seed: of }, _moment, { language }) =>
    yesOrNo((rows?.[drawnRead(count, of).key] ?? []).length > 0, language),
  reads: ({ count, seed: of }) => [drawnRead(count, of)],
  isDrawn: true,
  isOfAll: true,
  example: { count: 1_000, seed: "spring" },
});
