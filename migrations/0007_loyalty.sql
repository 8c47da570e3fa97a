-- Loyalty: an account is its lots. Nobody without points has a row here.
CREATE TABLE loyalty_accounts (
  contact INTEGER PRIMARY KEY,
  tier TEXT,
  tier_since INTEGER,
  tier_until INTEGER,
  earned TEXT NOT NULL,
  counts TEXT NOT NULL,
  seen TEXT NOT NULL
);
-- Whose tier runs out is what the sweep looks for; without tiers it is empty.
CREATE INDEX loyalty_accounts_due ON loyalty_accounts (tier_until) WHERE tier_until IS NOT NULL;

CREATE TABLE loyalty_lots (
  contact INTEGER NOT NULL,
  id TEXT NOT NULL,
  points INTEGER NOT NULL,
  points_left INTEGER NOT NULL,
  returned INTEGER NOT NULL,
  earned_at INTEGER NOT NULL,
  expires_at INTEGER,
  order_id TEXT,
  base INTEGER NOT NULL,
  PRIMARY KEY (contact, id)
) WITHOUT ROWID;

CREATE TABLE loyalty_movements (
  contact INTEGER NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  points INTEGER NOT NULL,
  missing INTEGER NOT NULL,
  at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  rule TEXT,
  order_id TEXT,
  event_id TEXT NOT NULL,
  reason TEXT,
  PRIMARY KEY (contact, id)
) WITHOUT ROWID;

CREATE TABLE badges (
  contact INTEGER NOT NULL,
  badge TEXT NOT NULL,
  name TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (contact, badge)
) WITHOUT ROWID;

CREATE TABLE offers (
  key TEXT PRIMARY KEY,
  definition TEXT NOT NULL,
  updated_at INTEGER NOT NULL
) WITHOUT ROWID;

-- A row without a contact is a code of the shop's own that nobody has yet.
CREATE TABLE coupons (
  code TEXT PRIMARY KEY,
  offer TEXT NOT NULL,
  contact INTEGER,
  occasion TEXT,
  valid_from INTEGER,
  valid_to INTEGER,
  issued_at INTEGER,
  redeemed_order TEXT,
  redeemed_by INTEGER,
  redeemed_at INTEGER
) WITHOUT ROWID;
CREATE UNIQUE INDEX coupons_issued ON coupons (offer, contact, occasion);

-- `friend` is 0 for an advocate's own link, which many may follow.
CREATE TABLE referrals (
  code TEXT NOT NULL,
  friend INTEGER NOT NULL,
  advocate INTEGER NOT NULL,
  state TEXT NOT NULL,
  flags TEXT NOT NULL,
  order_id TEXT,
  at INTEGER NOT NULL,
  due INTEGER,
  PRIMARY KEY (code, friend)
) WITHOUT ROWID;
-- An order that comes back is looked for here.
CREATE INDEX referrals_friend ON referrals (friend) WHERE friend <> 0;
CREATE INDEX referrals_due ON referrals (due) WHERE due IS NOT NULL;

-- Keyed hashes of where a contact's orders went; only while there is a referral programme.
CREATE TABLE contact_households (
  contact INTEGER NOT NULL,
  household TEXT NOT NULL,
  PRIMARY KEY (contact, household)
) WITHOUT ROWID;

-- A browser names its latest verified user. That it was somebody else's before is what tells a person who refers
-- himself; it is written only where a browser goes from one verified contact to another.
CREATE TABLE shared_browsers (
  contact INTEGER NOT NULL,
  browser TEXT NOT NULL,
  PRIMARY KEY (contact, browser)
) WITHOUT ROWID;
CREATE TRIGGER identities_shared AFTER UPDATE OF contact ON identities
WHEN old.contact <> new.contact AND old.identity LIKE 'a:%'
  AND (SELECT status FROM contacts WHERE id = old.contact) = 'verified'
BEGIN
  INSERT OR IGNORE INTO shared_browsers (contact, browser) VALUES (old.contact, old.identity);
END;

ALTER TABLE contacts ADD COLUMN birth_date TEXT;
ALTER TABLE contacts ADD COLUMN birth_date_set_at INTEGER;
ALTER TABLE contacts ADD COLUMN birth_date_refused INTEGER;
