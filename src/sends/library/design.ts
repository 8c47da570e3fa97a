import type { Language, Words } from "../../shared/language";
import { LANGUAGES } from "../../shared/language";
import type { Content, Need } from "../content";
import { typeset } from "../contents/blocks";

/** A letter of the library: MJML to begin with, that a shop makes its own by publishing it. */
export interface Design {
  /** The key that it is published under where none other is chosen. */
  readonly key: string;
  readonly class: Content["class"];
  readonly needs: readonly Need[];
  readonly title: Words;
  /** What it is for, in one sentence. */
  readonly purpose: Words;
  readonly texts: Readonly<
    Record<Language, { readonly subject: string; readonly preheader: string; readonly mjml: string }>
  >;
}

interface Head {
  readonly subject: string;
  readonly preheader: string;
}

type Described = Pick<Design, "key" | "title" | "purpose"> & Partial<Pick<Design, "class" | "needs">>;

/** Makes a design of its words in both languages and of how they are laid out. */
export function design<Copy extends Head>(
  about: Described,
  copies: Readonly<Record<Language, Copy>>,
  layout: (copy: Copy, language: Language) => string,
): Design {
  const texts = Object.fromEntries(
    LANGUAGES.map((language) => {
      const copy = typeset(copies[language], language);
      const { subject, preheader } = copy;
      return [language, { subject, preheader, mjml: layout(copy, language) }];
    }),
  ) as Design["texts"];
  return { class: "marketing", needs: [], ...about, texts };
}
