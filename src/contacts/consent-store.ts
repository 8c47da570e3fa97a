import { familyOf } from "./wanted";

/** The consent behind a message, as of the moment it was sent. Times are epoch ms. */
export interface ConsentProof {
  readonly send: string;
  readonly contact: number;
  readonly channel: string;
  readonly class: string;
  readonly address: string;
  readonly state: string;
  readonly sentAt: number;
  /** Null, with all that follows, where no consent stood behind it. */
  readonly action: string | null;
  /** When the person said so. */
  readonly givenAt: number | null;
  readonly recordedAt: number | null;
  readonly source: string | null;
  readonly form: string | null;
  readonly way: string | null;
  readonly origin: string | null;
  readonly agent: string | null;
  readonly wordingId: string | null;
  readonly wordingKey: string | null;
  readonly wordingVersion: string | null;
  readonly wordingLanguage: string | null;
  readonly wordingText: string | null;
  readonly claimedAt: number | null;
  readonly confirmationSentAt: number | null;
  readonly confirmationClickedAt: number | null;
}

/**
 * Who agreed, when, to what, where and how, for one message: `?1` its id, `?2` its contact's row or null.
 *
 * `words` are the lines of the ledger on the message's channel that stood when it was sent, of its contact and of
 * whom that contact took over, directly or by way of another; `rank` counts back from the last. The consent is the last word that gives, with no
 * withdrawal behind it. A claim that was merely confirmed later has its wording in a line of its own.
 */
const CONSENT_PROOF_SQL = `
WITH message AS (
  SELECT contact, id, channel, class, address, state, coalesce(first_attempt_at, created_at) AS sent_at
  FROM sends WHERE (?2 IS NULL OR contact = ?2) AND id = ?1 LIMIT 1
),
words AS (
  SELECT e.*, row_number() OVER (ORDER BY e.seq DESC, e.position DESC, e.action = 'withdraw' DESC) AS rank
  FROM consent_events e, message m
  WHERE e.contact IN (${familyOf("(SELECT contact FROM message)")}) AND e.channel = m.channel AND e.purpose = 'marketing'
    AND e.recorded_at <= m.sent_at
),
given AS (
  SELECT * FROM words g WHERE g.action IN ('grant', 'confirm', 'confirm_doi') AND NOT EXISTS (
    SELECT 1 FROM words w WHERE w.action = 'withdraw' AND (w.rank < g.rank OR w.at > g.at)
  ) ORDER BY rank LIMIT 1
),
claimed AS (
  SELECT c.* FROM words c, given g WHERE g.action = 'confirm' AND c.action = 'claim' AND c.at = g.at LIMIT 1
)
SELECT m.id AS send, m.contact, m.channel, m.class, m.address, m.state, m.sent_at AS sentAt,
  g.action, coalesce(g.claimed_at, g.at) AS givenAt, g.recorded_at AS recordedAt,
  coalesce(c.source, g.source) AS source, coalesce(g.form, c.form) AS form,
  coalesce(c.way, g.way) AS way, coalesce(c.origin, g.origin) AS origin, coalesce(c.agent, g.agent) AS agent,
  w.id AS wordingId, w.key AS wordingKey, w.version AS wordingVersion, w.language AS wordingLanguage,
  coalesce(w.text, g.wording, c.wording) AS wordingText,
  coalesce(g.claimed_at, c.at) AS claimedAt, g.sent_at AS confirmationSentAt, g.clicked_at AS confirmationClickedAt
FROM message m
LEFT JOIN given g ON true
LEFT JOIN claimed c ON true
LEFT JOIN wordings w ON w.id = coalesce(g.wording_id, c.wording_id)`;

/** Runs the proof's query; null where no message has this id. */
export function readConsentProof(db: D1Database, send: string, contact: number | null): Promise<ConsentProof | null> {
  return db.prepare(CONSENT_PROOF_SQL).bind(send, contact).first<ConsentProof>();
}
