DROP INDEX paragraphs_in_section;
