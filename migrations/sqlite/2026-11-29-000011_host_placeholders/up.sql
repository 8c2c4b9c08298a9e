-- Lines in place of hosts of a working group who are nobody yet: "a representative of ...", "to be confirmed".
CREATE TABLE host_placeholders (
    working_group_id TEXT NOT NULL REFERENCES working_groups (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    role TEXT NOT NULL,
    organization_id TEXT REFERENCES organizations (id),
    PRIMARY KEY (working_group_id, position)
) STRICT, WITHOUT ROWID;
