-- What published reports and papers recommend. A paragraph of a report is one recommendation for ever, whatever editions it is in.
CREATE TABLE recommendations (
    id uuid NOT NULL PRIMARY KEY,
    review_id uuid NOT NULL REFERENCES reviews (id),
    number integer NOT NULL,
    reference text NOT NULL,
    report_id uuid NOT NULL REFERENCES reports (id),
    paragraph_id uuid NOT NULL,
    language text NOT NULL,
    state text NOT NULL,
    joined_into uuid REFERENCES recommendations (id),
    strength text,
    addressees jsonb,
    confirmed_text text,
    confirmed_by uuid REFERENCES accounts (id),
    confirmed_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT recommendations_number_unique UNIQUE (review_id, number),
    CONSTRAINT recommendations_paragraph_unique UNIQUE (paragraph_id)
);
CREATE INDEX recommendations_by_confirmer ON recommendations (confirmed_by);
CREATE INDEX recommendations_by_joint ON recommendations (joined_into);
-- What a recommendation says in an edition, with the band of voices behind it as it was counted then.
CREATE TABLE recommendation_texts (
    edition_id uuid NOT NULL REFERENCES report_editions (id),
    paragraph_number integer NOT NULL,
    recommendation_id uuid NOT NULL REFERENCES recommendations (id),
    text text NOT NULL,
    objectives jsonb NOT NULL,
    heard_in jsonb NOT NULL,
    published_at timestamptz NOT NULL,
    PRIMARY KEY (edition_id, paragraph_number)
);
CREATE INDEX recommendation_texts_by_recommendation ON recommendation_texts (recommendation_id);
-- What came of a recommendation.
CREATE TABLE follow_ups (
    id uuid NOT NULL PRIMARY KEY,
    recommendation_id uuid NOT NULL REFERENCES recommendations (id),
    dated_on date NOT NULL,
    text text NOT NULL,
    source text NOT NULL,
    source_url text,
    made_by uuid REFERENCES accounts (id),
    made_at timestamptz NOT NULL,
    version bigint NOT NULL
);
CREATE INDEX follow_ups_in_order ON follow_ups (recommendation_id, dated_on, id);
CREATE INDEX follow_ups_by_maker ON follow_ups (made_by);
