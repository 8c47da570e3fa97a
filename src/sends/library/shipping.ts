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

/** The parcel is on its way. Transactional. */
export const shipping = design(
  {
    key: "shipping",
    class: "transactional",
    needs: ["order"],
    title: { en: "Shipping notice", fr: "Avis d’expédition" },
    purpose: {
      en: "Says that the parcel is on its way, with its number and link where the event brings them.",
      fr: "Annonce le départ du colis, avec son numéro et son lien si l’événement les donne.",
    },
  },
  {
    en: {
      subject: "Your parcel is on its way",
      preheader: "Order {{ order.number | truncate: 40 }} has left us.",
      title: "On its way to you",
      intro:
        "Your order <b>{{ order.number | truncate: 40 }}</b> left us{% if scenario.carrier %} with {{ scenario.carrier }}{% endif %}.",
      parcel: "Parcel number",
      follow: "Follow my parcel",
      action: "To the shop",
      holds: "What it holds",
      note: "Something is missing or broken? Reply to this email, and we will put it right.",
    },
    fr: {
      subject: "Votre colis est en route",
      preheader: "La commande {{ order.number | truncate: 40 }} est partie.",
      title: "En route vers vous",
      intro:
        "Votre commande <b>{{ order.number | truncate: 40 }}</b> est partie{% if scenario.carrier %} avec {{ scenario.carrier }}{% endif %}.",
      parcel: "Numéro de colis",
      follow: "Suivre mon colis",
      action: "Vers la boutique",
      holds: "Ce qu’il contient",
      note: "Il manque quelque chose ? Un article est abîmé ? Répondez à cet e-mail, nous nous en occupons.",
    },
  },
  (words, language) =>
    letter(language, [
      sheet([title(words.title), formalGreeting(language), copy(words.intro)]),
      when("scenario.parcel", [field([heading(words.parcel), copy("{{ scenario.parcel }}")])]),
      sheet([
        when(
          "scenario.tracking_url",
          [button("scenario.tracking_url", words.follow)],
          [button("shop.url", words.action)],
        ),
        heading(words.holds),
        orderRows(language, false),
        note(words.note),
      ]),
      signature(language),
    ]),
);
