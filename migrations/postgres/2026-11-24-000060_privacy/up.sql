-- Answers that no registration holds any more: counted, and linked to nobody.
CREATE TABLE severed_answers (
    consultation_id UUID NOT NULL REFERENCES consultations (id),
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    came BOOLEAN NOT NULL,
    people INTEGER NOT NULL,
    PRIMARY KEY (consultation_id, question, answer, came)
);
-- What was purged: how much of what and why, never whose.
CREATE TABLE purges (
    id UUID NOT NULL PRIMARY KEY,
    class TEXT NOT NULL,
    kept_days INTEGER NOT NULL,
    before DATE NOT NULL,
    counts JSONB NOT NULL,
    occasion TEXT NOT NULL,
    account_id UUID REFERENCES accounts (id),
    created_at TIMESTAMPTZ NOT NULL
);
