-- Persons who are announced as hosts of a working group by name and need no role. Each change of one makes another row.
CREATE TABLE announced_hosts (
    id TEXT PRIMARY KEY NOT NULL,
    working_group_id TEXT NOT NULL REFERENCES working_groups (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    affiliation TEXT,
    named_consent INTEGER NOT NULL,
    UNIQUE (working_group_id, position)
) STRICT;
