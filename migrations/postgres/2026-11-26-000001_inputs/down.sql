DROP TABLE input_counts;
DROP INDEX input_objectives_by_cell;
DROP INDEX input_objectives_by_place;
ALTER TABLE input_objectives DROP COLUMN consultation_id, DROP COLUMN category_id, DROP COLUMN working_group_id, DROP COLUMN state, DROP COLUMN place;
CREATE INDEX input_objectives_by_objective ON input_objectives (objective, input_id);
DROP INDEX inputs_by_category;
DROP INDEX inputs_by_group;
DROP INDEX inputs_by_place_alone;
ALTER TABLE inputs RENAME COLUMN note TO reason;
ALTER TABLE inputs DROP COLUMN session_id, DROP COLUMN translation, DROP COLUMN translation_language, DROP COLUMN addressees, DROP COLUMN testimony,
    DROP COLUMN sensitive, DROP COLUMN do_not_quote, DROP COLUMN reason_code, DROP COLUMN first_reader_id, DROP COLUMN derived;
