-- Acts that need two people: what was proposed, by whom, and what came of it. What is proposed holds ids and no personal data.
CREATE TABLE proposals (
    id uuid NOT NULL PRIMARY KEY,
    act text NOT NULL,
    subject text NOT NULL,
    review_id uuid REFERENCES reviews (id),
    about_id uuid REFERENCES accounts (id),
    needs text NOT NULL,
    what jsonb NOT NULL,
    sha256 text,
    state text NOT NULL,
    proposed_by uuid NOT NULL REFERENCES accounts (id),
    proposed_at timestamptz NOT NULL,
    notice_ends_at timestamptz,
    lapses_at timestamptz NOT NULL,
    decided_by uuid REFERENCES accounts (id),
    decided_at timestamptz,
    note text
);
CREATE UNIQUE INDEX proposals_wait_once ON proposals (act, subject) WHERE state = 'waiting';
CREATE INDEX proposals_by_review ON proposals (review_id, state);
-- Who was told of a proposal that nobody could confirm: each of them may object.
CREATE TABLE proposal_notices (
    proposal_id uuid NOT NULL REFERENCES proposals (id) ON DELETE CASCADE,
    account_id uuid NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (proposal_id, account_id)
);
CREATE INDEX proposal_notices_by_account ON proposal_notices (account_id);
-- Who ever held a staff role on the instance (the nil id) or a review: where there were two once, nobody acts alone again.
CREATE TABLE staff_seats (
    scope_id uuid NOT NULL,
    account_id uuid NOT NULL REFERENCES accounts (id),
    since timestamptz NOT NULL,
    until timestamptz,
    PRIMARY KEY (scope_id, account_id)
);
CREATE INDEX staff_seats_by_account ON staff_seats (account_id);
-- What was chosen for the instance (the nil id) or a review; without a row it goes by how many people there ever were.
CREATE TABLE two_people_rules (
    scope_id uuid NOT NULL PRIMARY KEY,
    required boolean NOT NULL,
    changed_at timestamptz NOT NULL
);
-- The consent of whoever holds the account that goes in a merge, by a mailed link.
CREATE TABLE merge_consents (
    proposal_id uuid NOT NULL PRIMARY KEY REFERENCES proposals (id) ON DELETE CASCADE,
    account_id uuid NOT NULL REFERENCES accounts (id),
    token_hash text NOT NULL,
    consented_at timestamptz,
    CONSTRAINT merge_consents_hash_unique UNIQUE (token_hash)
);
CREATE INDEX merge_consents_by_account ON merge_consents (account_id);
