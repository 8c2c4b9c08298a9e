//! What the pages of writing say.

crate::pages::words::words! {
    "writing.toml":
    all_drafts drafts_text no_drafts may_publish may_draft may_draft_own may_clear may_read may_look may_reopen clearing_room changed_on summary_report
    paper drafting clearance published contents still_open nothing_open to_paragraph next to_clearance
    to_drafting to_publish to_corrigendum amends corrigendum revision take_step in_the_way block_not_yet block_coverage block_voices block_checks block_wish block_round block_agreement
    block_objection block_comment waits_proposal what_waits nothing_waits may_pass advises holds_back let_pass since who_can
    who_takes steps_taken administrator secretariat co_organizer co_host moderator focal_point rapporteur deputy
    symbol publish_help reason reason_if_any need_reason field_wrong somebody look_again changed_meanwhile overtaken
    gone_meanwhile your_words add_to saved added moved deleted suggested decided omitted unomitted stepped proposed
    published_now paragraph_number no_data work_on_section history edit suggest add_after computed written_over
    rests_on_nothing editorial unknown_input not_for_you no_text do_not_quote input_submitted input_accepted
    input_returned input_merged input_split input_set_aside input_withdrawn suggests_text suggested_unsent suggest_for suggests_deletion
    suggests_paragraph suggests_thought in_word_file accept reject take_back comment comment_send orphans close move_it move_to at_beginning
    after_number delete delete_text there_now yours_against_it text text_help text_unread need_text objective
    all_objectives objective_number editorial_reason editorial_help inputs inputs_wrong cited_now not_used_here
    compute save offline suggest_what suggest_text suggest_paragraph suggest_deletion suggested_text suggest_why add
    add_here head_otherwise heading heading_help made_from shall_stand unused unused_text use_or_leave in_your_words
    leave_out leave_why left_out use_after_all milestones to_milestones milestones_text milestone_name freeze
    no_milestones changes_since no_changes no_document names_left_out title summary headings paragraphs paragraph_history
    section_history usual_heading is_gone version newest older restore restored suggestions was_accepted was_rejected was_withdrawn is_open inserted removed step_opened
    step_added step_changed step_moved step_merged step_merged_away step_redirected step_deleted step_returned step_recompiled step_settled
    step_restored step_suggested step_joined step_split step_heading_set step_masthead_changed step_state_changed
    step_milestone_set step_published
    add_section first_level after_section move_section move_section_text split_section split_section_text split_at
    set_apart set_apart_text views_apart heading_of_views views_set_apart need_views
    heading_of_new join_section join_section_text join_with heading_of_both remove_section remove_section_text
    paragraphs_to section_added section_moved joined split_off section_removed masthead distribution distribution_help
    dated_on written_in translated_from agenda_items agenda_help summary_help masthead_notes notes_help note_to
    note_text heading_style style_escap style_manual charts with_charts without_charts;
    rest_on_nothing cite_unaccepted have_suggestions are_held_back unused_left rests_on rests_on_sources unaccepted
    not_used_elsewhere inputs_added inputs_removed inputs_left_out paragraphs_in_it
}

/// A text with what stands in braces in it filled in.
pub fn put(text: &str, name: &str, value: impl std::fmt::Display) -> String {
    text.replace(&format!("{{{name}}}"), &value.to_string())
}
