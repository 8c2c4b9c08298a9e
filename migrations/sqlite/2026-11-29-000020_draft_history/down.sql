DROP TABLE section_versions;
DROP TABLE paragraph_versions;
DROP TABLE draft_steps;
