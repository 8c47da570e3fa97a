import type { Language } from "../shared/language";

// What filters and readers have learnt to distrust at the head of a letter. A hint, never a refusal.
const WORDS: Readonly<Record<Language, readonly string[]>> = {
  en: [
    "100% free",
    "act now",
    "cash bonus",
    "click here",
    "congratulations",
    "earn money",
    "guaranteed",
    "limited time",
    "no obligation",
    "once in a lifetime",
    "order now",
    "risk-free",
    "urgent",
    "winner",
    "you have been selected",
  ],
  fr: [
    "100 % gratuit",
    "agissez maintenant",
    "argent facile",
    "cliquez ici",
    "dernière chance",
    "félicitations",
    "gagnant",
    "gagnez de l’argent",
    "garanti",
    "offre exceptionnelle",
    "sans engagement",
    "sans risque",
    "urgent",
    "vous avez été sélectionné",
  ],
};

const plain = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[’']/g, "'")
    .replace(/[\s\u00a0\u202f]+/g, " ")
    .toLowerCase();

/** The words of a text that make a spam filter listen up, as the list writes them. */
export function spamWordsIn(text: string, language: Language): readonly string[] {
  const searched = ` ${plain(text)} `;
  return WORDS[language].filter((word) => {
    const at = searched.indexOf(plain(word));
    if (at < 0) return false;
    const [before = " ", after = " "] = [searched[at - 1], searched[at + plain(word).length]];
    return !/\p{L}/u.test(before) && !/\p{L}/u.test(after);
  });
}
