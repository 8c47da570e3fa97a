import * as z from "zod";
import type { Language } from "../../shared/language";
import { block } from "../block";

const key = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,39}$/, "must be a lower-case letter followed by letters, digits, _ and -");

const params = z.strictObject({
  /** A simple segment, or an exclusive family. */
  family: key,
  /** Left out: from anywhere. Null: from none of the family. */
  from: key.nullable().optional(),
  /** Left out: to anywhere else. Null: out of the family. */
  to: key.nullable().optional(),
});

type Place = string | null | undefined;

function placeWords(place: Place, language: Language): string {
  if (place === undefined) return language === "fr" ? "n’importe où" : "anywhere";
  if (place === null) return language === "fr" ? "aucun" : "none";
  return language === "fr" ? `« ${place} »` : `“${place}”`;
}

export const startSegment = block({
  category: "start",
  title: { en: "When a contact moves between segments", fr: "Quand un contact change de segment" },
  icon: "⇄",
  params,
  outputs: ["next"],
  example: { family: "level", to: "gold" },
  describe({ family, from, to }, language) {
    const [before, after] = [placeWords(from, language), placeWords(to, language)];
    return language === "fr"
      ? `Démarre quand un contact passe, dans « ${family} », de ${before} à ${after}.`
      : `Starts when a contact moves, within “${family}”, from ${before} to ${after}.`;
  },
  traits: () => ({}),
  trigger: ({ family, from, to }) => ({ kind: "segment", family, from, to }),
  enter: () => ({ do: "go", output: "next" }),
});
