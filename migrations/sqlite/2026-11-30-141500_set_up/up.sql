-- What stands in `consultations.set_up` is another text whenever a consultation is set up otherwise in one of these tables, and the same
-- as long as it is not: what was loaded of them earlier is as it was.
ALTER TABLE consultations ADD COLUMN set_up TEXT NOT NULL DEFAULT '';
CREATE TRIGGER registration_rules_set_up_by_insert AFTER INSERT ON registration_rules
BEGIN
    UPDATE consultations SET set_up = lower(hex(randomblob(16))) WHERE id IN (NEW.consultation_id);
END;
CREATE TRIGGER registration_rules_set_up_by_update AFTER UPDATE ON registration_rules
BEGIN
    UPDATE consultations SET set_up = lower(hex(randomblob(16))) WHERE id IN (NEW.consultation_id, OLD.consultation_id);
END;
CREATE TRIGGER registration_rules_set_up_by_delete AFTER DELETE ON registration_rules
BEGIN
    UPDATE consultations SET set_up = lower(hex(randomblob(16))) WHERE id IN (OLD.consultation_id);
END;
CREATE TRIGGER questions_set_up_by_insert AFTER INSERT ON questions
BEGIN
    UPDATE consultations SET set_up = lower(hex(randomblob(16))) WHERE id IN (NEW.consultation_id);
END;
CREATE TRIGGER questions_set_up_by_update AFTER UPDATE ON questions
BEGIN
    UPDATE consultations SET set_up = lower(hex(randomblob(16))) WHERE id IN (NEW.consultation_id, OLD.consultation_id);
END;
CREATE TRIGGER questions_set_up_by_delete AFTER DELETE ON questions
BEGIN
    UPDATE consultations SET set_up = lower(hex(randomblob(16))) WHERE id IN (OLD.consultation_id);
END;
CREATE TRIGGER co_organizers_set_up_by_insert AFTER INSERT ON co_organizers
BEGIN
    UPDATE consultations SET set_up = lower(hex(randomblob(16))) WHERE id IN (NEW.consultation_id);
END;
CREATE TRIGGER co_organizers_set_up_by_update AFTER UPDATE ON co_organizers
BEGIN
    UPDATE consultations SET set_up = lower(hex(randomblob(16))) WHERE id IN (NEW.consultation_id, OLD.consultation_id);
END;
CREATE TRIGGER co_organizers_set_up_by_delete AFTER DELETE ON co_organizers
BEGIN
    UPDATE consultations SET set_up = lower(hex(randomblob(16))) WHERE id IN (OLD.consultation_id);
END;
CREATE TRIGGER sessions_set_up_by_insert AFTER INSERT ON sessions
BEGIN
    UPDATE consultations SET set_up = lower(hex(randomblob(16))) WHERE id IN (NEW.consultation_id);
END;
CREATE TRIGGER sessions_set_up_by_update AFTER UPDATE ON sessions
BEGIN
    UPDATE consultations SET set_up = lower(hex(randomblob(16))) WHERE id IN (NEW.consultation_id, OLD.consultation_id);
END;
CREATE TRIGGER sessions_set_up_by_delete AFTER DELETE ON sessions
BEGIN
    UPDATE consultations SET set_up = lower(hex(randomblob(16))) WHERE id IN (OLD.consultation_id);
END;
CREATE TRIGGER rounds_set_up_by_insert AFTER INSERT ON rounds
BEGIN
    UPDATE consultations SET set_up = lower(hex(randomblob(16))) WHERE id IN (NEW.consultation_id);
END;
CREATE TRIGGER rounds_set_up_by_update AFTER UPDATE ON rounds
BEGIN
    UPDATE consultations SET set_up = lower(hex(randomblob(16))) WHERE id IN (NEW.consultation_id, OLD.consultation_id);
END;
CREATE TRIGGER rounds_set_up_by_delete AFTER DELETE ON rounds
BEGIN
    UPDATE consultations SET set_up = lower(hex(randomblob(16))) WHERE id IN (OLD.consultation_id);
END;
CREATE TRIGGER working_groups_set_up_by_insert AFTER INSERT ON working_groups
BEGIN
    UPDATE consultations SET set_up = lower(hex(randomblob(16))) WHERE id IN (NEW.consultation_id);
END;
CREATE TRIGGER working_groups_set_up_by_update AFTER UPDATE ON working_groups
BEGIN
    UPDATE consultations SET set_up = lower(hex(randomblob(16))) WHERE id IN (NEW.consultation_id, OLD.consultation_id);
END;
CREATE TRIGGER working_groups_set_up_by_delete AFTER DELETE ON working_groups
BEGIN
    UPDATE consultations SET set_up = lower(hex(randomblob(16))) WHERE id IN (OLD.consultation_id);
END;
