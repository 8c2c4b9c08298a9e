DROP TABLE working_groups;
DROP TABLE sessions;
DROP TABLE rounds;
DROP TABLE co_organizers;
DROP TABLE consultations;
DROP TABLE organizations;
DROP TABLE input_categories;
DROP TABLE reviews;
