//! What pages of whoever is signed in say.

crate::pages::words::words! {
    "mine.toml":
    sign_in email link_text link_send link_sent with_password password sign_out title greeting own own_none open_calls
    account account_link name language language_any save sign_ins sign_ins_text browser program this_one end data
    data_text data_get erase erase_text erase_email erase_do erased to_start submitted confirmed offered waitlisted
    declined withdrawn reports;
    reports_link
}
