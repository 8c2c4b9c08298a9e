DROP TABLE input_notes;
DROP TABLE input_windows;
DROP TABLE input_filters;
DROP TABLE input_claims;
DROP TABLE input_events;
DROP TABLE input_origins;
DROP TABLE input_derivations;
