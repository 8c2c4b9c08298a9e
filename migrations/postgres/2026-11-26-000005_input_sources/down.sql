DROP TABLE input_lines;
DROP TABLE input_sources;
