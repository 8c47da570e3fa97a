import type { FeedbackKind } from "../../sends/message";
import type { FeedbackDraft } from "../feedback";
import { QUESTIONS } from "../feedback";
import { Form, Notice, Page, type PageProps, say, words } from "./page";

/** What is missing of an answer. */
export type FeedbackFault = "score" | "product";

interface FeedbackProps extends PageProps {
  readonly kind: FeedbackKind;
  readonly draft: FeedbackDraft;
  /** What a review may be about. */
  readonly products: readonly { readonly product_id: string; readonly name: string }[];
  readonly faults: readonly FeedbackFault[];
}

const TEXTS = {
  rating: {
    title: { en: "How did it go?", fr: "Comment s’est passée votre expérience ?" },
    ask: { en: "Your mark, from 1 to 5", fr: "Votre note, de 1 à 5" },
    low: { en: "1: not well at all", fr: "1 : pas du tout bien" },
    high: { en: "5: perfectly", fr: "5 : parfaitement" },
  },
  nps: {
    title: { en: "Would you recommend us?", fr: "Nous recommanderiez-vous ?" },
    ask: { en: "From 0 to 10, to a friend or colleague", fr: "De 0 à 10, à un proche ou à un collègue" },
    low: { en: "0: certainly not", fr: "0 : certainement pas" },
    high: { en: "10: certainly", fr: "10 : certainement" },
  },
  review: {
    title: { en: "What do you think of it?", fr: "Qu’en pensez-vous ?" },
    ask: { en: "Your mark, from 1 to 5", fr: "Votre note, de 1 à 5" },
    low: { en: "1: disappointed", fr: "1 : déçu" },
    high: { en: "5: delighted", fr: "5 : ravi" },
  },
} as const;

/** Asks for a mark and, where somebody likes, for words. */
export function FeedbackPage({ kind, draft, products, faults, ...page }: FeedbackProps) {
  const { language } = page;
  const texts = TEXTS[kind];
  return (
    <Page {...page} title={words(texts.title, language)}>
      {faults.length > 0 && (
        <Notice wrong>
          <p>{say(page, "Something is missing: see below.", "Il manque quelque chose : voyez ci-dessous.")}</p>
        </Notice>
      )}
      <Form language={language}>
        <input type="hidden" name="do" value="say" />
        {products.length > 0 && <ProductField {...page} {...{ draft, products, faults }} />}
        <Scale {...page} {...{ kind, draft, faults }} />
        {kind === "review" && (
          <div class="field">
            <label for="title">{say(page, "In a few words", "En quelques mots")}</label>
            <input id="title" type="text" name="title" maxlength={120} value={draft.title} />
          </div>
        )}
        <div class="field">
          <label for="text">{say(page, "Anything to add? (optional)", "Un mot à ajouter ? (facultatif)")}</label>
          <textarea id="text" name="text" maxlength={2000}>
            {draft.text}
          </textarea>
        </div>
        <p>
          <button type="submit">{say(page, "Send my answer", "Envoyer ma réponse")}</button>
        </p>
      </Form>
    </Page>
  );
}

function ProductField({ draft, products, faults, ...page }: Omit<FeedbackProps, "kind">) {
  const isWrong = faults.includes("product");
  return (
    <div class="field">
      <label for="product">{say(page, "About", "À propos de")}</label>
      <select
        id="product"
        name="product"
        {...(isWrong && { "aria-invalid": "true", "aria-describedby": "product-error" })}
      >
        {products.map(({ product_id, name }) => (
          <option value={product_id} selected={product_id === draft.product}>
            {name}
          </option>
        ))}
      </select>
      {isWrong && (
        <p class="wrong" id="product-error">
          {say(page, "Choose one of these.", "Choisissez un de ces produits.")}
        </p>
      )}
    </div>
  );
}

function Scale({ kind, draft, faults, ...page }: Omit<FeedbackProps, "products">) {
  const { least, most } = QUESTIONS[kind];
  const { ask, low, high } = TEXTS[kind];
  const isWrong = faults.includes("score");
  const marks = Array.from({ length: most - least + 1 }, (_, index) => least + index);
  return (
    <fieldset {...(isWrong && { "aria-describedby": "score-error" })}>
      <legend>{words(ask, page.language)}</legend>
      <div class="scale">
        {marks.map((mark) => (
          <label>
            <input type="radio" name="score" value={String(mark)} checked={draft.score === mark} required />
            <span>{mark}</span>
          </label>
        ))}
      </div>
      <p class="ends">
        <span>{words(low, page.language)}</span>
        <span>{words(high, page.language)}</span>
      </p>
      {isWrong && (
        <p class="wrong" id="score-error">
          {say(page, "Choose a mark.", "Choisissez une note.")}
        </p>
      )}
    </fieldset>
  );
}

export function ThanksPage(page: PageProps) {
  return (
    <Page {...page} title={say(page, "Thank you.", "Merci.")}>
      <p role="status">{say(page, "Your answer has reached us.", "Votre réponse nous est bien parvenue.")}</p>
      <p>
        <a href={page.shop.url}>{say(page, "To the shop", "Aller à la boutique")}</a>
      </p>
    </Page>
  );
}
