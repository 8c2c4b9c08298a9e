//! What the pages of what is decided say.

crate::pages::words::words! {
    "deciding.toml":
    to_decide to_mine two_people act_publish act_translation act_merge act_keys act_role act_erase act_voice act_rule waiting
    carried_out rejected taken_back lapsed done_carried_out done_ended look_again field_wrong review proposed_by
    notice_ends lapses decided_by why overtaken notice_text not_by_you confirm confirm_text reject reject_text take_back
    take_back_text carry_out carry_out_text not_for_you report language edition version symbol account_goes account_stays registrations
    withdraws person role organization consultation said rule two_needed two_not_needed appeal declined_registration
    declined_organization declined_on appealed_by appealed_on objection answer answer_it uphold dismiss choose_one
    answer_text need_answer answer_send answered upheld dismissed
}
