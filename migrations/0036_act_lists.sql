-- What could not or may not be done, for whoever looks after it: few rows, which stay until somebody tries them again.
CREATE INDEX acts_failed ON acts (at) WHERE state IN ('failed', 'refused');

-- Tasks for people, the open ones apart from those that are done.
CREATE INDEX acts_tasks ON acts (result, at) WHERE kind = 'task.create';

-- Who is in an audience now: it is read by audience, for its size and its members.
CREATE INDEX audience_members_now ON audience_members (audience, contact) WHERE member = 1;
