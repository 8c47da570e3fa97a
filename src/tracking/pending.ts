import type { ConsentAction, ConsentKey } from "../contacts/consent";
import { consentKeyOf } from "../contacts/consent";
import type { Proven } from "../contacts/subscription";

/** A line of the consent ledger with its proof. `at` is epoch ms. */
export interface LedgerLine {
  readonly seq: number;
  readonly position: number;
  readonly channel: string;
  readonly purpose: string;
  readonly action: ConsentAction;
  readonly at: number;
  readonly wording: string | null;
  readonly wording_id: string | null;
  readonly source: string | null;
  /** Address of the form. */
  readonly form: string | null;
  readonly way: string;
  readonly origin: string | null;
  readonly agent: string | null;
  /** The text of `wording_id`. */
  readonly text: string | null;
}

/** Claims that wait for their confirmation, with what a person was shown, and the number of the latest. */
export interface PendingClaims {
  readonly consents: readonly Proven[];
  /** What stood beside each box, null where nobody said. */
  readonly texts: readonly (readonly [ConsentKey, string | null])[];
  readonly latest: string;
  /** True where something was confirmed before. */
  readonly wasConfirmed: boolean;
}

/** Of each key the latest claim that no confirmation has followed. `lines` are a subscriber's ledger, oldest first. */
export function pendingClaims(lines: readonly LedgerLine[]): PendingClaims {
  const pending = new Map<ConsentKey, LedgerLine>();
  for (const line of lines) {
    const key = consentKeyOf(line.channel, line.purpose);
    if (key === null) continue;
    if (line.action === "claim") pending.set(key, line);
    else if (line.action !== "overtaken") pending.delete(key);
  }
  const claims = [...pending];
  const latest = claims.reduce((last, [, line]) => Math.max(last, line.seq), 0);
  return {
    consents: claims.map(([key, { wording, wording_id, source, form, origin, agent, at }]) => {
      return { key, wording, wording_id, source, form, origin, agent, claimed_at: at };
    }),
    texts: claims.map(([key, { text, wording }]) => [key, text ?? wording] as const),
    latest: String(latest),
    wasConfirmed: lines.some(({ action }) => action === "confirm_doi"),
  };
}

/** An address that its owner recognises and nobody else can use: `c•••@e•••.com`, `+33 ••••••78`. */
export function masked(address: string): string {
  const at = address.lastIndexOf("@");
  if (at < 1) return `${address.slice(0, 3)} ••••••${address.slice(-2)}`;
  const domain = address.slice(at + 1);
  const dot = domain.lastIndexOf(".");
  return `${address.slice(0, 1)}•••@${domain.slice(0, 1)}•••${dot > 0 ? domain.slice(dot) : ""}`;
}
