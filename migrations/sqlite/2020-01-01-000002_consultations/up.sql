CREATE TABLE reviews (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    framework TEXT NOT NULL,
    title TEXT NOT NULL,
    organ TEXT NOT NULL,
    meeting_title TEXT,
    meeting_place TEXT,
    meeting_starts_on TEXT,
    meeting_ends_on TEXT,
    agenda_items TEXT,
    symbol_prefix TEXT,
    mandates TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT reviews_code_unique UNIQUE (code)
) STRICT;
CREATE TABLE input_categories (
    id TEXT NOT NULL PRIMARY KEY,
    review_id TEXT NOT NULL REFERENCES reviews (id),
    code TEXT NOT NULL,
    heading TEXT NOT NULL,
    position INTEGER NOT NULL,
    overall INTEGER NOT NULL,
    splits_by_objective INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT input_categories_code_unique UNIQUE (review_id, code)
) STRICT;
CREATE TABLE organizations (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    normalized_name TEXT NOT NULL,
    acronym TEXT,
    sector TEXT NOT NULL,
    country TEXT NOT NULL,
    website TEXT,
    vetting TEXT NOT NULL,
    vetting_note TEXT,
    proposed_by TEXT REFERENCES accounts (id),
    vetted_by TEXT REFERENCES accounts (id),
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT organizations_name_unique UNIQUE (normalized_name)
) STRICT;
CREATE TABLE consultations (
    id TEXT NOT NULL PRIMARY KEY,
    review_id TEXT NOT NULL REFERENCES reviews (id),
    ordinal INTEGER NOT NULL,
    theme TEXT NOT NULL,
    held_on TEXT,
    starts_at TEXT,
    ends_at TEXT,
    zone TEXT NOT NULL,
    mode TEXT NOT NULL,
    venue TEXT,
    objectives TEXT NOT NULL,
    languages TEXT NOT NULL,
    capacity INTEGER,
    admission TEXT NOT NULL,
    phase TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT consultations_ordinal_unique UNIQUE (review_id, ordinal)
) STRICT;
CREATE TABLE co_organizers (
    id TEXT NOT NULL PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    kind TEXT NOT NULL,
    position INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT co_organizers_once UNIQUE (consultation_id, organization_id, kind)
) STRICT;
CREATE TABLE rounds (
    id TEXT NOT NULL PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    number INTEGER NOT NULL,
    starts_at TEXT,
    ends_at TEXT,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT rounds_number_unique UNIQUE (consultation_id, number)
) STRICT;
CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    starts_at TEXT,
    ends_at TEXT,
    moderator TEXT,
    speakers TEXT NOT NULL,
    attribution_rule TEXT NOT NULL,
    round_id TEXT REFERENCES rounds (id),
    note TEXT,
    joining_url TEXT,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_by_consultation ON sessions (consultation_id, position);
CREATE TABLE working_groups (
    id TEXT NOT NULL PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    number INTEGER NOT NULL,
    clusters TEXT NOT NULL,
    min_size INTEGER NOT NULL,
    max_size INTEGER NOT NULL,
    languages TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT working_groups_number_unique UNIQUE (consultation_id, number)
) STRICT;
