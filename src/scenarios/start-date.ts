import * as z from "zod";
import { birthdayHolds } from "../contacts/birth-date";
import type { Profile } from "../contacts/profile";
import { attributeDate, birthDate, momentDate, pointsDate } from "./date-expression";

export const startDateInput = z.discriminatedUnion("field", [
  birthDate.extend({
    /** Only dates that have stood for 30 days: nobody states one for the sake of what a birthday brings. */
    settled: z.boolean().default(false),
  }),
  attributeDate,
  momentDate,
  pointsDate,
]);

/** The dates of a contact on which somebody can be let in. */
export type StartDate = z.output<typeof startDateInput>;

/** Whether a start may let somebody in on their date at `at` (epoch ms), as far as the date itself goes. */
export function countsAt(date: StartDate, birth: Pick<Profile, "birthDate" | "birthDateSetAt">, at: number): boolean {
  return date.field !== "birth_date" || !date.settled || birthdayHolds(birth, at);
}

/** What makes a run unique that a date began: the year or the day of the date, which others may call the same. */
export function dateKey(date: StartDate, key: string): string {
  return `${date.field === "attribute" ? `attribute.${date.name}` : date.field}:${key}`;
}
