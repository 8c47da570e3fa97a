-- The first time that each link of a message was followed, and its picture loaded; `machine` says why it was no person.
-- What a person did stands in `message_acts` as well, by kind.
CREATE TABLE message_hits (
  contact INTEGER NOT NULL,
  send TEXT NOT NULL,
  place TEXT NOT NULL,
  at INTEGER NOT NULL,
  machine TEXT,
  PRIMARY KEY (contact, send, place)
) WITHOUT ROWID;

-- To which message an order counts: the last that a person followed within its window, or whose coupon was used. One row
-- for an order, written once; what came back of the order is asked of the order.
CREATE TABLE attributions (
  order_id TEXT PRIMARY KEY,
  contact INTEGER NOT NULL,
  cause TEXT NOT NULL,
  touched_at INTEGER NOT NULL,
  -- The message, with whose it was: somebody who was merged, or who gave the code away.
  sender INTEGER NOT NULL,
  send TEXT NOT NULL,
  run TEXT NOT NULL,
  scenario TEXT NOT NULL,
  block TEXT NOT NULL,
  channel TEXT NOT NULL,
  content TEXT NOT NULL,
  placed_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX attributions_scenario ON attributions (scenario, placed_at);
