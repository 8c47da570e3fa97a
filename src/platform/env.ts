import * as z from "zod";

const list = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  );

const variables = z.object({
  RELANCE_ENV: z.enum(["local", "production"]).default("production"),
  PUBLIC_URL: z.string().default(""),
  SHOP_NAME: z.string().min(1).default("Relance"),
  SHOP_URL: z.string().default(""),
  SHOP_CART_URL: z.string().default(""),
  SHOP_TIMEZONE: z.string().default("UTC"),
  SHOP_CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default("EUR"),
  SHOP_POSTAL_ADDRESS: z.string().default(""),
  /** Hosts that we may ask because somebody typed their address (feeds, alerts), beside the shop's own. */
  OUTBOUND_HOSTS: list,
  EMAIL_FROM: z.string().default(""),
  /** Asked `?city=…&country=…` for `{"kind": "rain", "degrees": 9}`, at a host of OUTBOUND_HOSTS; empty for no weather. */
  WEATHER_URL: z.string().default(""),
  /** Who may be sent tests of contents: the shop's own people. */
  ADMIN_EMAILS: list,
  CONTACT_SHARDS: z.coerce.number().int().min(1).max(1_024).default(16),
  WRITE_KEYS: list,
  SECRET_KEYS: list,
  ADMIN_KEYS: list,
  TOKEN_SECRET: z.string().min(16, "needs at least 16 characters"),
  LINK_SECRET: z.string().min(16, "needs at least 16 characters"),
  /** Keys the hashes of erased people; LINK_SECRET where it is left out. Neither may ever change afterwards. */
  ERASURE_SECRET: z.string().default(""),
  /** Where objects are kept: `eu`, or nothing for anywhere. Chosen once, before the first event. */
  OBJECT_JURISDICTION: z.enum(["", "eu"]).default(""),
  IDENTITY_TRUST: z.enum(["verified", "claimed"]).default("verified"),
  /** Senders of messages that somebody waits for, and of notices of service; EMAIL_FROM where they are left out. */
  EMAIL_FROM_TRANSACTIONAL: z.string().default(""),
  EMAIL_FROM_NOTICE: z.string().default(""),
  EMAIL_REPLY_TO: z.string().default(""),
  /** An inbox whose mail comes to this Worker (Email Routing): unsubscribing by mail, beside the link. */
  UNSUBSCRIBE_MAILBOX: z.union([z.literal(""), z.email("is no address")]).default(""),
  SMTP_HOST: z.string().default(""),
  RESEND_API_KEY: z.string().default(""),
  RESEND_BASE_URL: z.string().default(""),
});

/** Variables and secrets of the deployment, read once at the door. */
export type Config = z.output<typeof variables>;

/** Reads the variables; throws one error that names every one that is wrong. */
export function readConfig(env: Readonly<Record<string, unknown>>): Config {
  const strings = Object.fromEntries(Object.entries(env).filter(([, value]) => typeof value === "string"));
  const parsed = variables.safeParse(strings);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; ");
  throw new Error(`the Worker is not configured: ${wrong}`);
}
