-- Lines in place of hosts of a working group who are nobody yet: "a representative of ...", "to be confirmed".
CREATE TABLE host_placeholders (
    working_group_id uuid NOT NULL REFERENCES working_groups (id) ON DELETE CASCADE,
    position integer NOT NULL,
    role text NOT NULL,
    organization_id uuid REFERENCES organizations (id),
    PRIMARY KEY (working_group_id, position)
);
