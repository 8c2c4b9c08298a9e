-- Acts that need two people: what was proposed, by whom, and what came of it. What is proposed holds ids and no personal data.
CREATE TABLE proposals (
    id TEXT NOT NULL PRIMARY KEY,
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    review_id TEXT REFERENCES reviews (id),
    about_id TEXT REFERENCES accounts (id),
    needs TEXT NOT NULL,
    what TEXT NOT NULL,
    sha256 TEXT,
    state TEXT NOT NULL,
    proposed_by TEXT NOT NULL REFERENCES accounts (id),
    proposed_at TEXT NOT NULL,
    notice_ends_at TEXT,
    lapses_at TEXT NOT NULL,
    decided_by TEXT REFERENCES accounts (id),
    decided_at TEXT,
    note TEXT
) STRICT;
CREATE UNIQUE INDEX proposals_wait_once ON proposals (act, subject) WHERE state = 'waiting';
CREATE INDEX proposals_by_review ON proposals (review_id, state);
-- Who was told of a proposal that nobody could confirm: each of them may object.
CREATE TABLE proposal_notices (
    proposal_id TEXT NOT NULL REFERENCES proposals (id) ON DELETE CASCADE,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (proposal_id, account_id)
) STRICT;
CREATE INDEX proposal_notices_by_account ON proposal_notices (account_id);
-- Who ever held a staff role on the instance (the nil id) or a review: where there were two once, nobody acts alone again.
CREATE TABLE staff_seats (
    scope_id TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    since TEXT NOT NULL,
    until TEXT,
    PRIMARY KEY (scope_id, account_id)
) STRICT;
CREATE INDEX staff_seats_by_account ON staff_seats (account_id);
-- What was chosen for the instance (the nil id) or a review; without a row it goes by how many people there ever were.
CREATE TABLE two_people_rules (
    scope_id TEXT NOT NULL PRIMARY KEY,
    required INTEGER NOT NULL,
    changed_at TEXT NOT NULL
) STRICT;
-- The consent of whoever holds the account that goes in a merge, by a mailed link.
CREATE TABLE merge_consents (
    proposal_id TEXT NOT NULL PRIMARY KEY REFERENCES proposals (id) ON DELETE CASCADE,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    token_hash TEXT NOT NULL,
    consented_at TEXT,
    CONSTRAINT merge_consents_hash_unique UNIQUE (token_hash)
) STRICT;
CREATE INDEX merge_consents_by_account ON merge_consents (account_id);
