//! What the pages of contributing say.

crate::pages::words::words! {
    "say.toml":
    receipt_title receipt_lead what_known give given_before give_again no_more only_confirmed no_longer given_meanwhile
    have_one keep_now copy copied print qr qr_label go_on_title own_phone own_yes own_no in_app go_on enter_title
    enter_text receipt wrong_receipt from_link lost none_yet ask_for_one say_title anonymous begins on_record closed
    opens what what_help kind about care testimony sensitive do_not_quote text_language languages others offline look
    errors need_text wrong_text need_kind need_about look_title your_text names_title names_text similar_title
    similar_text support waits send edit sent_title sent_again supported supported_text next until_then after another
    mine_title nothing_yet waiting unfit change delete delete_sure take_back take_back_sure change_title save will_say
    will_go late_change late_withdrawal kept_because submitted accepted returned merged split set_aside withdrawn off_topic
    other_objectives said_elsewhere no_contribution identifies_somebody abusive unclear other team_writes question
    do_not_say answer answer_help answer_send now_in in_report in_draft not_in supports support_waits support_hidden
    unsupport destroy destroy_text destroyed destroyed_text changed deleted taken_back unsupported voice_refused gone
    back feedback feedback_text feedback_organized feedback_followed feedback_heard feedback_again feedback_least feedback_most feedback_send feedback_counted
    draft_title draft_lead draft_private draft_how draft_closed draft_to_say draft_to_read draft_comment draft_paragraph draft_text
    draft_text_help draft_quote draft_quote_help draft_quote_wrong draft_alone draft_after draft_sent draft_mixed draft_most draft_mine
    draft_unanswered draft_taken draft_not_taken;
    asked
}

/// A text with what stands in braces in it filled in.
pub fn put(text: &str, name: &str, value: impl std::fmt::Display) -> String {
    text.replace(&format!("{{{name}}}"), &value.to_string())
}
