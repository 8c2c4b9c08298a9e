//! What the pages of translations say.

crate::pages::words::words! {
    "translating.toml":
    translations lead nothing_yet begin into whole against_draft against_edition todo all missing older current withheld
    original_was translation help still_says save save_this nothing_left next before done typed_lost there_now wrong
    whole_text publish publish_beside publish_text published first_page heading note summary caption cell alternative
    paragraph;
    portions_missing portions_older
}
