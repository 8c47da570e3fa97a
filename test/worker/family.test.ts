import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { referralsDue } from "../../src/commerce/referral-store";
import { readConsentProof } from "../../src/contacts/consent-store";
import type { Env } from "../../src/services/env";
import { wholeFamily } from "../../src/services/erase-begin";
import { selectCartLines, selectSent } from "../../src/tracking/preference-store";

const { DB } = env as unknown as Env;
const [FIRST, SECOND, LAST, FRIEND, OTHER] = [901, 902, 903, 904, 905] as const;

/** `FIRST` was merged into `SECOND`, and `SECOND` into `LAST`. */
beforeAll(async () => {
  const contact =
    "INSERT INTO contacts (id, status, merged_into, email, attributes, consents, created_at, tracked, ring, seq, seen_at) " +
    "VALUES (?1, ?2, ?3, ?4, '{}', '{}', 0, 0, '', 0, 0)";
  const send =
    "INSERT INTO sends (contact, id, run, scenario, block, channel, class, content, content_version, address, data, " +
    "state, open, attempts, next_at, lease_until, created_at, updated_at) VALUES (?1, ?2, 'run', 's', 'b', 'email', " +
    "'marketing', 'c', 1, 'a@x.test', '{}', 'sent', 0, 1, 0, 0, ?3, 0)";
  const cart =
    "INSERT INTO carts (contact, cart_id, state, opened_at, changed_at, currency, value, lines) " +
    "VALUES (?1, ?2, 'open', 0, ?3, 'EUR', 0, ?4)";
  await DB.batch([
    DB.prepare(contact).bind(FIRST, "merged", SECOND, null),
    DB.prepare(contact).bind(SECOND, "merged", LAST, null),
    DB.prepare(contact).bind(LAST, "verified", null, "a@x.test"),
    DB.prepare(contact).bind(FRIEND, "verified", null, "f@x.test"),
    DB.prepare(contact).bind(OTHER, "verified", null, "o@x.test"),
    ...[FIRST, SECOND, LAST, OTHER].flatMap((id) => [
      DB.prepare(send).bind(id, `msg_family_${id}`, 1_000 + id),
      DB.prepare(cart).bind(id, `family-${id}`, 1_000 + id, `[${id}]`),
    ]),
    DB.prepare(
      "INSERT INTO consent_events (contact, seq, position, event_id, channel, purpose, action, at, recorded_at, source, way) " +
        "VALUES (?1, 1, 0, 'e', 'email', 'marketing', 'grant', 5, 5, 'the counter', 'server')",
    ).bind(FIRST),
    DB.prepare(
      "INSERT INTO referrals (code, friend, advocate, state, flags, order_id, at, due) " +
        "VALUES ('family', ?1, ?2, 'ordered', '[]', NULL, 0, 1)",
    ).bind(FRIEND, FIRST),
  ]);
});

describe("a contact that took others over, one by way of another", () => {
  test("is shown the last messages of all of them, newest first, and their carts", async () => {
    const sent = await selectSent(DB, LAST).all<{ id: string }>();
    expect(sent.results.map(({ id }) => id)).toEqual([LAST, SECOND, FIRST].map((id) => `msg_family_${id}`));
    const carts = await selectCartLines(DB, LAST).all<{ lines: string }>();
    expect(carts.results.map(({ lines }) => lines)).toEqual([LAST, SECOND, FIRST].map((id) => `[${id}]`));
  });

  test("shows the consent behind a message where the farthest of them gave it", async () => {
    expect(await readConsentProof(DB, `msg_family_${LAST}`, null)).toMatchObject({ givenAt: 5, source: "the counter" });
    expect(await readConsentProof(DB, `msg_family_${OTHER}`, null)).toMatchObject({ action: null, givenAt: null });
  });

  test("is who a referral of the farthest of them is rewarded to", async () => {
    const [due] = await referralsDue(DB, 2, 10);
    expect([due?.advocate.contact, due?.friend.contact]).toEqual([LAST, FRIEND]);
  });

  test("is one whole family, whoever of them is asked about, without those that are empty", async () => {
    const whole = await Promise.all([FIRST, SECOND, LAST].map((id) => wholeFamily(DB, id)));
    expect(whole).toEqual([FIRST, SECOND, LAST].map(() => [FIRST, SECOND, LAST]));
    await DB.prepare("UPDATE contacts SET status = 'erased' WHERE id = ?1").bind(SECOND).run();
    expect(await wholeFamily(DB, FIRST)).toEqual([FIRST, LAST]);
    expect(await wholeFamily(DB, OTHER)).toEqual([OTHER]);
  });
});
