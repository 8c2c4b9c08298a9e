-- What an organization was merged into, what else it is found by, and every step of its vetting.
ALTER TABLE organizations ADD COLUMN merged_into TEXT REFERENCES organizations (id);
CREATE INDEX organizations_by_survivor ON organizations (merged_into);
CREATE TABLE organization_aliases (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    kind TEXT NOT NULL,
    normalized TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (organization_id, kind, normalized)
) STRICT;
-- A name leads to one organization; acronyms are shared.
CREATE UNIQUE INDEX organization_aliases_one_name ON organization_aliases (normalized) WHERE kind = 'name';
-- `recorded_for` is the entry that the step was taken on, `organization_id` the one that it belongs to since a merge.
CREATE TABLE vettings (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    recorded_for TEXT NOT NULL REFERENCES organizations (id),
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    reason TEXT,
    note TEXT,
    evidence TEXT NOT NULL,
    origins TEXT NOT NULL,
    conflict_of_interest TEXT,
    account_id TEXT REFERENCES accounts (id),
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX vettings_by_organization ON vettings (organization_id, id);
CREATE INDEX vettings_by_account ON vettings (account_id);
-- What was decided before steps were kept is the first step that is known.
INSERT INTO vettings
SELECT id, id, id, CASE vetting WHEN 'proposed' THEN 'unvetted' ELSE 'proposed' END, vetting, NULL, vetting_note,
    '[]', '[]', NULL, CASE vetting WHEN 'proposed' THEN proposed_by ELSE vetted_by END, updated_at
FROM organizations WHERE vetting <> 'unvetted';
CREATE TABLE organization_merges (
    id TEXT NOT NULL PRIMARY KEY,
    from_id TEXT NOT NULL REFERENCES organizations (id),
    into_id TEXT NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    from_vetting TEXT NOT NULL,
    into_vetting TEXT NOT NULL,
    vetting TEXT NOT NULL,
    moved TEXT NOT NULL,
    note TEXT,
    account_id TEXT REFERENCES accounts (id),
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX organization_merges_into ON organization_merges (into_id, id);
CREATE INDEX organization_merges_from ON organization_merges (from_id, id);
CREATE INDEX registrations_of_organization ON registrations (organization_id);
