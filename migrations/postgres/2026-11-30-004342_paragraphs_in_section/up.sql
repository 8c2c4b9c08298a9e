-- The place of a paragraph among the others of its section, without reading them.
CREATE INDEX paragraphs_in_section ON paragraphs (section_id, position, id);
