-- Persons who are announced as hosts of a working group by name and need no role. Each change of one makes another row.
CREATE TABLE announced_hosts (
    id uuid PRIMARY KEY,
    working_group_id uuid NOT NULL REFERENCES working_groups (id) ON DELETE CASCADE,
    position integer NOT NULL,
    role text NOT NULL,
    name text NOT NULL,
    affiliation text,
    named_consent boolean NOT NULL,
    UNIQUE (working_group_id, position)
);
