DROP TABLE draft_tellings;
