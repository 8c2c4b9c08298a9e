-- Clearance: who is asked to agree to a draft, until when, and what they answered. Nothing refers to paragraphs: what was said stays when
-- the paragraph goes.
CREATE TABLE clearance_rounds (
    id uuid NOT NULL PRIMARY KEY,
    report_id uuid NOT NULL REFERENCES reports (id),
    -- The number of the edition that it is for.
    edition integer NOT NULL,
    ends_on date NOT NULL,
    version bigint NOT NULL,
    opened_by uuid REFERENCES accounts (id),
    opened_at timestamptz NOT NULL,
    closed_by uuid REFERENCES accounts (id),
    closed_at timestamptz
);
CREATE INDEX clearance_rounds_by_report ON clearance_rounds (report_id, opened_at);
CREATE UNIQUE INDEX clearance_rounds_open ON clearance_rounds (report_id) WHERE closed_at IS NULL;
CREATE INDEX clearance_rounds_by_opener ON clearance_rounds (opened_by);
CREATE INDEX clearance_rounds_by_closer ON clearance_rounds (closed_by);
-- An organization or one person, in one report; whoever is asked in several rounds is one party.
CREATE TABLE clearance_parties (
    id uuid NOT NULL PRIMARY KEY,
    report_id uuid NOT NULL REFERENCES reports (id),
    organization_id uuid REFERENCES organizations (id),
    account_id uuid REFERENCES accounts (id),
    unnamed boolean NOT NULL
);
CREATE INDEX clearance_parties_by_report ON clearance_parties (report_id, id);
CREATE INDEX clearance_parties_by_organization ON clearance_parties (organization_id);
CREATE INDEX clearance_parties_by_account ON clearance_parties (account_id);
CREATE TABLE clearance_askings (
    round_id uuid NOT NULL REFERENCES clearance_rounds (id),
    party_id uuid NOT NULL REFERENCES clearance_parties (id),
    needed boolean NOT NULL,
    asked_by uuid REFERENCES accounts (id),
    asked_at timestamptz NOT NULL,
    -- The last day on which they were reminded.
    reminded_on date,
    PRIMARY KEY (round_id, party_id)
);
CREATE INDEX clearance_askings_by_party ON clearance_askings (party_id);
CREATE INDEX clearance_askings_by_asker ON clearance_askings (asked_by);
-- What a party says: it agrees, it objects, it has comments.
CREATE TABLE clearance_positions (
    id uuid NOT NULL PRIMARY KEY,
    report_id uuid NOT NULL REFERENCES reports (id),
    round_id uuid NOT NULL REFERENCES clearance_rounds (id),
    party_id uuid NOT NULL REFERENCES clearance_parties (id),
    kind text NOT NULL,
    state text NOT NULL,
    version bigint NOT NULL,
    -- What is agreed to: ids with the SHA-256 of each.
    portions jsonb NOT NULL,
    paragraph_id uuid,
    reason text,
    -- The objection that is taken back.
    objection_id uuid REFERENCES clearance_positions (id),
    proposed_by uuid REFERENCES accounts (id),
    proposed_at timestamptz NOT NULL,
    decided_by uuid REFERENCES accounts (id),
    decided_at timestamptz,
    note text,
    -- When an objection was taken back.
    ended_at timestamptz
);
CREATE INDEX clearance_positions_by_report ON clearance_positions (report_id, id);
CREATE INDEX clearance_positions_by_round ON clearance_positions (round_id);
CREATE INDEX clearance_positions_by_party ON clearance_positions (party_id, state);
CREATE INDEX clearance_positions_by_objection ON clearance_positions (objection_id);
CREATE INDEX clearance_positions_by_proposer ON clearance_positions (proposed_by);
CREATE INDEX clearance_positions_by_decider ON clearance_positions (decided_by);
-- What each party has agreed to, last.
CREATE TABLE clearance_agreements (
    party_id uuid NOT NULL REFERENCES clearance_parties (id),
    portion_id uuid NOT NULL,
    report_id uuid NOT NULL REFERENCES reports (id),
    sha256 text NOT NULL,
    agreed_at timestamptz NOT NULL,
    PRIMARY KEY (party_id, portion_id)
);
CREATE INDEX clearance_agreements_by_report ON clearance_agreements (report_id, sha256);
-- The texts that were agreed to, by their SHA-256.
CREATE TABLE clearance_texts (
    report_id uuid NOT NULL REFERENCES reports (id),
    sha256 text NOT NULL,
    text text,
    PRIMARY KEY (report_id, sha256)
);
CREATE TABLE clearance_comments (
    id uuid NOT NULL PRIMARY KEY,
    report_id uuid NOT NULL REFERENCES reports (id),
    party_id uuid NOT NULL REFERENCES clearance_parties (id),
    paragraph_id uuid,
    paragraph_version bigint,
    range_start integer,
    range_end integer,
    text text NOT NULL,
    state text NOT NULL,
    version bigint NOT NULL,
    said_by uuid REFERENCES accounts (id),
    said_at timestamptz NOT NULL,
    -- Until then, members of its body alone see it.
    released_at timestamptz,
    answer text,
    answered_by uuid REFERENCES accounts (id),
    answered_at timestamptz
);
CREATE INDEX clearance_comments_by_report ON clearance_comments (report_id, state, id);
CREATE INDEX clearance_comments_by_party ON clearance_comments (party_id);
CREATE INDEX clearance_comments_by_author ON clearance_comments (said_by);
CREATE INDEX clearance_comments_by_answerer ON clearance_comments (answered_by);
-- Whoever publishes goes on despite a missing agreement or an objection, and says why.
CREATE TABLE clearance_overrides (
    id uuid NOT NULL PRIMARY KEY,
    report_id uuid NOT NULL REFERENCES reports (id),
    party_id uuid NOT NULL REFERENCES clearance_parties (id),
    objection_id uuid REFERENCES clearance_positions (id),
    reason text NOT NULL,
    -- Of the text that it is about: it lapses with it.
    sha256 text NOT NULL,
    made_by uuid REFERENCES accounts (id),
    made_at timestamptz NOT NULL
);
CREATE INDEX clearance_overrides_by_report ON clearance_overrides (report_id, id);
CREATE INDEX clearance_overrides_by_party ON clearance_overrides (party_id);
CREATE INDEX clearance_overrides_by_objection ON clearance_overrides (objection_id);
CREATE INDEX clearance_overrides_by_maker ON clearance_overrides (made_by);
