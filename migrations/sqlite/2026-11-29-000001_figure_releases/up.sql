-- Figures about people as they were released: frozen, and once for each occasion. What they tell holds counts, and nobody.
CREATE TABLE figure_releases (
    id TEXT NOT NULL PRIMARY KEY,
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    occasion TEXT NOT NULL,
    told TEXT NOT NULL,
    created_at TEXT NOT NULL,
    CONSTRAINT figure_releases_occasion_once UNIQUE (consultation_id, occasion)
) STRICT;
