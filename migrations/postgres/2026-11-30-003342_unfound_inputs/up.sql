-- Inputs that were imported and are not found by their words yet. Their job takes them in the order of their ids, which are random.
CREATE TABLE unfound_inputs (
    input_id uuid NOT NULL PRIMARY KEY
);
