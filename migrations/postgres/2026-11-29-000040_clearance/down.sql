DROP TABLE clearance_overrides;
DROP TABLE clearance_comments;
DROP TABLE clearance_texts;
DROP TABLE clearance_agreements;
DROP TABLE clearance_positions;
DROP TABLE clearance_askings;
DROP TABLE clearance_parties;
DROP TABLE clearance_rounds;
