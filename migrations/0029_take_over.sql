-- What becomes of the runs of earlier versions when this one is published: null leaves them where they are.
ALTER TABLE scenario_versions ADD COLUMN takes_over TEXT;
