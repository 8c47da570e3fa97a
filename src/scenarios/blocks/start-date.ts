import { block } from "../block";
import { datesAsk } from "../date-expression";
import { dateInWords } from "../date-words";
import { startDateInput } from "../start-date";

const SETTLED = {
  en: ", if the date has been known for 30 days",
  fr: ", si la date est connue depuis 30 jours",
} as const;

export const startDate = block({
  category: "start",
  title: { en: "On a date of the contact", fr: "À une date du contact" },
  icon: "▩",
  params: startDateInput,
  outputs: ["next"],
  example: { field: "birth_date", offset_days: 0, at: "09:00", feb29: "feb28", tz: "contact", settled: true },
  describe(date, language) {
    const settled = date.field === "birth_date" && date.settled ? SETTLED[language] : "";
    const words = dateInWords(date, language);
    return language === "fr" ? `Démarre ${words}${settled}.` : `Starts ${words}${settled}.`;
  },
  traits: (date) => ({ asks: datesAsk(date) }),
  trigger: (date) => ({ kind: "date", date }),
  enter: () => ({ do: "go", output: "next" }),
});
