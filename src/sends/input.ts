import * as z from "zod";
import { ContentFault, NOTICES } from "./content";
import { MAX_TEMPLATE, parseTemplate, type Syntax } from "./template";

// What has no business in a mail: it runs, sends a form, loads from elsewhere or moves the page.
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/<\s*(?:script|iframe|object|embed|form|base|link|applet|frame|frameset)\b/i, "an element that mail must not hold"],
  [/<\s*meta\b[^>]*http-equiv\s*=\s*["']?\s*refresh/i, "a refresh"],
  [/<[^>]*\son[a-z]+\s*=/i, "an event attribute"],
  [/@import\b|expression\s*\(|-moz-binding/i, "CSS that loads or runs something"],
  [/(?:javascript|vbscript)\s*:|\bdata:\s*(?!image\/)[a-z]+\//i, "an address that is not on the web"],
];

function template(syntax: Syntax, most: number) {
  return z
    .string()
    .min(1)
    .max(most)
    .superRefine((source, context) => {
      try {
        parseTemplate(source, syntax);
      } catch (error) {
        if (!(error instanceof ContentFault)) throw error;
        context.addIssue({ code: "custom", message: error.detail || error.reason });
      }
    });
}

const html = template("html", MAX_TEMPLATE).superRefine((source, context) => {
  for (const [pattern, what] of REFUSED) {
    if (pattern.test(source)) context.addIssue({ code: "custom", message: `The HTML holds ${what}.` });
  }
});

const emailText = z.strictObject({
  subject: template("text", 500),
  preheader: template("html", 500),
  html,
});
const smsText = z.strictObject({ body: template("text", 1_000) });
const noticeText = z.strictObject({ title: template("text", 200), body: template("text", 4_000) });
const noticeTexts = z.strictObject({ en: noticeText, fr: noticeText });

const common = {
  key: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, "Lower case letters, digits and underscores."),
  class: z.enum(["marketing", "transactional"]).default("marketing"),
  needs: z
    .array(z.enum(["cart", "order"]))
    .max(2)
    .default([]),
};

/**
 * A content as the admin API takes it; the store gives it its version. Templates are parsed, so that a bad one
 * is refused when it is saved and not when it should go out.
 */
export const contentInput = z.discriminatedUnion("channel", [
  z.strictObject({ ...common, channel: z.literal("email"), texts: z.strictObject({ en: emailText, fr: emailText }) }),
  z.strictObject({ ...common, channel: z.literal("sms"), texts: z.strictObject({ en: smsText, fr: smsText }) }),
  ...NOTICES.map((channel) => z.strictObject({ ...common, channel: z.literal(channel), texts: noticeTexts })),
]);
