DROP FUNCTION is_answered_under_lock, audit_log_end_under_lock, consultation_under_lock;
DROP TRIGGER registration_rules_set_up ON registration_rules;
DROP TRIGGER questions_set_up ON questions;
DROP TRIGGER co_organizers_set_up ON co_organizers;
DROP TRIGGER sessions_set_up ON sessions;
DROP TRIGGER rounds_set_up ON rounds;
DROP TRIGGER working_groups_set_up ON working_groups;
DROP FUNCTION consultation_is_set_up_otherwise;
ALTER TABLE consultations DROP COLUMN set_up;
