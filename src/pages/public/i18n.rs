//! What pages for everybody say.

crate::pages::words::words! {
    "public.toml":
    home what nothing_yet open held_now upcoming publications past online in_person hybrid until register invited opens
    summary_report paper cancelled read_report being_written registration_closed when place spoken organizers stakeholder
    un_network overall_guidance groups groups_text group objective programme no_programme times_of confidential time part
    moderator keynote panellist on_record calendar corrigendum revision differences differs_from no_differences list_of_changes for_managers in_context same_now other_now gone_now
    marked_as nobody_named edition older newest files for_printing for_editing for_keeping for_plain_text for_archives
    for_programs cite cite_text paragraph editions approval approved_by acted_alone of_consultation privacy privacy_lead rights rights_text to_account
    contributions contributions_text held held_text by_itself by_hand mails unregistered cookies cookies_text kept ground
    seen erased what_for kept_security kept_accountability kept_contact kept_days contact_name contact_text
    participation_name participation_text demographics_name demographics_text needs_name needs_text answers_name
    answers_text consents_name consents_text invitations_name invitations_text correspondence_name correspondence_text
    security_name security_text accountability_name accountability_text ground_consent ground_mandate ground_interests
    erased_gone erased_counted erased_unlinked erased_kept seen_nobody seen_secretariat seen_administrator seen_public
    seen_co_organizer seen_own seen_hosts seen_team seen_unnamed seen_participants write_to accessibility accessibility_lead tested
    tested_text shortfalls short_audit short_texts short_files short_meetings short_signs help help_text about_languages
    text_languages languages_lead languages_documents languages_said languages_mails languages_times hosts representative to_be_confirmed;
    purposes days years
}

/// A text with its number filled in.
pub fn number(text: &str, number: impl std::fmt::Display) -> String {
    text.replace("{number}", &number.to_string())
}
