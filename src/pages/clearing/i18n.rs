//! What the clearance room says.

crate::pages::words::words! {
    "clearing.toml":
    title until no_round is_published round_closed being_changed not_asked asked_of_you for_body for_yourself is_needed not_needed
    answer_for all_agreed never_agreed to_text proposed agreement objection comments_only taking_back confirm reject
    take_back reason_if_any agree_title agree_text unnamed agree send_text send comment comment_text comment_send quote
    quote_help quote_wrong object object_text object_why comment_or_object suggest close go_on go_on_text go_on_why
    overridden meanwhile changed rest whole_text is_changed is_new is_gone reads_now in_this_order paragraph_number on_whole unsent
    unanswered accepted not_taken withdrawn reads_otherwise answer accept not_take objections round has_agreed
    has_not_agreed needed move_end ask_more close_round close_text open_round ends_on ask ask_needed person somebody
    minutes minutes_show minute_to_clearance minute_back minute_opened minute_asked minute_agreed minute_objected
    minute_commented minute_took_back minute_answered minute_closed minute_published recorded proposed_now kept stale
    changed_meanwhile need_text need_reason day_wrong asked_wrong look_again a_participant ask_participants
    participants_text participants_until participants_asked participants_settled participants_wrong
    minute_participants template_title template_text template_xlsx
    template_docx template_send template_for template_file template_file_help template_look template_found
    template_all_or_none template_row template_no_paragraph template_no_text template_nothing template_unplaced
    template_unplaced_text template_take;
    changed_left some_left template_wrong
}

/// A text with what stands in braces in it filled in.
pub fn put(text: &str, name: &str, value: impl std::fmt::Display) -> String {
    text.replace(&format!("{{{name}}}"), &value.to_string())
}
