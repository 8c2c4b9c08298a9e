-- What stands in `set_up` is another text whenever an organization is found by something else, and the same as long as none is: what was
-- loaded earlier to compare names with is as it was.
CREATE TABLE organization_directory (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    set_up TEXT NOT NULL
);
INSERT INTO organization_directory (id, set_up) VALUES (1, lower(hex(randomblob(16))));
CREATE TRIGGER organizations_directory_by_insert AFTER INSERT ON organizations
BEGIN
    UPDATE organization_directory SET set_up = lower(hex(randomblob(16)));
END;
CREATE TRIGGER organizations_directory_by_update AFTER UPDATE ON organizations
    WHEN NEW.normalized_name IS NOT OLD.normalized_name OR NEW.acronym IS NOT OLD.acronym OR NEW.website IS NOT OLD.website OR NEW.merged_into IS NOT OLD.merged_into
BEGIN
    UPDATE organization_directory SET set_up = lower(hex(randomblob(16)));
END;
CREATE TRIGGER organizations_directory_by_delete AFTER DELETE ON organizations
BEGIN
    UPDATE organization_directory SET set_up = lower(hex(randomblob(16)));
END;
CREATE TRIGGER organization_aliases_directory_by_insert AFTER INSERT ON organization_aliases
BEGIN
    UPDATE organization_directory SET set_up = lower(hex(randomblob(16)));
END;
CREATE TRIGGER organization_aliases_directory_by_update AFTER UPDATE ON organization_aliases
BEGIN
    UPDATE organization_directory SET set_up = lower(hex(randomblob(16)));
END;
CREATE TRIGGER organization_aliases_directory_by_delete AFTER DELETE ON organization_aliases
BEGIN
    UPDATE organization_directory SET set_up = lower(hex(randomblob(16)));
END;
