-- What a member of a body suggests is seen by the others of the team once the body says something.
ALTER TABLE suggestions ADD COLUMN party_id TEXT REFERENCES clearance_parties (id);
ALTER TABLE suggestions ADD COLUMN released_at TEXT;
UPDATE suggestions SET released_at = made_at;
CREATE INDEX suggestions_by_party ON suggestions (party_id);
