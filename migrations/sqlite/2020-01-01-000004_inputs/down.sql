DROP TABLE input_attributions;
DROP TABLE input_objectives;
DROP TABLE inputs;
