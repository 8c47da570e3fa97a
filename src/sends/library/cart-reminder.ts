import { design } from "./design";
import { button, cartRows, copy, FIRST_NAME, greeting, letter, note, sheet, signature, title, when } from "./parts";

/** What was left in the cart, and the way back. */
export const cartReminder = design(
  {
    key: "cart_reminder",
    needs: ["cart"],
    title: { en: "Abandoned cart", fr: "Panier abandonné" },
    purpose: {
      en: "Shows what was put aside and leads back to it.",
      fr: "Montre ce qui a été mis de côté et y ramène.",
    },
  },
  {
    en: {
      subject: `{% if contact.first_name %}${FIRST_NAME}, your{% else %}Your{% endif %} basket is still here`,
      preheader: "Everything is where you left it.",
      title: "Still thinking it over?",
      intro: "No hurry. What you had chosen is still in your basket, just as you left it.",
      total: "Basket total",
      action: "Back to my basket",
      note: "Delivery costs, if any, are shown before you pay. If you have already ordered, there is nothing to do.",
    },
    fr: {
      subject: `{% if contact.first_name %}${FIRST_NAME}, votre{% else %}Votre{% endif %} panier est toujours là`,
      preheader: "Tout est resté comme vous l’aviez laissé.",
      title: "Encore une hésitation ?",
      intro: "Rien ne presse. Ce que vous aviez choisi est toujours dans votre panier, tel que vous l’avez laissé.",
      total: "Total du panier",
      action: "Retrouver mon panier",
      note: "Les frais de livraison éventuels s’affichent avant le paiement. Si vous avez déjà commandé, vous n’avez rien à faire.",
    },
  },
  (words, language) =>
    letter(language, [
      sheet([
        title(words.title),
        greeting(language),
        copy(words.intro),
        cartRows(language),
        when("cart.total > 0", [copy(`${words.total} <b>{{ cart.total | money: cart.currency }}</b>`)]),
        button("cart.url", words.action),
        note(words.note),
      ]),
      signature(language),
    ]),
);
