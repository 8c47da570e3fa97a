import * as z from "zod";
import { ContentFault, NOTICES } from "./content";
import { htmlFault } from "./html-check";
import { MAX_TEMPLATE, parseTemplate, type Syntax } from "./template";

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

/** What becomes one line of a header or a notification: nothing in it may begin another, or turn it around. */
function line(syntax: Syntax, most: number) {
  return template(syntax, most).refine(
    (text) => !/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(text),
    "holds a control character or a mark that turns text around",
  );
}

const html = template("html", MAX_TEMPLATE).superRefine((source, context) => {
  const fault = htmlFault(source);
  if (fault !== null) context.addIssue({ code: "custom", message: `The HTML holds ${fault}.` });
});

const emailText = z
  .strictObject({
    subject: line("text", 500),
    preheader: line("html", 500),
    html: html.optional(),
    mjml: template("html", MAX_TEMPLATE).optional(),
  })
  .refine(({ html: given, mjml }) => (given === undefined) !== (mjml === undefined), {
    path: ["html"],
    message: "Give the body as `html` or as `mjml`, one of the two.",
  });
const smsText = z.strictObject({ body: template("text", 1_000) });
const noticeText = z.strictObject({ title: line("text", 200), body: template("text", 4_000) });
const pushText = noticeText.extend({ url: line("text", 1_000).optional() });

function inLanguages<Text extends z.ZodType>(text: Text) {
  return z
    .strictObject({ en: text.optional(), fr: text.optional() })
    .refine(({ en, fr }) => en !== undefined || fr !== undefined, "Write at least one language.");
}

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
  z.strictObject({ ...common, channel: z.literal("email"), texts: inLanguages(emailText) }),
  z.strictObject({ ...common, channel: z.literal("sms"), texts: inLanguages(smsText) }),
  ...NOTICES.map((channel) =>
    z.strictObject({
      ...common,
      channel: z.literal(channel),
      texts: inLanguages(channel === "push" ? pushText : noticeText),
    }),
  ),
]);
export type ContentInput = z.output<typeof contentInput>;

const stored = {
  key: z.string(),
  class: z.enum(["marketing", "transactional"]),
  needs: z.array(z.enum(["cart", "order"])),
};
const storedEmail = z.object({
  subject: z.string(),
  preheader: z.string(),
  html: z.string(),
  mjml: z.string().optional(),
});

/**
 * A published version as its row holds it. What is refused today may stand in a version of before: its messages are
 * made as they were.
 */
export const storedContent = z.discriminatedUnion("channel", [
  z.object({
    ...stored,
    channel: z.literal("email"),
    texts: inLanguages(storedEmail),
    /** Which brand was put in (`brandMark`); nothing in versions of before. */
    brand: z.string().optional(),
  }),
  z.object({ ...stored, channel: z.literal("sms"), texts: inLanguages(z.object({ body: z.string() })) }),
  ...NOTICES.map((channel) =>
    z.object({
      ...stored,
      channel: z.literal(channel),
      texts: inLanguages(z.object({ title: z.string(), body: z.string(), url: z.string().optional() })),
    }),
  ),
]);
export type StoredContent = z.output<typeof storedContent>;
