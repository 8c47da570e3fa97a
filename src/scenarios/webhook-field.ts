/** What a webhook may tell: a name for each, which somebody has to choose. No consent, no attribute, no secret. */
export const WEBHOOK_FIELDS = [
  "contact_id",
  "external_id",
  "email",
  "phone",
  "first_name",
  "last_name",
  "language",
  "country",
  "scenario",
  "block",
  "run",
] as const;

export type WebhookField = (typeof WEBHOOK_FIELDS)[number];
