-- Clearance: who is asked to agree to a draft, until when, and what they answered. Nothing refers to paragraphs: what was said stays when
-- the paragraph goes.
CREATE TABLE clearance_rounds (
    id TEXT NOT NULL PRIMARY KEY,
    report_id TEXT NOT NULL REFERENCES reports (id),
    -- The number of the edition that it is for.
    edition INTEGER NOT NULL,
    ends_on TEXT NOT NULL,
    version INTEGER NOT NULL,
    opened_by TEXT REFERENCES accounts (id),
    opened_at TEXT NOT NULL,
    closed_by TEXT REFERENCES accounts (id),
    closed_at TEXT
) STRICT;
CREATE INDEX clearance_rounds_by_report ON clearance_rounds (report_id, opened_at);
CREATE UNIQUE INDEX clearance_rounds_open ON clearance_rounds (report_id) WHERE closed_at IS NULL;
CREATE INDEX clearance_rounds_by_opener ON clearance_rounds (opened_by);
CREATE INDEX clearance_rounds_by_closer ON clearance_rounds (closed_by);
-- An organization or one person, in one report; whoever is asked in several rounds is one party.
CREATE TABLE clearance_parties (
    id TEXT NOT NULL PRIMARY KEY,
    report_id TEXT NOT NULL REFERENCES reports (id),
    organization_id TEXT REFERENCES organizations (id),
    account_id TEXT REFERENCES accounts (id),
    unnamed INTEGER NOT NULL
) STRICT;
CREATE INDEX clearance_parties_by_report ON clearance_parties (report_id, id);
CREATE INDEX clearance_parties_by_organization ON clearance_parties (organization_id);
CREATE INDEX clearance_parties_by_account ON clearance_parties (account_id);
CREATE TABLE clearance_askings (
    round_id TEXT NOT NULL REFERENCES clearance_rounds (id),
    party_id TEXT NOT NULL REFERENCES clearance_parties (id),
    needed INTEGER NOT NULL,
    asked_by TEXT REFERENCES accounts (id),
    asked_at TEXT NOT NULL,
    -- The last day on which they were reminded.
    reminded_on TEXT,
    PRIMARY KEY (round_id, party_id)
) STRICT;
CREATE INDEX clearance_askings_by_party ON clearance_askings (party_id);
CREATE INDEX clearance_askings_by_asker ON clearance_askings (asked_by);
-- What a party says: it agrees, it objects, it has comments.
CREATE TABLE clearance_positions (
    id TEXT NOT NULL PRIMARY KEY,
    report_id TEXT NOT NULL REFERENCES reports (id),
    round_id TEXT NOT NULL REFERENCES clearance_rounds (id),
    party_id TEXT NOT NULL REFERENCES clearance_parties (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    -- What is agreed to: ids with the SHA-256 of each.
    portions TEXT NOT NULL,
    paragraph_id TEXT,
    reason TEXT,
    -- The objection that is taken back.
    objection_id TEXT REFERENCES clearance_positions (id),
    proposed_by TEXT REFERENCES accounts (id),
    proposed_at TEXT NOT NULL,
    decided_by TEXT REFERENCES accounts (id),
    decided_at TEXT,
    note TEXT,
    -- When an objection was taken back.
    ended_at TEXT
) STRICT;
CREATE INDEX clearance_positions_by_report ON clearance_positions (report_id, id);
CREATE INDEX clearance_positions_by_round ON clearance_positions (round_id);
CREATE INDEX clearance_positions_by_party ON clearance_positions (party_id, state);
CREATE INDEX clearance_positions_by_objection ON clearance_positions (objection_id);
CREATE INDEX clearance_positions_by_proposer ON clearance_positions (proposed_by);
CREATE INDEX clearance_positions_by_decider ON clearance_positions (decided_by);
-- What each party has agreed to, last.
CREATE TABLE clearance_agreements (
    party_id TEXT NOT NULL REFERENCES clearance_parties (id),
    portion_id TEXT NOT NULL,
    report_id TEXT NOT NULL REFERENCES reports (id),
    sha256 TEXT NOT NULL,
    agreed_at TEXT NOT NULL,
    PRIMARY KEY (party_id, portion_id)
) STRICT;
CREATE INDEX clearance_agreements_by_report ON clearance_agreements (report_id, sha256);
-- The texts that were agreed to, by their SHA-256.
CREATE TABLE clearance_texts (
    report_id TEXT NOT NULL REFERENCES reports (id),
    sha256 TEXT NOT NULL,
    text TEXT,
    PRIMARY KEY (report_id, sha256)
) STRICT;
CREATE TABLE clearance_comments (
    id TEXT NOT NULL PRIMARY KEY,
    report_id TEXT NOT NULL REFERENCES reports (id),
    party_id TEXT NOT NULL REFERENCES clearance_parties (id),
    paragraph_id TEXT,
    paragraph_version INTEGER,
    range_start INTEGER,
    range_end INTEGER,
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    said_by TEXT REFERENCES accounts (id),
    said_at TEXT NOT NULL,
    -- Until then, members of its body alone see it.
    released_at TEXT,
    answer TEXT,
    answered_by TEXT REFERENCES accounts (id),
    answered_at TEXT
) STRICT;
CREATE INDEX clearance_comments_by_report ON clearance_comments (report_id, state, id);
CREATE INDEX clearance_comments_by_party ON clearance_comments (party_id);
CREATE INDEX clearance_comments_by_author ON clearance_comments (said_by);
CREATE INDEX clearance_comments_by_answerer ON clearance_comments (answered_by);
-- Whoever publishes goes on despite a missing agreement or an objection, and says why.
CREATE TABLE clearance_overrides (
    id TEXT NOT NULL PRIMARY KEY,
    report_id TEXT NOT NULL REFERENCES reports (id),
    party_id TEXT NOT NULL REFERENCES clearance_parties (id),
    objection_id TEXT REFERENCES clearance_positions (id),
    reason TEXT NOT NULL,
    -- Of the text that it is about: it lapses with it.
    sha256 TEXT NOT NULL,
    made_by TEXT REFERENCES accounts (id),
    made_at TEXT NOT NULL
) STRICT;
CREATE INDEX clearance_overrides_by_report ON clearance_overrides (report_id, id);
CREATE INDEX clearance_overrides_by_party ON clearance_overrides (party_id);
CREATE INDEX clearance_overrides_by_objection ON clearance_overrides (objection_id);
CREATE INDEX clearance_overrides_by_maker ON clearance_overrides (made_by);
