//! What the page of a Word file that came back says.

crate::pages::words::words! {
    "returned.toml":
    title lead file compare need_file basis_file basis_milestone basis_current_draft by_words nothing taken_over named_only
    conflict made_from here in_file to_suggestion to_change to_comment take accept done to_returned
    kind_text kind_added kind_deleted kind_moved kind_heading kind_first_page kind_table kind_comment kind_unread kind_looks
    why_deleted_here why_unreadable why_citation why_no_paragraph why_computed why_before_sections why_no_paragraphs_there why_closed
    why_section_of_others why_whole_report why_changed_here why_computed_stays why_heading_of_objective why_heading_of_cluster why_heading_gone
    why_heading_elsewhere why_heading_before_sections why_heading_first why_heading_alone why_caption why_table_from_data why_table_added
    why_marks_lost why_restyled why_hidden why_struck why_highlighted why_picture why_text_box why_embedded why_formula why_symbol why_other_file
    why_line_from_elsewhere why_no_such_line why_line_gone why_note_in_heading why_several_lines why_marks_in_line why_comment_elsewhere
    why_answer_elsewhere why_suggested_before why_refused
}
