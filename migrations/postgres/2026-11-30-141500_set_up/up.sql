-- What stands in `consultations.set_up` is another text whenever a consultation is set up otherwise in one of these tables, and the same
-- as long as it is not: what was loaded of them earlier is as it was.
ALTER TABLE consultations ADD COLUMN set_up text NOT NULL DEFAULT '';
CREATE FUNCTION consultation_is_set_up_otherwise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE consultations SET set_up = gen_random_uuid()::text WHERE id IN (NEW.consultation_id, OLD.consultation_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER registration_rules_set_up AFTER INSERT OR UPDATE OR DELETE ON registration_rules
    FOR EACH ROW EXECUTE FUNCTION consultation_is_set_up_otherwise();
CREATE TRIGGER questions_set_up AFTER INSERT OR UPDATE OR DELETE ON questions
    FOR EACH ROW EXECUTE FUNCTION consultation_is_set_up_otherwise();
CREATE TRIGGER co_organizers_set_up AFTER INSERT OR UPDATE OR DELETE ON co_organizers
    FOR EACH ROW EXECUTE FUNCTION consultation_is_set_up_otherwise();
CREATE TRIGGER sessions_set_up AFTER INSERT OR UPDATE OR DELETE ON sessions
    FOR EACH ROW EXECUTE FUNCTION consultation_is_set_up_otherwise();
CREATE TRIGGER rounds_set_up AFTER INSERT OR UPDATE OR DELETE ON rounds
    FOR EACH ROW EXECUTE FUNCTION consultation_is_set_up_otherwise();
CREATE TRIGGER working_groups_set_up AFTER INSERT OR UPDATE OR DELETE ON working_groups
    FOR EACH ROW EXECUTE FUNCTION consultation_is_set_up_otherwise();
-- A statement sees what was there when it began; those inside of these functions begin when the lock is had. So a lock and what is to be
-- read under it are asked for at once.
CREATE FUNCTION consultation_under_lock(wanted uuid, lock bigint) RETURNS SETOF consultations LANGUAGE plpgsql VOLATILE ROWS 1 AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(lock);
    RETURN QUERY SELECT * FROM consultations WHERE id = wanted;
END
$$;
CREATE FUNCTION audit_log_end_under_lock(lock bigint) RETURNS TABLE (sequence bigint, hash text) LANGUAGE plpgsql VOLATILE ROWS 1 AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(lock);
    RETURN QUERY SELECT log.sequence, log.hash FROM audit_log log ORDER BY log.sequence DESC LIMIT 1;
END
$$;
-- Null while the first request with the key is under way; else whether it was answered.
CREATE FUNCTION is_answered_under_lock(wanted text, lock bigint) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock(lock) THEN
        RETURN NULL;
    END IF;
    RETURN EXISTS (SELECT FROM idempotency_keys WHERE key_hash = wanted);
END
$$;
