DROP TABLE edition_translations;
DROP TABLE translated_portions;
DROP TABLE report_translations;
