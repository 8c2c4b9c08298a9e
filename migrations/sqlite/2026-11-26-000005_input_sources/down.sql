DROP TABLE input_line_attributions;
DROP TABLE input_lines;
DROP TABLE input_sources;
