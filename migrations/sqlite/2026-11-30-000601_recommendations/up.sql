-- What published reports and papers recommend. A paragraph of a report is one recommendation for ever, whatever editions it is in.
CREATE TABLE recommendations (
    id TEXT NOT NULL PRIMARY KEY,
    review_id TEXT NOT NULL REFERENCES reviews (id),
    number INTEGER NOT NULL,
    reference TEXT NOT NULL,
    report_id TEXT NOT NULL REFERENCES reports (id),
    paragraph_id TEXT NOT NULL,
    language TEXT NOT NULL,
    state TEXT NOT NULL,
    joined_into TEXT REFERENCES recommendations (id),
    strength TEXT,
    addressees TEXT,
    confirmed_text TEXT,
    confirmed_by TEXT REFERENCES accounts (id),
    confirmed_at TEXT,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT recommendations_number_unique UNIQUE (review_id, number),
    CONSTRAINT recommendations_paragraph_unique UNIQUE (paragraph_id)
) STRICT;
CREATE INDEX recommendations_by_confirmer ON recommendations (confirmed_by);
CREATE INDEX recommendations_by_joint ON recommendations (joined_into);
-- What a recommendation says in an edition, with the band of voices behind it as it was counted then.
CREATE TABLE recommendation_texts (
    edition_id TEXT NOT NULL REFERENCES report_editions (id),
    paragraph_number INTEGER NOT NULL,
    recommendation_id TEXT NOT NULL REFERENCES recommendations (id),
    text TEXT NOT NULL,
    objectives TEXT NOT NULL,
    heard_in TEXT NOT NULL,
    published_at TEXT NOT NULL,
    PRIMARY KEY (edition_id, paragraph_number)
) STRICT;
CREATE INDEX recommendation_texts_by_recommendation ON recommendation_texts (recommendation_id);
-- What came of a recommendation.
CREATE TABLE follow_ups (
    id TEXT NOT NULL PRIMARY KEY,
    recommendation_id TEXT NOT NULL REFERENCES recommendations (id),
    dated_on TEXT NOT NULL,
    text TEXT NOT NULL,
    source TEXT NOT NULL,
    source_url TEXT,
    made_by TEXT REFERENCES accounts (id),
    made_at TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX follow_ups_in_order ON follow_ups (recommendation_id, dated_on, id);
CREATE INDEX follow_ups_by_maker ON follow_ups (made_by);
