import type { Words } from "../shared/language";

/** Why a family cannot be computed, in a marketer's words. Adding a reason is a line here. */
export const FAILURES = {
  too_much: {
    en: "The database cannot take as many conditions at once. Use fewer, or make several segments of it.",
    fr: "La base de données ne peut pas traiter autant de conditions à la fois. Réduisez-les, ou faites-en plusieurs segments.",
  },
  refused: {
    en: "The database refuses to compute it. What it says is in the log.",
    fr: "La base de données refuse de le calculer. Sa réponse est dans le journal technique.",
  },
  looks_at_failed: {
    en: "It looks at a segment that cannot be computed.",
    fr: "Il regarde un segment qui ne peut pas être calculé.",
  },
} as const satisfies Record<string, Words>;

export type FailureCode = keyof typeof FAILURES;

/** What an error of the database comes to. Its own words are for the log. */
export function failureOf(error: unknown): FailureCode {
  return /toobig|too (big|long|many)|too large|nomem|out of memory|exceeded/i.test(String(error))
    ? "too_much"
    : "refused";
}
