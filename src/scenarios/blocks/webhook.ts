import * as z from "zod";
import { outboundHeaders } from "../../shared/outbound-headers";
import { block } from "../block";
import { WEBHOOK_FIELDS } from "../webhook-field";

const params = z.strictObject({
  /** Where hosts are allowed is for the operator to say (OUTBOUND_HOSTS). There is no template in it. */
  url: z
    .string()
    .max(2_000)
    .regex(/^[^{}]*$/, "may not hold placeholders: what is told goes into the body"),
  headers: outboundHeaders.default({}),
  /** What is told of the contact and the run, and nothing else. */
  fields: z
    .array(z.enum(WEBHOOK_FIELDS))
    .max(WEBHOOK_FIELDS.length)
    .default(["contact_id", "external_id", "scenario", "run"]),
  /** Properties of the event that began the run. */
  event_fields: z.array(z.string().min(1).max(80)).max(40).default([]),
});

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

export const webhook = block({
  category: "action",
  title: { en: "Call a webhook", fr: "Appeler un webhook" },
  icon: "⇢",
  params,
  outputs: ["next"],
  example: {
    url: "https://hooks.shop.example/relance",
    headers: {},
    fields: ["contact_id", "external_id", "scenario"],
    event_fields: [],
  },
  describe({ url, fields, event_fields: more }, language) {
    const [host, count] = [hostOf(url), fields.length + more.length];
    return language === "fr"
      ? `Appelle ${host} et lui dit ${count} choses, sans attendre la réponse.`
      : `Calls ${host} and tells it ${count} things, without waiting for the answer.`;
  },
  traits: ({ url }) => ({ calls: { param: "url", url } }),
  enter: ({ url, headers, fields, event_fields: more }, { run }) => ({
    do: "act",
    act: {
      kind: "webhook",
      details: {
        url,
        headers,
        fields,
        event: Object.fromEntries(more.map((name) => [name, run.about?.[name] ?? null])),
      },
    },
    after: { do: "go", output: "next" },
  }),
});
