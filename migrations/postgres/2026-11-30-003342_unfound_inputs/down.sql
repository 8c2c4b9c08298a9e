DROP TABLE unfound_inputs;
