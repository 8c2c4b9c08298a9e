DROP TABLE access_codes;
DROP TABLE registration_rules;
