//! What the open call, the form and the page of where somebody stands say.

crate::pages::words::words! {
    "registering.toml":
    call registration when place languages groups group objectives round ask ask_text email access_code send sent saved
    changed_elsewhere errors draft about name organization organization_help organization_unknown position sector
    sector_help country gender woman man another age under_18 from_60 guardian guardian_help spoken preferences choice
    none rounds needs interpretation sign_language captioning accessibility questions consents processing listed
    recording named_attribution save submit withdraw accept calendar calendar_make calendar_address submitted confirmed
    offered waitlisted declined withdrawn field_missing field_wrong field_languages another_language code_help course_form course_decision course_groups course_day course_report next_submitted next_confirmed
    next_offered next_waitlisted next_declined next_withdrawn guardian_waits secretariat_writes reason change again
    withdraw_sure appeal appeal_text appeal_send appealed my_groups nothing_assigned join hosts now
    next_session time_left check_in check_in_code checked_in speak speak_text what_became how_was_it announcements summary edit keep_changes
    changed consents_change back sent_once when_open draft_open
}

/// A text with its number filled in.
pub fn number(text: &str, number: impl std::fmt::Display) -> String {
    text.replace("{number}", &number.to_string())
}
