DROP INDEX reports_symbol_unique;
DROP TABLE lifecycle_steps;
