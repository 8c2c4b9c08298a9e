-- What stands in `set_up` is another text whenever an organization is found by something else, and the same as long as none is: what was
-- loaded earlier to compare names with is as it was.
CREATE TABLE organization_directory (
    id integer PRIMARY KEY CHECK (id = 1),
    set_up text NOT NULL
);
INSERT INTO organization_directory (id, set_up) VALUES (1, gen_random_uuid()::text);
CREATE FUNCTION organizations_are_found_otherwise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE organization_directory SET set_up = gen_random_uuid()::text;
    RETURN NULL;
END
$$;
CREATE TRIGGER organizations_directory AFTER INSERT OR DELETE ON organizations
    FOR EACH STATEMENT EXECUTE FUNCTION organizations_are_found_otherwise();
CREATE TRIGGER organizations_directory_by_update AFTER UPDATE ON organizations
    FOR EACH ROW
    WHEN ((NEW.normalized_name, NEW.acronym, NEW.website, NEW.merged_into)
        IS DISTINCT FROM (OLD.normalized_name, OLD.acronym, OLD.website, OLD.merged_into))
    EXECUTE FUNCTION organizations_are_found_otherwise();
CREATE TRIGGER organization_aliases_directory AFTER INSERT OR UPDATE OR DELETE ON organization_aliases
    FOR EACH STATEMENT EXECUTE FUNCTION organizations_are_found_otherwise();
