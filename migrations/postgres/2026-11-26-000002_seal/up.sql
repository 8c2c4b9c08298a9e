-- The sealed link (ARCHITECTURE.md, rule 1) holds no person any more: a pseudonym, which only the consultation's key can make.
-- What was sealed with an account waits here until the server starts, which alone can make the pseudonym of it.
ALTER TABLE input_attributions RENAME TO input_attributions_unsealed;
ALTER INDEX input_attributions_pkey RENAME TO input_attributions_unsealed_pkey;
DROP INDEX input_attributions_by_account;
CREATE TABLE input_attributions (
    input_id uuid NOT NULL REFERENCES inputs (id),
    voice text NOT NULL,
    capacity text NOT NULL,
    PRIMARY KEY (input_id, voice)
);
CREATE INDEX input_attributions_by_voice ON input_attributions (voice, input_id);
-- The half of each consultation's key that can be destroyed; the other half is the instance's secret.
CREATE TABLE input_attribution_keys (
    consultation_id uuid NOT NULL PRIMARY KEY REFERENCES consultations (id),
    salt text,
    proof text,
    destroyed_on date
);
