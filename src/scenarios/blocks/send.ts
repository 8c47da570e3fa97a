import * as z from "zod";
import type { Words } from "../../shared/language";
import type { BlockDefinition } from "../block";
import { block } from "../block";

const params = z.strictObject({
  /** Key of the content. */
  content: z.string().min(1).max(80),
});

/** What it does with a message, to somebody who chooses the block and in a sentence about it. */
interface Verb {
  readonly title: Words;
  readonly sentence: Words;
}

const SENDS: Verb = { title: { en: "Send", fr: "Envoyer" }, sentence: { en: "Sends", fr: "Envoie" } };
/** Of a wallet pass, which is in the phone already. */
export const CHANGES: Verb = { title: { en: "Change", fr: "Changer" }, sentence: { en: "Changes", fr: "Change" } };

/** A block that sends one content on one channel; every channel's block is made of this. `what`: an email, a letter, … */
export function sendBlock(
  channel: string,
  icon: string,
  what: Words,
  example: string,
  { title, sentence }: Verb = SENDS,
): BlockDefinition<unknown> {
  return block({
    category: "action",
    title: { en: `${title.en} ${what.en}`, fr: `${title.fr} ${what.fr}` },
    icon,
    params,
    outputs: ["next"],
    example: { content: example },
    describe: ({ content }, language) =>
      language === "fr" ? `${sentence.fr} ${what.fr} : « ${content} ».` : `${sentence.en} ${what.en}: “${content}”.`,
    traits: ({ content }) => ({ sends: [{ channel, content }] }),
    enter: ({ content }) => ({ do: "send", channel, content, output: "next" }),
  });
}
