import * as z from "zod";
import type { Words } from "../../shared/language";
import type { BlockDefinition } from "../block";
import { block } from "../block";

const params = z.strictObject({
  /** Key of the content. */
  content: z.string().min(1).max(80),
});

/** A block that sends one content on one channel; every channel's block is made of this. */
export function sendBlock(channel: string, icon: string, title: Words, example: string): BlockDefinition<unknown> {
  return block({
    category: "action",
    title,
    icon,
    params,
    outputs: ["next"],
    example: { content: example },
    describe: ({ content }, language) =>
      language === "fr" ? `${title.fr} : « ${content} ».` : `${title.en}: “${content}”.`,
    traits: ({ content }) => ({ sends: [{ channel, content }] }),
    enter: ({ content }) => ({ do: "send", channel, content, output: "next" }),
  });
}
