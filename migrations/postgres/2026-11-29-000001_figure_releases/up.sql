-- Figures about people as they were released: frozen, and once for each occasion. What they tell holds counts, and nobody.
CREATE TABLE figure_releases (
    id uuid NOT NULL PRIMARY KEY,
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    occasion text NOT NULL,
    told jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT figure_releases_occasion_once UNIQUE (consultation_id, occasion)
);
