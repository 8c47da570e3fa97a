-- When the messages of a page were made: by it the lists of messages find those of campaigns, which no index of `sends` knows.
ALTER TABLE campaign_pages ADD COLUMN made_at INTEGER;
UPDATE campaign_pages SET made_at = planned_at WHERE state <> 'frozen';
CREATE INDEX campaign_pages_made ON campaign_pages (made_at) WHERE made_at IS NOT NULL;

-- From when on the patience of messages counts that a pause kept: whoever waited for a person is not late by it.
ALTER TABLE campaigns ADD COLUMN late_from INTEGER;
