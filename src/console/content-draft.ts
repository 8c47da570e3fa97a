import type { Content } from "../sends/content";
import type { ContentInput } from "../sends/input";
import { contentInput } from "../sends/input";
import type { Design } from "../sends/library/design";
import type { FieldError } from "../shared/fault";
import { Fault } from "../shared/fault";
import type { Language } from "../shared/language";
import { LANGUAGES } from "../shared/language";
import { pointersOf } from "../shared/pointer";

/** Fields of one language, by the names that their channel gives them. */
type DraftText = Readonly<Record<string, string>>;

/** What stands in the editor's form. */
export interface ContentDraft {
  readonly key: string;
  readonly channel: Content["channel"];
  readonly class: Content["class"];
  readonly needs: readonly string[];
  /** How an email's body is written. */
  readonly format: "mjml" | "html";
  readonly texts: Readonly<Record<Language, DraftText>>;
}

const CHANNELS_OF_CONTENTS = ["email", "sms", "push", "wallet", "print"] as const;

/** The fields of a text, in the order of the form. */
export function fieldsOf(channel: Content["channel"]): readonly string[] {
  if (channel === "email") return ["subject", "preheader", "body"];
  if (channel === "push") return ["title", "body", "url"];
  return channel === "sms" ? ["body"] : ["title", "body"];
}

const EMPTY: ContentDraft["texts"] = { en: {}, fr: {} };

export function emptyDraft(channel: string | undefined): ContentDraft {
  const known = CHANNELS_OF_CONTENTS.find((one) => one === channel) ?? "email";
  return { key: "", channel: known, class: "marketing", needs: [], format: "mjml", texts: EMPTY };
}

export function draftOfDesign({ key, class: kind, needs, texts }: Design): ContentDraft {
  const shown = (language: Language): DraftText => {
    const { subject, preheader, mjml } = texts[language];
    return { subject, preheader, body: mjml };
  };
  return { key, channel: "email", class: kind, needs, format: "mjml", texts: { en: shown("en"), fr: shown("fr") } };
}

export function draftOfContent({ key, channel, class: kind, needs, texts }: Content): ContentDraft {
  const found = LANGUAGES.flatMap((language) => texts[language] ?? []);
  const format = found.some((text) => "mjml" in text && text.mjml !== undefined) ? "mjml" : "html";
  const shown = (language: Language): DraftText => {
    const text = (texts[language] ?? {}) as Readonly<Record<string, string | undefined>>;
    const { html, mjml, ...rest } = text;
    const fields = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, value ?? ""]));
    return channel === "email" ? { ...fields, body: mjml ?? html ?? "" } : fields;
  };
  return { key, channel, class: kind, needs, format, texts: { en: shown("en"), fr: shown("fr") } };
}

/** What was posted, whatever is wrong with it. */
export function readContentDraft(form: URLSearchParams): ContentDraft {
  const channel = CHANNELS_OF_CONTENTS.find((one) => one === form.get("channel")) ?? "email";
  const read = (language: Language): DraftText =>
    Object.fromEntries(
      fieldsOf(channel).map((field) => {
        const text = (form.get(`${language}.${field}`) ?? "").replace(/\r\n/g, "\n");
        return [field, field === "body" ? text : text.trim()];
      }),
    );
  return {
    key: (form.get("key") ?? "").trim(),
    channel,
    class: form.get("class") === "transactional" ? "transactional" : "marketing",
    needs: form.getAll("needs"),
    format: form.get("format") === "html" ? "html" : "mjml",
    texts: { en: read("en"), fr: read("fr") },
  };
}

function isEmpty(text: DraftText): boolean {
  return Object.values(text).every((value) => value.trim() === "");
}

/** A draft as the API takes it. Throws invalid-input with the places of what does not fit. */
export function inputOf(draft: ContentDraft): ContentInput {
  const text = (language: Language): unknown => {
    const { body = "", ...rest } = draft.texts[language];
    if (draft.channel === "email") return { ...rest, [draft.format]: body };
    const { url = "", ...words } = draft.texts[language];
    return url === "" ? words : { ...words, url };
  };
  const texts = Object.fromEntries(
    LANGUAGES.filter((language) => !isEmpty(draft.texts[language])).map((language) => [language, text(language)]),
  );
  const { key, channel, class: kind, needs } = draft;
  const parsed = contentInput.safeParse({ key, channel, class: kind, needs, texts });
  if (!parsed.success) throw new Fault("invalid-input", "The content does not fit.", pointersOf(parsed.error));
  return parsed.data;
}

/** What a fault says of a draft, with its places. */
export function problemsOf(fault: Fault): readonly FieldError[] {
  return fault.errors.length > 0 ? fault.errors : [{ pointer: "", detail: fault.detail }];
}
