CREATE TABLE reviews (
    id uuid NOT NULL PRIMARY KEY,
    code text NOT NULL,
    framework text NOT NULL,
    title text NOT NULL,
    organ text NOT NULL,
    meeting_title text,
    meeting_place text,
    meeting_starts_on date,
    meeting_ends_on date,
    agenda_items text,
    symbol_prefix text,
    mandates jsonb NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT reviews_code_unique UNIQUE (code)
);
CREATE TABLE input_categories (
    id uuid NOT NULL PRIMARY KEY,
    review_id uuid NOT NULL REFERENCES reviews (id),
    code text NOT NULL,
    heading text NOT NULL,
    position integer NOT NULL,
    overall boolean NOT NULL,
    splits_by_objective boolean NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT input_categories_code_unique UNIQUE (review_id, code)
);
CREATE TABLE organizations (
    id uuid NOT NULL PRIMARY KEY,
    name text NOT NULL,
    normalized_name text NOT NULL,
    acronym text,
    sector text NOT NULL,
    country text NOT NULL,
    website text,
    vetting text NOT NULL,
    vetting_note text,
    proposed_by uuid REFERENCES accounts (id),
    vetted_by uuid REFERENCES accounts (id),
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT organizations_name_unique UNIQUE (normalized_name)
);
CREATE TABLE consultations (
    id uuid NOT NULL PRIMARY KEY,
    review_id uuid NOT NULL REFERENCES reviews (id),
    ordinal integer NOT NULL,
    theme text NOT NULL,
    held_on date,
    starts_at timestamptz,
    ends_at timestamptz,
    zone text NOT NULL,
    mode text NOT NULL,
    venue text,
    objectives jsonb NOT NULL,
    languages jsonb NOT NULL,
    capacity integer,
    admission text NOT NULL,
    phase text NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT consultations_ordinal_unique UNIQUE (review_id, ordinal)
);
CREATE TABLE co_organizers (
    id uuid NOT NULL PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    organization_id uuid NOT NULL REFERENCES organizations (id),
    kind text NOT NULL,
    position integer NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT co_organizers_once UNIQUE (consultation_id, organization_id, kind)
);
CREATE TABLE rounds (
    id uuid NOT NULL PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    number integer NOT NULL,
    starts_at timestamptz,
    ends_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT rounds_number_unique UNIQUE (consultation_id, number)
);
CREATE TABLE sessions (
    id uuid NOT NULL PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    position integer NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    starts_at timestamptz,
    ends_at timestamptz,
    moderator text,
    speakers jsonb NOT NULL,
    attribution_rule text NOT NULL,
    round_id uuid REFERENCES rounds (id),
    note text,
    joining_url text,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX sessions_by_consultation ON sessions (consultation_id, position);
CREATE TABLE working_groups (
    id uuid NOT NULL PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    number integer NOT NULL,
    clusters jsonb NOT NULL,
    min_size integer NOT NULL,
    max_size integer NOT NULL,
    languages jsonb NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT working_groups_number_unique UNIQUE (consultation_id, number)
);
