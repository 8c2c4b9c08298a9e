DROP TABLE edition_inputs;
