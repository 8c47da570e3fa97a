import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import type { Language, Words } from "../../shared/language";
import { typeset } from "../../shared/language";
import { STYLE } from "./style";

export interface ShopView {
  readonly name: string;
  readonly url: string;
  readonly postalAddress: string;
}

/** What every page is drawn with. */
export interface PageProps {
  readonly language: Language;
  readonly shop: ShopView;
}

/** Words in the page's language, set as it is printed. */
export function say({ language }: { readonly language: Language }, en: string, fr: string): string {
  return typeset(language === "fr" ? fr : en, language);
}

export function words(catalog: Words, language: Language): string {
  return typeset(catalog[language], language);
}

const SWITCH = { en: { lang: "fr", name: "Français" }, fr: { lang: "en", name: "English" } } as const;

/** The frame of every page: the house's name, one sheet, and the other language. */
export function Page({ language, shop, title, children }: PageProps & { title: string; children: Child }) {
  const other = SWITCH[language];
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{`${title} – ${shop.name}`}</title>
        <style>{raw(STYLE)}</style>
      </head>
      <body>
        <div class="sheet">
          <header>
            <span class="lamp" aria-hidden="true" />
            <a class="brand" href={shop.url}>
              {shop.name}
            </a>
          </header>
          <main>
            <h1>{title}</h1>
            {children}
          </main>
          <footer>
            {shop.postalAddress !== "" && <p>{`${shop.name}, ${shop.postalAddress}`}</p>}
            <p>
              <a href={`?lang=${other.lang}`} lang={other.lang} hreflang={other.lang}>
                {other.name}
              </a>
            </p>
          </footer>
        </div>
      </body>
    </html>
  );
}

/** A word on what has just happened; read out when the page opens. */
export function Notice({ children, wrong = false }: { children: Child; wrong?: boolean }) {
  return (
    <div class={wrong ? "notice alert" : "notice"} role={wrong ? "alert" : "status"}>
      {children}
    </div>
  );
}

/** A form that keeps to the page's language. */
export function Form({ language, children }: { language: Language; children: Child }) {
  return (
    <form method="post" action={`?lang=${language}`}>
      {children}
    </form>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly value: string;
  readonly checked?: boolean;
  readonly type?: "checkbox" | "radio";
  readonly hint?: string | undefined;
  readonly describedBy?: string | undefined;
  readonly invalid?: boolean;
  readonly children: Child;
}

/** One box of its own, with all of its text as its label. */
export function Choice({ name, value, checked = false, type = "checkbox", hint, children, ...rest }: ChoiceProps) {
  return (
    <label class="choice">
      <input
        type={type}
        name={name}
        value={value}
        checked={checked}
        {...(rest.describedBy && { "aria-describedby": rest.describedBy })}
        {...(rest.invalid && { "aria-invalid": "true" })}
      />
      <span>
        {children}
        {hint !== undefined && <small>{hint}</small>}
      </span>
    </label>
  );
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly type: "email" | "tel" | "text";
  readonly value?: string;
  readonly autocomplete: string;
  readonly inputmode?: "numeric";
  readonly required?: boolean;
  readonly class?: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly focus?: boolean;
}

/** A labelled field; what is wrong with it stands under it and is named by it. */
export function Field({ id, label, hint, error, focus, value = "", ...input }: FieldProps) {
  const notes = [...(hint ? [`${id}-hint`] : []), ...(error ? [`${id}-error`] : [])].join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={id}
        value={value}
        maxlength={254}
        {...input}
        {...(notes !== "" && { "aria-describedby": notes })}
        {...(error && { "aria-invalid": "true" })}
        {...(focus && { autofocus: true })}
      />
      {hint && (
        <p class="soft small" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="wrong" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}
