import { design } from "./design";
import {
  button,
  copy,
  field,
  formalGreeting,
  heading,
  letter,
  note,
  orderRows,
  sheet,
  signature,
  title,
  when,
} from "./parts";

/** What was ordered. Transactional: it advertises nothing. */
export const orderConfirmation = design(
  {
    key: "order_confirmation",
    class: "transactional",
    needs: ["order"],
    title: { en: "Order confirmation", fr: "Confirmation de commande" },
    purpose: {
      en: "Confirms an order with its lines and total.",
      fr: "Confirme une commande, ses lignes et son total.",
    },
  },
  {
    en: {
      subject: "Your order {{ order.number | truncate: 40 }}",
      preheader: "We have it, and are on it.",
      title: "Thank you for your order",
      intro:
        "We received your order <b>{{ order.number | truncate: 40 }}</b> on {{ order.placed_at | date }}. This is what it holds.",
      total: "Total",
      next: ["What happens now", "We prepare your parcel and write to you again once it is on its way."],
      action: "To the shop",
      note: "You can change your mind within 14 days of the day on which your parcel arrives. A question? Reply to this email.",
    },
    fr: {
      subject: "Votre commande {{ order.number | truncate: 40 }}",
      preheader: "Nous l’avons bien reçue et nous en occupons.",
      title: "Merci pour votre commande",
      intro:
        "Nous avons reçu votre commande <b>{{ order.number | truncate: 40 }}</b> le {{ order.placed_at | date }}. En voici le détail.",
      total: "Montant total",
      next: ["Et maintenant ?", "Nous préparons votre colis et vous écrirons dès qu’il sera en route."],
      action: "Vers la boutique",
      note: "Vous pouvez changer d’avis dans les 14 jours qui suivent l’arrivée de votre colis. Une question ? Répondez à cet e-mail.",
    },
  },
  (words, language) =>
    letter(language, [
      sheet([
        title(words.title),
        formalGreeting(language),
        copy(words.intro),
        orderRows(language),
        when("order.total", [copy(`${words.total} <b>{{ order.total | money: order.currency }}</b>`)]),
      ]),
      field([heading(words.next[0] ?? ""), copy(words.next[1] ?? "")]),
      sheet([button("shop.url", words.action), note(words.note)]),
      signature(language),
    ]),
);
