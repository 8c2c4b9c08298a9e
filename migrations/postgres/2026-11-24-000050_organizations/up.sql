-- What an organization was merged into, what else it is found by, and every step of its vetting.
ALTER TABLE organizations ADD COLUMN merged_into uuid REFERENCES organizations (id);
CREATE INDEX organizations_by_survivor ON organizations (merged_into);
CREATE TABLE organization_aliases (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    kind text NOT NULL,
    normalized text NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, kind, normalized)
);
-- A name leads to one organization; acronyms are shared.
CREATE UNIQUE INDEX organization_aliases_one_name ON organization_aliases (normalized) WHERE kind = 'name';
-- `recorded_for` is the entry that the step was taken on, `organization_id` the one that it belongs to since a merge.
CREATE TABLE vettings (
    id uuid NOT NULL PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    recorded_for uuid NOT NULL REFERENCES organizations (id),
    from_state text NOT NULL,
    to_state text NOT NULL,
    reason text,
    note text,
    evidence jsonb NOT NULL,
    origins jsonb NOT NULL,
    conflict_of_interest text,
    account_id uuid REFERENCES accounts (id),
    created_at timestamptz NOT NULL
);
CREATE INDEX vettings_by_organization ON vettings (organization_id, id);
CREATE INDEX vettings_by_account ON vettings (account_id);
-- What was decided before steps were kept is the first step that is known.
INSERT INTO vettings
SELECT id, id, id, CASE vetting WHEN 'proposed' THEN 'unvetted' ELSE 'proposed' END, vetting, NULL, vetting_note,
    '[]'::jsonb, '[]'::jsonb, NULL, CASE vetting WHEN 'proposed' THEN proposed_by ELSE vetted_by END, updated_at
FROM organizations WHERE vetting <> 'unvetted';
CREATE TABLE organization_merges (
    id uuid NOT NULL PRIMARY KEY,
    from_id uuid NOT NULL REFERENCES organizations (id),
    into_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL,
    from_vetting text NOT NULL,
    into_vetting text NOT NULL,
    vetting text NOT NULL,
    moved jsonb NOT NULL,
    note text,
    account_id uuid REFERENCES accounts (id),
    created_at timestamptz NOT NULL
);
CREATE INDEX organization_merges_into ON organization_merges (into_id, id);
CREATE INDEX organization_merges_from ON organization_merges (from_id, id);
CREATE INDEX registrations_of_organization ON registrations (organization_id);
