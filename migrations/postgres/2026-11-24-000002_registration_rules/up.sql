-- Who may register and when: one row per consultation; without one everybody may during the open call.
CREATE TABLE registration_rules (
    consultation_id uuid NOT NULL PRIMARY KEY REFERENCES consultations (id),
    opens_at timestamptz,
    closes_at timestamptz,
    access text NOT NULL,
    sector_capacities jsonb NOT NULL,
    organization_capacity integer,
    acceptance_hours integer,
    edit_until timestamptz,
    hold_mail boolean NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
-- Of a code only a keyed hash is kept.
CREATE TABLE access_codes (
    id uuid NOT NULL PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    code_hash text NOT NULL,
    label text NOT NULL,
    most_uses integer,
    uses integer NOT NULL,
    expires_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX access_codes_by_hash ON access_codes (consultation_id, code_hash);
