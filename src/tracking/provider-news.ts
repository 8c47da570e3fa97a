import * as z from "zod";

/** What an email provider tells of a message, in our words. */
export const NEWS = [
  "sent",
  "delayed",
  "delivered",
  "opened",
  "clicked",
  "failed",
  "suppressed",
  "bounced",
  "complained",
] as const;
export type NewsKind = (typeof NEWS)[number];

/** One piece of news. `send` and `contact` are what we had written into the message's tags. */
export interface ProviderNews {
  readonly kind: NewsKind;
  /** When it happened, epoch ms. */
  readonly at: number;
  readonly providerId: string;
  readonly send: string | null;
  /** As messages carry it: `ct_…`. */
  readonly contact: string | null;
  /** Only of a bounce. `block`: the shop's messages were refused, whoever they were for. */
  readonly bounce: "hard" | "soft" | "block" | null;
}

/** What a provider tells of its own list of addresses that it does not write to. */
export interface ListNews {
  readonly kind: "listed" | "unlisted";
  readonly at: number;
  readonly address: string;
}

const tag = z.object({ name: z.string(), value: z.string() });
const resendBody = z.object({
  type: z.string().max(100),
  created_at: z.string(),
  data: z.object({
    email_id: z.string().min(1).max(200).optional(),
    tags: z.union([z.array(tag), z.record(z.string(), z.string())]).nullish(),
    bounce: z.object({ type: z.string().default(""), subType: z.string().default("") }).nullish(),
  }),
});

const listBody = z.object({ created_at: z.string(), data: z.object({ email: z.string().min(3).max(320) }) });
const LISTS: Readonly<Record<string, ListNews["kind"]>> = {
  "suppression.added": "listed",
  "suppression.removed": "unlisted",
};

const RESEND: Readonly<Record<string, NewsKind>> = {
  "email.sent": "sent",
  "email.delivery_delayed": "delayed",
  "email.delivered": "delivered",
  "email.opened": "opened",
  "email.clicked": "clicked",
  "email.failed": "failed",
  "email.suppressed": "suppressed",
  "email.bounced": "bounced",
  "email.complained": "complained",
};

/** Refusals of what was written, or of who writes. They say nothing of the address. */
const BLOCKS: ReadonlySet<string> = new Set([
  "contentrejected",
  "messagetoolarge",
  "attachmentrejected",
  "blocked",
  "policy",
]);

function bounceOf({ type, subType }: { readonly type: string; readonly subType: string }): ProviderNews["bounce"] {
  const kind = subType.toLowerCase().replace(/[^a-z]/g, "");
  if (BLOCKS.has(kind)) return "block";
  return /^(permanent|hard)$/i.test(type) ? "hard" : "soft";
}

function timeOf(text: string, receivedAt: number): number {
  const at = Date.parse(text);
  return Number.isNaN(at) ? receivedAt : Math.min(at, receivedAt);
}

/**
 * A delivery of Resend's. Null for what is none about a message of ours (received mail, domains, audiences).
 * Throws ZodError where it is not what Resend sends.
 *
 * @param receivedAt epoch ms; nothing happened later than that
 */
export function resendNews(body: unknown, receivedAt: number): ProviderNews | ListNews | null {
  const { type } = z.object({ type: z.string() }).parse(body);
  const list = Object.hasOwn(LISTS, type) ? LISTS[type] : undefined;
  if (list) {
    const { created_at: told, data } = listBody.parse(body);
    return { kind: list, at: timeOf(told, receivedAt), address: data.email.trim().toLowerCase() };
  }
  const kind = Object.hasOwn(RESEND, type) ? RESEND[type] : undefined;
  if (!kind) return null;
  const { created_at, data } = resendBody.parse(body);
  const tags = Array.isArray(data.tags)
    ? Object.fromEntries(data.tags.map(({ name, value }) => [name, value]))
    : (data.tags ?? {});
  return {
    kind,
    at: timeOf(created_at, receivedAt),
    providerId: data.email_id ?? "",
    send: tags["send"] ?? null,
    contact: tags["contact"] ?? null,
    bounce: kind === "bounced" ? bounceOf(data.bounce ?? { type: "", subType: "" }) : null,
  };
}

/** What a message came to, by all that was told of it, in whatever order: the last of `NEWS` that happened. */
export function fateOf(told: readonly string[]): NewsKind | null {
  return NEWS.findLast((kind) => told.includes(kind)) ?? null;
}
