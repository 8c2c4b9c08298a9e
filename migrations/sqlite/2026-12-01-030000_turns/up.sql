-- Which plan is in force belongs to how a consultation is set up.
CREATE TRIGGER plan_in_force_set_up_by_insert AFTER INSERT ON assignment_plans WHEN NEW.state = 'applied'
BEGIN
    UPDATE consultations SET set_up = lower(hex(randomblob(16))) WHERE id IN (NEW.consultation_id);
END;
CREATE TRIGGER plan_in_force_set_up_by_update AFTER UPDATE ON assignment_plans WHEN NEW.state = 'applied' OR OLD.state = 'applied'
BEGIN
    UPDATE consultations SET set_up = lower(hex(randomblob(16))) WHERE id IN (NEW.consultation_id, OLD.consultation_id);
END;
CREATE TRIGGER plan_in_force_set_up_by_delete AFTER DELETE ON assignment_plans WHEN OLD.state = 'applied'
BEGIN
    UPDATE consultations SET set_up = lower(hex(randomblob(16))) WHERE id IN (OLD.consultation_id);
END;
