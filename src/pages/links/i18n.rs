//! What pages behind mailed links say.

crate::pages::words::words! {
    "links.toml":
    sign_in sign_in_text sign_in_button registration registration_text registration_button invitation invitation_text
    invitation_button decline declined guardian guardian_text guardian_wants guardian_given consent refuse consented refused merge
    merge_text merge_consent merge_refuse merge_consented merge_refused nowhere nowhere_text run_out run_out_text send_again sent
    once once_text to_start no_more no_more_text no_more_button no_more_of_review no_more_done again again_done
}
