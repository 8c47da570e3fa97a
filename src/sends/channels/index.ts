import * as z from "zod";
import type { ConsentKey } from "../../contacts/consent";
import type { Channel } from "../message";
import { type InboxStore, inboxChannel, unconfiguredChannel } from "./inbox";
import { resendEmail } from "./resend-email";
import { smtpEmail } from "./smtp-email";
import type { Connect } from "./smtp-session";

/** What a channel is and how it is opened. Console, validation and documentation are made from it. */
export interface ChannelDefinition {
  readonly title: string;
  readonly description: string;
  readonly icon: string;
  /** Which attribute of the contact a message is sent to, and which consent it needs. */
  readonly address: "email" | "phone" | "external_id" | "postal";
  readonly consent: ConsentKey;
  /** The unit that a provider bills. */
  readonly billed: "message" | "segment";
  /** Whether marketing on this channel keeps to the sending windows. */
  readonly needsWindow: boolean;
  /** Whether the provider reports what became of a message. */
  readonly receipts: boolean;
  /** Settings of the deployment that configure its provider. None of them is required: see `provider`. */
  readonly settings: z.ZodObject;
  readonly example: Readonly<Record<string, string>>;
  /** The channel through its provider, or null where the settings name none. */
  readonly provider: (settings: Readonly<Record<string, unknown>>, connect: Connect | null) => Channel | null;
}

const resendSettings = z.object({
  RESEND_API_KEY: z.string().min(1).optional(),
  RESEND_BASE_URL: z.url().optional(),
  /** What the account is allowed; 0 for no limit, as of a server of one's own. */
  RESEND_CALLS_PER_SECOND: z.coerce.number().min(0).max(1_000).optional(),
});

const smtpSettings = z.object({
  SMTP_HOST: z.string().min(1).optional(),
  /** 587 for submission, 465 where the line is safe from the start. */
  SMTP_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  SMTP_SECURITY: z.enum(["starttls", "tls", "none"]).optional(),
  SMTP_USER: z.string().optional(),
  SMTP_PASSWORD: z.string().optional(),
  SMTP_CALLS_PER_SECOND: z.coerce.number().min(0).max(1_000).optional(),
});

/** A mail server, where one is named; it is preferred to Resend, as who names it wants it. */
function smtpProvider(settings: Readonly<Record<string, unknown>>, connect: Connect | null): Channel | null {
  const given = smtpSettings.parse(settings);
  const { SMTP_HOST: host, SMTP_PORT: port, SMTP_USER: user, SMTP_PASSWORD: password } = given;
  if (host === undefined || connect === null) return null;
  const security = given.SMTP_SECURITY ?? (port === 465 ? "tls" : "starttls");
  const isOwn = /^(localhost|127\.|\[?::1)/.test(host);
  // A password in clear over a foreign line is everybody's.
  if (security === "none" && !isOwn) throw new Error("SMTP_SECURITY=none is for a mail server on this machine only");
  const callsPerSecond = given.SMTP_CALLS_PER_SECOND;
  return smtpEmail(
    { host, port: port ?? (security === "tls" ? 465 : 587), security, user, password, callsPerSecond },
    connect,
  );
}

/** A channel that has no provider yet. */
const PLAIN = {
  billed: "message",
  needsWindow: true,
  receipts: false,
  settings: z.object({}),
  example: {},
  provider: () => null,
} as const;

/** Every channel. Adding one is a file beside this one and an entry here. */
export const CHANNELS = {
  email: {
    title: "Email",
    description: "A letter with pictures and links, through Resend or a mail server.",
    icon: "✉",
    address: "email",
    consent: "email",
    billed: "message",
    needsWindow: true,
    receipts: true,
    settings: resendSettings.extend(smtpSettings.shape),
    example: { RESEND_API_KEY: "re_123", RESEND_BASE_URL: "https://api.resend.com" },
    provider: (settings, connect) => {
      const server = smtpProvider(settings, connect);
      if (server) return server;
      const {
        RESEND_API_KEY: apiKey,
        RESEND_BASE_URL: baseUrl,
        RESEND_CALLS_PER_SECOND: callsPerSecond,
      } = resendSettings.parse(settings);
      return apiKey === undefined ? null : resendEmail({ apiKey, baseUrl, callsPerSecond });
    },
  },
  sms: {
    title: "SMS",
    description: "A short text of at most three segments.",
    icon: "✆",
    address: "phone",
    consent: "sms",
    billed: "segment",
    needsWindow: true,
    receipts: false,
    settings: z.object({}),
    example: {},
    provider: () => null,
  },
  push: {
    title: "Push",
    description: "A notification on the devices that somebody allowed it on.",
    icon: "◉",
    address: "external_id",
    consent: "push",
    ...PLAIN,
  },
  wallet: {
    title: "Wallet pass",
    description: "What the pass in somebody's wallet says from then on.",
    icon: "▭",
    address: "external_id",
    consent: "push",
    ...PLAIN,
    needsWindow: false,
  },
  print: {
    title: "Print",
    description: "A letter by post.",
    icon: "✎",
    address: "postal",
    consent: "email",
    ...PLAIN,
    needsWindow: false,
  },
} as const satisfies Record<string, ChannelDefinition>;

export type ChannelKey = keyof typeof CHANNELS;

/**
 * Opens every channel once, for as long as the process lives.
 * @param settings the deployment's variables and secrets; unset and empty ones count the same
 * @param inbox where messages of channels without a provider go; null keeps them waiting
 * @param connect opens sockets; null where there are none
 * @throws ZodError for a setting that cannot be right, such as an address that is none
 */
export function openChannels(
  settings: Readonly<Record<string, unknown>>,
  inbox: InboxStore | null,
  connect: Connect | null = null,
): Readonly<Record<ChannelKey, Channel>> {
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ""));
  const open = (key: ChannelKey): Channel =>
    CHANNELS[key].provider(given, connect) ?? (inbox === null ? unconfiguredChannel(key) : inboxChannel(key, inbox));
  const keys = Object.keys(CHANNELS) as ChannelKey[];
  return Object.fromEntries(keys.map((key) => [key, open(key)])) as Record<ChannelKey, Channel>;
}
