//! What the page of a Word file that came back says.

crate::pages::words::words! {
    "returned.toml":
    title lead file compare need_file basis_file basis_milestone basis_current_draft by_words nothing taken_over named_only
    conflict made_from here in_file to_suggestion to_change to_comment take accept done to_returned
    kind_text kind_added kind_deleted kind_moved kind_heading kind_first_page kind_table kind_comment kind_unread kind_looks
}
