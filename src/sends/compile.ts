import type { Language } from "../shared/language";
import type {
  Content,
  ContentText,
  EmailContent,
  EmailText,
  NoticeContent,
  NoticeText,
  SmsContent,
  SmsText,
} from "./content";
import { textIn } from "./content";
import { textTemplateOf } from "./plain-text";
import { type Parsed, parseTemplate } from "./template";

export interface CompiledEmail {
  readonly subject: Parsed;
  readonly html: Parsed;
  readonly text: Parsed;
}

export interface CompiledSms {
  readonly body: Parsed;
}

export interface CompiledNotice {
  readonly title: Parsed;
  readonly body: Parsed;
  readonly url: Parsed | null;
}

const MAX_CACHED = 256;

const FOOTERS: Readonly<Record<Language, string>> = {
  en:
    '<p>{{ shop.postal_address }}</p><p>{% if link.preferences %}<a href="{{ link.preferences }}">My preferences</a> · ' +
    '{% endif %}<a href="{{ link.unsubscribe }}">Unsubscribe</a></p>',
  fr:
    '<p>{{ shop.postal_address }}</p><p>{% if link.preferences %}<a href="{{ link.preferences }}">Mes préférences</a> · ' +
    '{% endif %}<a href="{{ link.unsubscribe }}">Se désabonner</a></p>',
};

const PIXEL =
  '{% if link.open %}<img src="{{ link.open }}" width="1" height="1" alt="" ' +
  'style="display:block;width:1px;height:1px;border:0">{% endif %}';

const HIDDEN = "display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;mso-hide:all";

/** Blank characters after the preheader keep mail programs from filling its line with the body's first words. */
function preheaderOf(preheader: string): string {
  return `<div style="${HIDDEN}" aria-hidden="true">${preheader}${"&#8199;&#65279;&#847; ".repeat(24)}</div>`;
}

function beforeBodyEnd(html: string, addition: string): string {
  const at = html.search(/<\/body\s*>/i);
  return at < 0 ? html + addition : html.slice(0, at) + addition + html.slice(at);
}

function asDocument(html: string, language: Language): string {
  if (/<body[\s>]/i.test(html)) return html;
  const head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">';
  return `<!doctype html><html lang="${language}"><head>${head}</head><body>${html}</body></html>`;
}

/** A marketing template that leaves out what the law asks for gets it as a footer. */
function withFooter(html: string, kind: Content["class"], language: Language): string {
  const complete = html.includes("link.unsubscribe") && html.includes("shop.postal_address");
  return kind === "transactional" || complete ? html : beforeBodyEnd(html, FOOTERS[language]);
}

function parseEmail(text: EmailText, kind: Content["class"], language: Language): CompiledEmail {
  const body = withFooter(asDocument(text.html, language), kind, language);
  const opened = body.replace(/<body[^>]*>/i, (tag) => tag + preheaderOf(text.preheader));
  return {
    subject: parseTemplate(text.subject, "text"),
    html: parseTemplate(beforeBodyEnd(opened, PIXEL), "html"),
    text: parseTemplate(textTemplateOf(body), "text"),
  };
}

interface Entry<Text, Compiled> {
  readonly text: Text;
  readonly compiled: Compiled;
}

/**
 * Remembers what a content was parsed to, by key, version and language. The text itself is compared as well,
 * so that the preview of one draft never shows the parse of another with the same version.
 */
function remember<Text extends ContentText, Compiled>(
  parse: (text: Text, kind: Content["class"], language: Language) => Compiled,
): (content: Content, text: Text, language: Language) => Compiled {
  const entries = new Map<string, Entry<Text, Compiled>>();
  const same = (a: Text, b: Text) =>
    a === b || (Object.keys({ ...a, ...b }) as (keyof Text)[]).every((name) => a[name] === b[name]);
  return (content, text, language) => {
    const name = `${content.key} ${content.version} ${content.class} ${language}`;
    const entry = entries.get(name);
    if (entry !== undefined && same(entry.text, text)) return entry.compiled;
    const compiled = parse(text, content.class, language);
    if (entry === undefined && entries.size >= MAX_CACHED) entries.delete(entries.keys().next().value ?? name);
    entries.set(name, { text, compiled });
    return compiled;
  };
}

const emails = remember(parseEmail);
const texts = remember((text: SmsText): CompiledSms => ({ body: parseTemplate(text.body, "text") }));
const notices = remember(
  ({ title, body, url }: NoticeText): CompiledNotice => ({
    title: parseTemplate(title, "text"),
    body: parseTemplate(body, "text"),
    url: url === undefined ? null : parseTemplate(url, "text"),
  }),
);

/** The parsed templates of one language of a notice. @throws ContentFault `template_invalid`, `template_too_heavy` */
export function compileNotice(content: NoticeContent, language: Language): CompiledNotice {
  return notices(content, textIn(content.texts, language), language);
}

/** The parsed templates of one language of an email. @throws ContentFault `template_invalid`, `template_too_heavy` */
export function compileEmail(content: EmailContent, language: Language): CompiledEmail {
  return emails(content, textIn(content.texts, language), language);
}

/** The parsed template of one language of an SMS. @throws ContentFault `template_invalid`, `template_too_heavy` */
export function compileSms(content: SmsContent, language: Language): CompiledSms {
  return texts(content, textIn(content.texts, language), language);
}
