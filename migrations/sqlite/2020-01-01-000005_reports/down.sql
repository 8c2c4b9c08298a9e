DROP TABLE report_omissions;
DROP TABLE paragraph_sources;
DROP TABLE paper_editions;
DROP TABLE report_editions;
DROP TABLE paragraph_inputs;
DROP TABLE paragraphs;
DROP TABLE report_sections;
DROP TABLE reports;
