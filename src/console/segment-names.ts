import { mentionsOf } from "../scenarios/segment-use";
import type { Terms } from "../segments/compile";
import { RFM_FAMILY } from "../segments/rfm/run";
import type { Services } from "../services";
import type { LiveFamily } from "../services/segments/families";
import { readSnapshot } from "../services/segments/families";
import type { Language, Words } from "../shared/language";
import { segmentName } from "./words/rfm";

/** A family as the page's reader calls it and its segments. */
export function inLanguage(family: LiveFamily, language: Language): LiveFamily {
  const said = ({ name, words }: { readonly name: string; readonly words?: Words }): string =>
    words?.[language] ?? name;
  const nameOf = (part: LiveFamily["parts"][number]): string =>
    family.key === RFM_FAMILY ? segmentName(part.key, part.name, language) : said(part);
  return { ...family, name: said(family), parts: family.parts.map((part) => ({ ...part, name: nameOf(part) })) };
}

/** The segments of families by their keys: one of several with the name of its family in front of its own. */
export function namesOf(
  families: readonly LiveFamily[],
  language: Language,
): readonly { readonly family: string; readonly segment: string; readonly name: string }[] {
  return families
    .map((family) => inLanguage(family, language))
    .flatMap(({ key: family, name: title, parts }) =>
      parts.map(({ key: segment, name }) => {
        const colon = language === "fr" ? " :" : ":";
        return { family, segment, name: parts.length > 1 ? `${title}${colon} ${name}` : name };
      }),
    );
}

/** The shop's terms, with what segments are called where a rule in `about`, however deep, looks at any. */
export async function namedTerms(services: Services, about: unknown): Promise<Terms> {
  if (mentionsOf(about).length === 0) return services.terms;
  const { families } = await readSnapshot(services);
  const [en, fr] = [namesOf(families, "en"), namesOf(families, "fr")];
  return {
    ...services.terms,
    segment(family, segment) {
      const index = en.findIndex((one) => one.family === family && one.segment === segment);
      return index < 0 ? undefined : { en: en[index]?.name ?? "", fr: fr[index]?.name ?? "" };
    },
  };
}
