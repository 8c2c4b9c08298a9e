-- What the secretariat says about assignments: one row per consultation; without one the usual weights hold and nothing else.
-- Registrations, rounds and groups stand in it by id only.
CREATE TABLE assignment_rules (
    consultation_id uuid NOT NULL PRIMARY KEY REFERENCES consultations (id),
    weights jsonb NOT NULL,
    listed_sectors jsonb NOT NULL,
    limits jsonb NOT NULL,
    pins jsonb NOT NULL,
    together jsonb NOT NULL,
    apart jsonb NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
