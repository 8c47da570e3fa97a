-- Text messages that were claimed, by the country of their number and the hour (epoch ms of its beginning), for their budgets.
CREATE TABLE sms_spend (
  hour INTEGER NOT NULL,
  country TEXT NOT NULL,
  messages INTEGER NOT NULL,
  PRIMARY KEY (hour, country)
) WITHOUT ROWID;
