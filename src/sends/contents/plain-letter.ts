import type { Language } from "../../shared/language";
import type { Content, EmailText } from "../content";
import { greeting, paragraph, signature, title } from "./blocks";
import { letter } from "./layout";

/** What most letters begin with, in one language. */
interface Opening {
  readonly subject: string;
  readonly preheader: string;
  readonly title: string;
  readonly intro: string;
}

/** A letter that begins with its title, a greeting and an introduction, and ends with the signature. */
export function plainLetter(
  { subject, preheader, title: heading, intro }: Opening,
  language: Language,
  blocks: readonly string[],
  kind: Content["class"] = "marketing",
): EmailText {
  const all = [title(heading), greeting(language), paragraph(intro), ...blocks, signature(language)];
  return { subject, preheader, html: letter(language, all, kind) };
}
