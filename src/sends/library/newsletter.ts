import { design } from "./design";
import {
  button,
  copy,
  field,
  greeting,
  heading,
  letter,
  recommendations,
  sheet,
  signature,
  store,
  title,
  when,
} from "./parts";

/** A letter of several subjects, some of them for some readers. */
export const newsletter = design(
  {
    key: "newsletter",
    title: { en: "Newsletter", fr: "Lettre d’information" },
    purpose: {
      en: "Several subjects; one by the weather, one for a segment, recommendations and the reader’s shop.",
      fr: "Plusieurs sujets : un selon la météo, un pour un segment, des recommandations et la boutique du lecteur.",
    },
  },
  {
    en: {
      subject: "This month at {{ shop.name }}",
      preheader: "Three things that we wanted to show you.",
      title: "This month at {{ shop.name }}",
      intro: "A few lines on what we have been working on, and what has come in since our last letter.",
      rain: [
        "A day to stay in",
        "It rains in {{ place.city | default: 'your town' }}: here is what makes a grey evening a good one.",
      ],
      sun: [
        "Out of doors",
        "The sun is out in {{ place.city | default: 'your town' }}. What we like to take along is in the shop.",
      ],
      vip: [
        "For our regulars",
        "You see the new pieces two days before anybody else. They are kept for you until then.",
      ],
      story: ["In the workshop", "How a thing is made says most about it. We have written down how ours come about."],
      action: "See what is new",
    },
    fr: {
      subject: "Ce mois-ci chez {{ shop.name }}",
      preheader: "Trois choses que nous voulions vous montrer.",
      title: "Ce mois-ci chez {{ shop.name }}",
      intro: "Quelques lignes sur ce qui nous a occupés, et sur ce qui est arrivé depuis notre dernière lettre.",
      rain: [
        "Un temps à rester chez soi",
        "Il pleut à {{ place.city | default: 'deux pas de chez vous' }} : voici de quoi faire d’un soir gris un bon moment.",
      ],
      sun: [
        "Dehors",
        "Il fait beau à {{ place.city | default: 'deux pas de chez vous' }}. Ce que nous aimons emporter est en boutique.",
      ],
      vip: [
        "Pour nos habitués",
        "Vous voyez les nouvelles pièces deux jours avant tout le monde. Elles vous sont gardées jusque-là.",
      ],
      story: [
        "À l’atelier",
        "La façon dont une chose est faite en dit beaucoup. Nous avons raconté comment naissent les nôtres.",
      ],
      action: "Voir les nouveautés",
    },
  },
  (words, language) => {
    const part = ([head = "", text = ""]: readonly string[]) => field([heading(head), copy(text)]);
    return letter(language, [
      sheet([title(words.title), greeting(language), copy(words.intro)]),
      when('weather.kind == "rain"', [part(words.rain)], [when('weather.kind == "sun"', [part(words.sun)])]),
      when("segments.vip", [part(words.vip)]),
      sheet([heading(words.story[0] ?? ""), copy(words.story[1] ?? ""), button("shop.url", words.action)]),
      recommendations(language),
      store(language),
      signature(language),
    ]);
  },
);
