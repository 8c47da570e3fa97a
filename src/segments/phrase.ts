import type { Language, Words } from "../shared/language";
import type { Cell } from "./facts";
import type { Field, Filter } from "./field";
import { operatorOf } from "./operators";
import type { Reader } from "./reader";
import { quoted, shown, yesOrNo } from "./shown";

/** What of a field its sentences need. */
export type Named = Pick<Field, "type" | "words" | "choices" | "feminine" | "said" | "unsaid" | "many" | "round">;

/** A contact has something, a row comes with it. */
type Lead = "has" | "with";

const LEADS: Readonly<Record<Lead, Words>> = { has: { en: "has", fr: "a" }, with: { en: "with", fr: "avec" } };

const isVowel = (text: string): boolean => /^[“«\s]*[aeiouyàâéèêëîïôœ]/i.test(text);

/** `de commandes`, `d’avis`. */
export function ofWhat(noun: string): string {
  return isVowel(noun) ? `d’${noun}` : `de ${noun}`;
}

function withArticle({ words, feminine }: Named, language: Language): string {
  if (language === "fr") return `${feminine ? "une" : "un"} ${words.fr}`;
  return `${isVowel(words.en) ? "an" : "a"} ${words.en}`;
}

/** What is said of a field whose words are a clause by themselves, such as `opened by a person`. */
function clause(field: Named, said: Words, form: string, words: string, { language }: Reader): string {
  const not = field.unsaid?.[language] ?? `${language === "fr" ? "non" : "not"} ${said[language]}`;
  if (form === "unknown") return not;
  if (form === "known") return said[language];
  if (form === "yes") return words === yesOrNo(true, language) ? said[language] : not;
  const round = field.round?.[language];
  return `${form === "round" && round ? round : said[language]} ${words}`;
}

const FORMS: Readonly<Record<string, (noun: string, a: string, words: string, lead: Lead) => Words>> = {
  as: (noun, _a, words) => ({ en: `${words} as ${noun}`, fr: `pour ${noun} ${words}` }),
  of: (_noun, a, words) => ({ en: `${a} ${words}`, fr: `${a} ${words}` }),
  falls: (_noun, a, words) => ({ en: `${a} that is ${words}`, fr: `${a} qui se situe ${words}` }),
  round: (_noun, a, words) => ({ en: `${a} that comes round ${words}`, fr: `${a} dont l’anniversaire tombe ${words}` }),
  known: (_noun, a) => ({ en: a, fr: a }),
  yes: (_noun, a, words) => ({ en: `${a} set to ${words}`, fr: `${a} à « ${words} »` }),
};

/** A value as it is called: one out of a closed list by its words. */
export function valueInWords({ type, choices }: Pick<Named, "type" | "choices">, value: Cell, reader: Reader): string {
  const choice = choices?.[String(value)];
  return choice ? quoted(choice[reader.language], reader.language) : shown(type, value, reader);
}

/** What is asked of a field, as something that a contact has or that a row comes with. */
export function phrase(field: Named, { op, value }: Pick<Filter, "op" | "value">, reader: Reader, lead: Lead): string {
  const { language } = reader;
  const operator = operatorOf(field.type, op);
  if (!operator) return field.words[language];
  const words = operator.words(value, reader, (one) => valueInWords(field, one, reader));
  const { form } = operator;
  if (field.said) return clause(field, field.said, form, words, reader);
  const [noun, a] = [field.words[language], withArticle(field, language)];
  if (form === "unknown") {
    if (lead === "has") return language === "fr" ? `n’a pas ${ofWhat(noun)}` : `has no ${noun}`;
    return language === "fr" ? `sans ${noun}` : `without ${a}`;
  }
  const made = FORMS[form]?.(noun, a, words, lead);
  return `${LEADS[lead][language]} ${made?.[language] ?? noun}`;
}

function ofMany(field: Named): Named {
  return field.said && field.many !== undefined ? { ...field, said: { ...field.said, fr: field.many } } : field;
}

/** What is asked of rows, all of it, as they come with it; `isMany` where it stands with more than one of them. */
export function phrases(
  fields: Readonly<Record<string, Named>>,
  filters: readonly Filter[],
  reader: Reader,
  isMany = false,
): string {
  const known = filters.flatMap((filter) => {
    const field = fields[filter.field];
    return field ? [phrase(isMany ? ofMany(field) : field, filter, reader, "with")] : [];
  });
  return known.join(reader.language === "fr" ? " et " : " and ");
}
