DROP TABLE check_in_codes;
DROP TABLE attendances;
