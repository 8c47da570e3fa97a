import * as z from "zod";
import { DAY } from "../../shared/clock";
import type { BlockContext, Step } from "../block";
import { block } from "../block";

const params = z.strictObject({
  /** Key of the offer. */
  offer: z.string().min(1).max(80),
});

/** A coupon takes an instant; whoever waits longer goes on without. */
const PATIENCE = DAY;

function look({ run }: BlockContext): Step | null {
  const result = run.awaited?.result;
  return result === undefined ? null : { do: "go", output: result === "issued" ? "issued" : "none" };
}

export const issueCoupon = block({
  category: "action",
  title: { en: "Issue a coupon", fr: "Émettre un bon de réduction" },
  icon: "✂",
  params,
  outputs: ["issued", "none"],
  example: { offer: "welcome" },
  describe: ({ offer }, language) =>
    language === "fr"
      ? `Donne au contact son bon de l’offre « ${offer} », un seul quoi qu’il arrive.`
      : `Gives the contact their coupon of the offer “${offer}”, one and no more.`,
  traits: ({ offer }) => ({ offer }),
  enter: ({ offer }, { at }) => ({
    do: "act",
    act: { kind: "issue.coupon", details: { offer } },
    after: { do: "wait", until: at + PATIENCE },
  }),
  hear: (_params, context) => look(context),
  due: (_params, context) => look(context) ?? { do: "go", output: "none" },
});
