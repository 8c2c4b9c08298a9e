-- Whoever registers waits for whoever registers beside them only where one takes from the other: a place that is counted, or a use of a
-- code (`scarce`); a turn on the waiting list; a seat in a group. Otherwise they hold the consultation together, and hold up nobody but
-- who changes it. What is returned says whether the consultation is as it was seen (`version`, `set_up`: also of the plan in force),
-- whether somebody waits for a place, and by which invitation the address comes.
CREATE FUNCTION turn_to_register(wanted uuid, lock bigint, own bigint, scarce boolean, address text)
    RETURNS TABLE (version bigint, set_up text, awaited boolean, invited uuid) LANGUAGE plpgsql VOLATILE ROWS 1 AS $$
DECLARE
    alone boolean NOT NULL := scarce;
BEGIN
    IF own IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(own);
    END IF;
    IF NOT alone THEN
        alone := EXISTS (SELECT FROM registrations r WHERE r.consultation_id = wanted AND r.state = 'waitlisted')
            OR EXISTS (SELECT FROM assignment_plans p WHERE p.consultation_id = wanted AND p.state = 'applied');
    END IF;
    IF alone THEN
        PERFORM pg_advisory_xact_lock(lock);
    ELSE
        PERFORM pg_advisory_xact_lock_shared(lock);
    END IF;
    SELECT c.version, c.set_up, EXISTS (SELECT FROM registrations r WHERE r.consultation_id = wanted AND r.state = 'waitlisted'),
            (SELECT i.id FROM invitations i WHERE i.consultation_id = wanted AND i.email = address)
        INTO version, set_up, awaited, invited FROM consultations c WHERE c.id = wanted;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF awaited AND NOT alone THEN
        -- Since it was looked: to be begun anew.
        RAISE EXCEPTION 'somebody waits for a place' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NEXT;
END
$$;
-- Which plan is in force belongs to how a consultation is set up.
CREATE TRIGGER plan_in_force_set_up_by_insert AFTER INSERT ON assignment_plans
    FOR EACH ROW WHEN (NEW.state = 'applied') EXECUTE FUNCTION consultation_is_set_up_otherwise();
CREATE TRIGGER plan_in_force_set_up_by_update AFTER UPDATE ON assignment_plans
    FOR EACH ROW WHEN (NEW.state = 'applied' OR OLD.state = 'applied') EXECUTE FUNCTION consultation_is_set_up_otherwise();
CREATE TRIGGER plan_in_force_set_up_by_delete AFTER DELETE ON assignment_plans
    FOR EACH ROW WHEN (OLD.state = 'applied') EXECUTE FUNCTION consultation_is_set_up_otherwise();
