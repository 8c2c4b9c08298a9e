-- The same person under two addresses: the one account that both lead to.
ALTER TABLE accounts ADD COLUMN merged_into TEXT REFERENCES accounts (id);
CREATE INDEX accounts_by_survivor ON accounts (merged_into);
