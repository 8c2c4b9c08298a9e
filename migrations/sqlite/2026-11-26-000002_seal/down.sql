-- What was sealed cannot be unsealed by a statement: its key is not in the database.
DROP TABLE input_attribution_keys;
DROP TABLE input_attributions;
CREATE TABLE input_attributions (
    input_id TEXT NOT NULL PRIMARY KEY REFERENCES inputs (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    capacity TEXT NOT NULL
) STRICT;
CREATE INDEX input_attributions_by_account ON input_attributions (account_id, input_id);
