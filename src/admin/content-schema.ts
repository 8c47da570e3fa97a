import * as z from "zod";
import { PEOPLE } from "../sends/sample";
import { contactId } from "../shared/ids";
import { LANGUAGES } from "../shared/language";
import { time, words } from "./api";

export const content = z
  .object({
    key: z.string(),
    channel: z.string(),
    class: z.string(),
    needs: z.array(z.string()).openapi({ description: "What a message must have at hand to be made." }),
    version: z.number().int(),
    origin: z.enum(["starter", "own"]).openapi({ description: "Brought by the product, or written by the shop." }),
    created_at: time.nullable(),
  })
  .openapi("Content");

export const finding = z
  .object({
    level: z.enum(["error", "warning"]),
    code: z.string(),
    language: z.enum(LANGUAGES).nullable(),
    at: z.string(),
    words,
  })
  .openapi("ContentFinding");

export const published = content.extend({ findings: z.array(finding) }).openapi("PublishedContent");

export const version = z
  .object({ version: z.number().int(), created_at: time.nullable(), texts: z.record(z.string(), z.unknown()) })
  .openapi("ContentVersion");

export const contentKey = z.object({ key: z.string().min(1).max(64).openapi({ example: "cart_1" }) });

const language = z.enum(LANGUAGES).optional();
const ofVersion = z.number().int().min(1).optional().openapi({ description: "The latest where it is left out." });
const someone = z
  .union([z.strictObject({ person: z.enum(PEOPLE) }), z.strictObject({ contact: z.string().max(80) })])
  .default({ person: "typical" })
  .openapi({ description: "Somebody made up, or a contact by their id.", example: { contact: contactId(42) } });

export const previewInput = z.strictObject({ to: someone, language, version: ofVersion }).openapi("ContentPreview");
export const testInput = z
  .strictObject({
    to: z.array(z.email("is not an email address")).min(1).max(10),
    as: someone,
    language,
    version: ofVersion,
  })
  .openapi("ContentTest");

export const preview = z
  .object({
    key: z.string(),
    version: z.number().int(),
    language: z.enum(LANGUAGES),
    subject: z.string(),
    html: z.string(),
    text: z.string(),
    headers: z.record(z.string(), z.string()),
    links: z.array(z.string()),
    url: z
      .string()
      .nullable()
      .openapi({ description: "Where a tap on a notification leads; null for the shop’s start." }),
    bytes: z.number().int(),
    sms: z.object({ encoding: z.string(), units: z.number().int(), segments: z.number().int() }).nullable(),
  })
  .openapi("RenderedContent");

export const design = z
  .object({
    key: z.string(),
    class: z.string(),
    needs: z.array(z.string()),
    title: words,
    purpose: words,
    texts: z.record(z.string(), z.unknown()),
  })
  .openapi("ContentDesign");
