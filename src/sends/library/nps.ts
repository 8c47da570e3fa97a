import { design } from "./design";
import { copy, greeting, letter, need, note, sheet, signature, title } from "./parts";

const STEP =
  "display:inline-block;min-width:30px;margin:0 4px 8px 0;padding:9px 4px;border:1px solid {{ brand.rule }};border-radius:{{ brand.radius }}px;" +
  "text-align:center;text-decoration:none;color:{{ brand.ink }};background:{{ brand.tint }}";

/** Eleven links to the page that asks: the mark is only kept once it is confirmed there. */
function scale(label: string): string {
  const steps = Array.from(
    { length: 11 },
    (_, mark) =>
      `<a class="i tint no-text" href="{{ link.nps }}" aria-label="${label} ${mark}" style="${STEP}">${mark}</a>`,
  );
  return copy(steps.join(""));
}

/** One question, from nought to ten. */
export const nps = design(
  {
    key: "nps",
    title: { en: "Feedback (NPS)", fr: "Avis (NPS)" },
    purpose: {
      en: "Asks how likely somebody is to recommend the shop.",
      fr: "Demande si l’on recommanderait la boutique.",
    },
  },
  {
    en: {
      subject: "One question, if you have a moment",
      preheader: "From nought to ten: how did we do?",
      title: "How did we do?",
      intro: "How likely are you to recommend {{ shop.name }} to somebody you know?",
      mark: "Mark",
      ends: "0: not at all. 10: without hesitating.",
      action: "Give my answer",
      note: "It takes ten seconds, and we read every answer.",
    },
    fr: {
      subject: "Une question, si vous avez un instant",
      preheader: "De zéro à dix : qu’avez-vous pensé de nous ?",
      title: "Qu’en avez-vous pensé ?",
      intro: "Recommanderiez-vous {{ shop.name }} à quelqu’un de votre entourage ?",
      mark: "Note",
      ends: "0 : pas du tout. 10 : sans hésiter.",
      action: "Donner ma réponse",
      note: "Cela prend dix secondes, et nous lisons chaque réponse.",
    },
  },
  (words, language) =>
    letter(language, [
      need("link.nps", "drop", [
        sheet([
          title(words.title),
          greeting(language),
          copy(words.intro),
          scale(words.mark),
          note(words.ends),
          copy(`<a href="{{ link.nps }}" class="i" style="color:{{ brand.ink }}">${words.action}</a>`),
          note(words.note),
        ]),
      ]),
      signature(language),
    ]),
);
