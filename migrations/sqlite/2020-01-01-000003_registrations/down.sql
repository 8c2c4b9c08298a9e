DROP TABLE assignments;
DROP TABLE assignment_plans;
DROP TABLE registrations;
