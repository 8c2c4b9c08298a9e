//! What the pages of the register say.

crate::pages::words::words! {
    "recommended.toml":
    title lead objective any state strength addressees words_in show none downloads feed must should could
    governments united_nations civil_society private_sector trade_unions diaspora academia media human_rights_institutions donors
    everybody standing joined dropped as_read as_confirmed
    changed_since not_put nobody heard_in consultation five_or_more fewer_than_five not_counted joined_into joins history paragraph
    edition follow_up no_follow_up source to_register own_title own_lead unconfirmed confirm confirm_text words_read nothing_read
    confirmed_by somebody note note_day note_text note_source note_url note_save remove saved public_page look_again
    changed_meanwhile
}

/// A text with what stands in braces in it filled in.
pub fn put(text: &str, name: &str, value: impl std::fmt::Display) -> String {
    text.replace(&format!("{{{name}}}"), &value.to_string())
}
