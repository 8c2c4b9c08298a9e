//! What the page of a paper's compilation says.

crate::pages::words::words! {
    "compiling.toml":
    title lead reports consultation used_edition newest_edition not_used not_published superseded recompile recompile_text
    unsettled nothing_unsettled changed joined gone was is_now differences here shall_stand by_hand removal follow keep
    keep_reason open nothing_open omitted_before take_up leave_out leave_reason saved look_again changed_meanwhile to_draft
}

/// A text with what stands in braces in it filled in.
pub fn put(text: &str, name: &str, value: impl std::fmt::Display) -> String {
    text.replace(&format!("{{{name}}}"), &value.to_string())
}
