-- What an input says of itself grows: a translation, whom it is addressed to, how carefully it must be handled.
ALTER TABLE inputs
    ADD COLUMN session_id uuid REFERENCES sessions (id),
    ADD COLUMN translation text,
    ADD COLUMN translation_language text,
    ADD COLUMN addressees jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN testimony boolean NOT NULL DEFAULT false,
    ADD COLUMN sensitive boolean NOT NULL DEFAULT false,
    ADD COLUMN do_not_quote boolean NOT NULL DEFAULT false,
    ADD COLUMN reason_code text,
    ADD COLUMN first_reader_id uuid REFERENCES accounts (id),
    ADD COLUMN derived boolean NOT NULL DEFAULT false;
UPDATE inputs SET reason_code = 'other' WHERE reason IS NOT NULL;
ALTER TABLE inputs RENAME COLUMN reason TO note;
CREATE UNIQUE INDEX inputs_by_place_alone ON inputs (place);
CREATE INDEX inputs_by_group ON inputs (working_group_id, place, id);
CREATE INDEX inputs_by_category ON inputs (category_id, consultation_id, place, id);
-- What a list by objective is sorted and narrowed by stands beside the objective, so that it costs no more than what it shows.
ALTER TABLE input_objectives
    ADD COLUMN consultation_id uuid,
    ADD COLUMN category_id uuid,
    ADD COLUMN working_group_id uuid,
    ADD COLUMN state text,
    ADD COLUMN place bigint;
UPDATE input_objectives o SET consultation_id = i.consultation_id, category_id = i.category_id,
    working_group_id = coalesce(i.working_group_id, '00000000-0000-0000-0000-000000000000'), state = i.state, place = i.place
FROM inputs i WHERE i.id = o.input_id;
ALTER TABLE input_objectives
    ALTER COLUMN consultation_id SET NOT NULL,
    ALTER COLUMN category_id SET NOT NULL,
    ALTER COLUMN working_group_id SET NOT NULL,
    ALTER COLUMN state SET NOT NULL,
    ALTER COLUMN place SET NOT NULL;
DROP INDEX input_objectives_by_objective;
CREATE INDEX input_objectives_by_place ON input_objectives (consultation_id, objective, place, input_id);
CREATE INDEX input_objectives_by_cell ON input_objectives (consultation_id, objective, category_id, state, place, input_id);
-- How many inputs are in each cell of the board. Kept in step by the same transaction that writes an input.
CREATE TABLE input_counts (
    consultation_id uuid NOT NULL REFERENCES consultations (id),
    objective integer NOT NULL,
    category_id uuid NOT NULL,
    working_group_id uuid NOT NULL,
    state text NOT NULL,
    inputs bigint NOT NULL,
    PRIMARY KEY (consultation_id, objective, category_id, working_group_id, state)
);
INSERT INTO input_counts
SELECT consultation_id, objective, category_id, working_group_id, state, count(*) FROM input_objectives
GROUP BY consultation_id, objective, category_id, working_group_id, state;
