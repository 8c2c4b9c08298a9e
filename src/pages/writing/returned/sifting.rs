//! What departs in a Word file, thing by thing: what is taken over where it is ticked, and what is only named.

use maud::{Markup, html};

use super::http::takes;
use super::i18n::{self, Words};
use crate::pages::visit::Signed;
use crate::pages::writing::history::story::marked;
use crate::pages::writing::i18n as writing;
use crate::problem::Problem;
use crate::render::docx::read::UnreadKind;
use crate::reports::Report;
use crate::reports::history::difference;
use crate::reports::returning::hindrance::Hindrance;
use crate::reports::returning::{Returned, ReturnedBasis, ReturnedEntry, ReturnedOutcome, Taking};
use crate::threeway::DepartureKind;
use crate::ways;

fn over(signed: &Signed, report: &Report) -> Markup {
    let draft = ways::draft(report.id);
    html! { p .over dir="auto" { a href=(signed.link(&draft)) lang=(report.language) { (report.title) } } }
}

/// The form for the file.
pub(super) fn asking(
    signed: &Signed,
    report: &Report,
    done: bool,
    refused: Option<&Problem>,
) -> Markup {
    let words = i18n::of(signed.language());
    let action = signed.link(&format!("{}/returned", ways::draft(report.id)));
    html! {
        (over(signed, report))
        h1 { (words.title) }
        @if done { p .o role="status" { (words.done) } }
        p .lead { (words.lead) }
        @if let Some(problem) = refused { (signed.frame.notice(problem)) }
        form method="post" enctype="multipart/form-data" action=(action) {
            div .f {
                label for="file" { (words.file) }
                @if refused.is_some() { p .e #file-e { (words.need_file) } }
                input #file name="file" type="file" required accept=".docx" aria-invalid=[refused.map(|_| "true")];
            }
            button .m { (words.compare) }
        }
    }
}

/// What departs in the file.
pub(super) fn found(
    signed: &Signed,
    report: &Report,
    returned: &Returned,
    file: &str,
    refused: Option<&Problem>,
) -> Markup {
    let words = i18n::of(signed.language());
    let action = signed.link(&format!("{}/returned", ways::draft(report.id)));
    let is_named = |one: &&ReturnedEntry| one.taking.outcome() == ReturnedOutcome::Named;
    let (named, taken): (Vec<_>, Vec<_>) = returned.entries.iter().partition(is_named);
    let basis = match returned.from.basis {
        ReturnedBasis::File => words.basis_file,
        ReturnedBasis::Milestone => words.basis_milestone,
        ReturnedBasis::CurrentDraft => words.basis_current_draft,
    };
    html! {
        (over(signed, report))
        h1 { (words.title) }
        @if let Some(problem) = refused { (signed.frame.notice(problem)) }
        p { (basis) }
        @if returned.from.by_words { p { (words.by_words) } }
        @if returned.entries.is_empty() { p .o { (words.nothing) } }
        @if takes(returned) {
            h2 { (words.taken_over) }
            form method="post" action=(action) {
                input type="hidden" name="fingerprint" value=(returned.fingerprint);
                input type="hidden" name="file" value=(file);
                @for one in taken {
                    @let key = &one.departure.key;
                    input type="hidden" name="key" value=(key);
                    div .suggestion {
                        label .c { input type="checkbox" name="take" value=(key) checked; " " span { (headed(one, words)) } }
                        (texts(signed, report, one))
                    }
                }
                label .c { input type="checkbox" name="accept" value="1"; " " span { (words.accept) } }
                button .m { (words.take) }
            }
        }
        @if !named.is_empty() {
            h2 { (words.named_only) }
            @for one in named { div .suggestion { p { (headed(one, words)) } (texts(signed, report, one)) } }
        }
    }
}

fn headed(one: &ReturnedEntry, words: &Words) -> Markup {
    let outcome = match one.taking.outcome() {
        ReturnedOutcome::Suggestion => Some(words.to_suggestion),
        ReturnedOutcome::Change => Some(words.to_change),
        ReturnedOutcome::Comment => Some(words.to_comment),
        ReturnedOutcome::Named => None,
    };
    html! {
        @if let Some(number) = one.number { (number) ". " }
        strong { (kind(one.departure.kind, words)) }
        @if let Some(author) = &one.departure.author { " " bdi { (author) } }
        @if one.departure.is_conflict { " " span .tag { (words.conflict) } }
        @if let Some(outcome) = outcome { " " span .soft { (outcome) } }
    }
}

fn texts(signed: &Signed, report: &Report, one: &ReturnedEntry) -> Markup {
    let words = i18n::of(signed.language());
    let pieces = writing::of(signed.language());
    let departure = &one.departure;
    let said = |name: &str, text: &str| {
        html! { p .soft { (name) } div .said dir="auto" lang=(report.language) { (text) } }
    };
    html! {
        @match (&departure.here, &departure.file) {
            (Some(here), Some(file)) if !departure.is_conflict && departure.said.is_none() => {
                div .said dir="auto" lang=(report.language) { (marked(&difference::words(here, file), pieces)) }
            }
            (here, file) => {
                @if departure.is_conflict { @if let Some(text) = &departure.made_from { (said(words.made_from, text)) } }
                @if departure.said.is_none() { @if let Some(text) = here { (said(words.here, text)) } }
                @if let Some(text) = file { (said(words.in_file, text)) }
            }
        }
        @if let Some(text) = &departure.said { p .comment { span .said dir="auto" { (text) } } }
        @if let Taking::Name(why) = &one.taking {
            p .soft {
                (reason(why, words))
                // What the rules of the draft say is English.
                @if let (Hindrance::Unreadable(_) | Hindrance::Refused(_), Some(detail)) = (why, why.detail()) {
                    " " span lang="en" dir="ltr" { (detail) }
                }
            }
        }
    }
}

fn kind(kind: DepartureKind, words: &Words) -> &str {
    match kind {
        DepartureKind::Text => words.kind_text,
        DepartureKind::Added => words.kind_added,
        DepartureKind::Deleted => words.kind_deleted,
        DepartureKind::Moved => words.kind_moved,
        DepartureKind::Heading
        | DepartureKind::HeadingAdded
        | DepartureKind::HeadingDeleted
        | DepartureKind::HeadingMoved => words.kind_heading,
        DepartureKind::FirstPage | DepartureKind::Summary => words.kind_first_page,
        DepartureKind::Caption
        | DepartureKind::Cell
        | DepartureKind::RowAdded
        | DepartureKind::RowDeleted
        | DepartureKind::TableAdded
        | DepartureKind::TableDeleted => words.kind_table,
        DepartureKind::Comment => words.kind_comment,
        DepartureKind::Unread(_) => words.kind_unread,
        DepartureKind::Marks | DepartureKind::Styled => words.kind_looks,
    }
}

fn reason<'a>(why: &Hindrance, words: &'a Words) -> &'a str {
    match why {
        Hindrance::DeletedHere => words.why_deleted_here,
        Hindrance::Unreadable(_) => words.why_unreadable,
        Hindrance::Citation => words.why_citation,
        Hindrance::NoParagraph => words.why_no_paragraph,
        Hindrance::Computed => words.why_computed,
        Hindrance::BeforeSections => words.why_before_sections,
        Hindrance::NoParagraphsThere => words.why_no_paragraphs_there,
        Hindrance::Closed(_) => words.why_closed,
        Hindrance::SectionOfOthers => words.why_section_of_others,
        Hindrance::WholeReport => words.why_whole_report,
        Hindrance::ChangedHere => words.why_changed_here,
        Hindrance::ComputedStays => words.why_computed_stays,
        Hindrance::HeadingOfObjective => words.why_heading_of_objective,
        Hindrance::HeadingOfCluster => words.why_heading_of_cluster,
        Hindrance::HeadingGone => words.why_heading_gone,
        Hindrance::HeadingElsewhere => words.why_heading_elsewhere,
        Hindrance::HeadingBeforeSections => words.why_heading_before_sections,
        Hindrance::HeadingFirst => words.why_heading_first,
        Hindrance::HeadingAlone => words.why_heading_alone,
        Hindrance::Caption => words.why_caption,
        Hindrance::TableFromData => words.why_table_from_data,
        Hindrance::TableAdded => words.why_table_added,
        Hindrance::MarksLost => words.why_marks_lost,
        Hindrance::Restyled => words.why_restyled,
        Hindrance::Unread(kind) => unread(*kind, words),
        Hindrance::LineFromElsewhere => words.why_line_from_elsewhere,
        Hindrance::NoSuchLine => words.why_no_such_line,
        Hindrance::LineGone => words.why_line_gone,
        Hindrance::NoteInHeading => words.why_note_in_heading,
        Hindrance::SeveralLines => words.why_several_lines,
        Hindrance::MarksInLine => words.why_marks_in_line,
        Hindrance::CommentElsewhere => words.why_comment_elsewhere,
        Hindrance::AnswerElsewhere => words.why_answer_elsewhere,
        Hindrance::SuggestedBefore => words.why_suggested_before,
        Hindrance::Refused(_) => words.why_refused,
    }
}

fn unread(kind: UnreadKind, words: &Words) -> &str {
    match kind {
        UnreadKind::Hidden => words.why_hidden,
        UnreadKind::Struck => words.why_struck,
        UnreadKind::Highlighted => words.why_highlighted,
        UnreadKind::Picture => words.why_picture,
        UnreadKind::TextBox => words.why_text_box,
        UnreadKind::Embedded => words.why_embedded,
        UnreadKind::Formula => words.why_formula,
        UnreadKind::Symbol => words.why_symbol,
        UnreadKind::OtherFile => words.why_other_file,
    }
}
