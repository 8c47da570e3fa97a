/** Words by which people end text messages, in the languages that shops write in, without accents. */
const STOPS: ReadonlySet<string> = new Set([
  "stop",
  "stopall",
  "stopper",
  "unsubscribe",
  "cancel",
  "end",
  "quit",
  "arret",
  "arreter",
  "arretez",
  "desinscription",
  "desinscrire",
  "desabonner",
  "desabonnement",
  "resilier",
]);
/** What stands beside it out of politeness, or to say what is meant. */
const BESIDE: ReadonlySet<string> = new Set([
  "svp",
  "stp",
  "merci",
  "please",
  "pls",
  "sms",
  "pub",
  "the",
  "les",
  "messages",
]);

/** Whether a text message asks for no more of them: a stop word, alone or with what people put beside one. */
export function asksToStop(text: string): boolean {
  const words = text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "");
  // "Stop by the shop" is no wish of that kind.
  return words.some((word) => STOPS.has(word)) && words.every((word) => STOPS.has(word) || BESIDE.has(word));
}
