DROP TABLE merge_consents;
DROP TABLE two_people_rules;
DROP TABLE staff_seats;
DROP TABLE proposal_notices;
DROP TABLE proposals;
