DROP TABLE consent_records;
DROP TABLE guardian_requests;
DROP TABLE draft_tokens;
DROP TABLE registration_drafts;
