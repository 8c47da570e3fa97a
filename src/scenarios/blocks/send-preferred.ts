import * as z from "zod";
import { block } from "../block";
import type { Reaching } from "../reach";
import { preferredChannel } from "../reach";

const content = z.string().min(1).max(80).optional();

const params = z
  .strictObject({
    /** Key of the content by channel. */
    contents: z.strictObject({ email: content, sms: content, push: content }),
  })
  .refine(({ contents }) => Object.keys(contents).length > 0, { path: ["contents"], message: "names no content" });

type Params = z.output<typeof params>;

function offered({ contents }: Params): readonly (readonly [Reaching, string])[] {
  return Object.entries(contents).flatMap(([channel, key]) => (key === undefined ? [] : [[channel as Reaching, key]]));
}

export const sendPreferred = block({
  category: "action",
  title: { en: "Send on the preferred channel", fr: "Envoyer sur le canal préféré" },
  icon: "✶",
  params,
  outputs: ["next", "none"],
  ways: (_params, language) =>
    language === "fr"
      ? { next: "Par un canal", none: "Injoignable par aucun canal" }
      : { next: "By a channel", none: "No channel reaches them" },
  example: { contents: { email: "cart_1", sms: "cart_2_sms" } },
  describe(parameters, language) {
    const list = offered(parameters).map(([channel, key]) =>
      language === "fr" ? `« ${key} » (${channel})` : `“${key}” (${channel})`,
    );
    return language === "fr"
      ? `Envoie sur le canal que le contact préfère : ${list.join(" ou ")}.`
      : `Sends on the channel that the contact prefers: ${list.join(" or ")}.`;
  },
  traits: (parameters) => ({ sends: offered(parameters).map(([channel, key]) => ({ channel, content: key })) }),
  enter(parameters, { facts }) {
    const ways = offered(parameters);
    const channel = preferredChannel(
      facts,
      ways.map(([one]) => one),
    );
    const key = ways.find(([one]) => one === channel)?.[1];
    if (channel === null || key === undefined) return { do: "go", output: "none" };
    return { do: "send", channel, content: key, output: "next" };
  },
});
