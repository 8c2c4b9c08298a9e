-- Access tokens name it, and are refused once it has grown: with another password, a disabled account, the loss of a role of staff.
ALTER TABLE accounts ADD COLUMN token_generation INTEGER NOT NULL DEFAULT 0;
