//! The operation that takes a draft back that was edited in Word. Knows no rule.

use super::service::{self, TakingOver};
use super::{Returned, ReturnedBasis, ReturnedEntry, ReturnedOutcome, Taking};
use crate::http::extract::Upload;
use crate::http::prelude::*;
use crate::problem::Code;
use crate::reports::{ParagraphId, ReportId, SectionId};
use crate::vocabulary::{MilestoneId, SuggestionId};

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(take_returned_draft);
}

/// Whether it is only compared, and with what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TakeReturnedDraft {
    /// That of the comparison that was looked at: then what departs is taken over. Absent: it is only compared.
    fingerprint: Option<String>,
    /// The keys of what is left out, with commas between them.
    #[param(example = "Zk3qLw0T,9aXb_-2c")]
    leave_out: Option<String>,
    /// Whether suggestions are accepted at once, where a paragraph has one for its text and that is no conflict.
    accept: Option<bool>,
    /// The milestone that the file was made from, where it does not know that any more.
    milestone: Option<MilestoneId>,
}

/// What a file is held against, and what it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnedFromBody {
    /// What it is held against.
    pub basis: ReturnedBasis,
    /// The milestone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub milestone_id: Option<MilestoneId>,
    /// The report's version that it was made from, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 41)]
    pub report_version: Option<i64>,
    /// Its passages had lost their bookmarks and were known by their words alone: links, emphasis and cross-references may be lost.
    pub by_words: bool,
    /// The program that saved it last, as that calls itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Microsoft Office Word")]
    pub program: Option<String>,
}

/// Row and column of a cell.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnedCellBody {
    /// The row, from 1.
    pub row: usize,
    /// The column, from 1; 0 for the whole row.
    pub column: usize,
}

/// One thing in which a file departs from what it was made from.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnedEntryBody {
    /// What it is known by, the same whenever the same file is compared.
    #[schema(example = "Zk3qLw0T")]
    pub key: String,
    /// What it is: `text`, `added`, `deleted` or `moved` of a paragraph; `heading`, `heading_added`, `heading_deleted`, `heading_moved`;
    /// `first_page`, `summary`, `caption`; `cell`, `row_added`, `row_deleted`, `table_added`, `table_deleted`; `comment`; `style`; `marks`, where
    /// a file has lost them; and what is not read: `hidden_text`, `struck_text`, `highlighted_text`, `picture`, `text_box`, `embedded_object`, `formula`,
    /// `symbol`, `other_file`.
    #[schema(example = "text")]
    pub kind: &'static str,
    /// What becomes of it when it is taken over.
    pub outcome: ReturnedOutcome,
    /// Whether the same was changed here as well, otherwise: then `made_from`, `here` and `file` are the three.
    pub conflict: bool,
    /// The paragraph, if it is one of the draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paragraph_id: Option<ParagraphId>,
    /// Its number as printed now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 34)]
    pub number: Option<u32>,
    /// The section in which it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section_id: Option<SectionId>,
    /// The cell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<ReturnedCellBody>,
    /// Who made the tracked change or comment, by the name in the file; several with semicolons. Absent for what was changed untracked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Ana Example")]
    pub author: Option<String>,
    /// What the file was made from says, as inline Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Fees differ.")]
    pub made_from: Option<String>,
    /// What stands here now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Fees differ.")]
    pub here: Option<String>,
    /// What the file says; of a comment the words that it is on. Absent for what is not in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Fees differ between offices.")]
    pub file: Option<String>,
    /// What a comment says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    /// The key of the comment that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answers: Option<String>,
    /// Why it is named only, and what can be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Whether it was taken over.
    pub taken: bool,
    /// The suggestion or thread that it became.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion_id: Option<SuggestionId>,
}

impl From<ReturnedEntry> for ReturnedEntryBody {
    fn from(entry: ReturnedEntry) -> Self {
        let outcome = entry.taking.outcome();
        let why = match entry.taking {
            Taking::Name(why) => Some(why.to_string()),
            _ => None,
        };
        let one = entry.departure;
        Self {
            key: one.key,
            kind: one.kind.as_str(),
            outcome,
            conflict: one.is_conflict,
            paragraph_id: entry.paragraph,
            number: entry.number,
            section_id: entry.section,
            cell: one.cell.map(|(row, column)| ReturnedCellBody { row, column }),
            author: one.author,
            made_from: one.made_from,
            here: one.here,
            file: one.file,
            said: one.said,
            answers: one.answers,
            why,
            taken: entry.is_taken,
            suggestion_id: entry.suggestion,
        }
    }
}

/// What came of a file that came back.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnedBody {
    /// Whether it was taken over.
    pub applied: bool,
    /// What it is held against.
    pub made_from: ReturnedFromBody,
    /// What departs in it, one entry for each thing.
    pub entries: Vec<ReturnedEntryBody>,
    /// Paragraphs that were changed here only since the file was made: they stay as they are.
    pub changed_here: Vec<ParagraphId>,
    /// To be sent with the same file to take over what departs.
    pub fingerprint: String,
}

impl ReturnedBody {
    fn of(returned: Returned, applied: bool) -> Self {
        let from = returned.from;
        Self {
            applied,
            made_from: ReturnedFromBody {
                basis: from.basis,
                milestone_id: from.milestone,
                report_version: from.report_version,
                by_words: from.by_words,
                program: from.program,
            },
            entries: returned.entries.into_iter().map(ReturnedEntryBody::from).collect(),
            changed_here: returned.here_only,
            fingerprint: returned.fingerprint,
        }
    }
}

/// Takes a draft back that was exported for Word and edited there (as the body). It is held against the draft that it was made from, which
/// the file knows, and against what is here now; what changed here only stays. First a comparison, which writes nothing; with the
/// fingerprint of that what departs is taken over, all of it or nothing, but for what is left out: wording becomes suggestions, tracked
/// changes with their authors; comments become threads; moved paragraphs, headings and lines of the first page are changed; all else is
/// named. 412 `version_mismatch` when the draft or the file is not what was looked at.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), TakeReturnedDraft),
    request_body(content = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", description = "The file."),
    responses((status = 200, body = ReturnedBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/draft/returned")]
pub async fn take_returned_draft(
    call: Call,
    path: PathIds<ReportId>,
    query: Params<TakeReturnedDraft>,
    upload: Upload,
) -> Answer {
    let (id, query) = (path.id(), query.0);
    let wanted = wanted(&query)?;
    let milestone = query.milestone;
    let Some(wanted) = wanted else {
        // A long file takes a while, and nobody else waits for that: nothing is written.
        let compare = move |work: &mut Work| service::compare(work, id, &upload.bytes, milestone);
        let found = ReturnedBody::of(call.read(compare).await?, false);
        return Ok(Reply::unversioned(&found).into_response());
    };
    call.post(upload.into_body(), move |work, upload| {
        let returned = service::take_over(work, id, &upload.bytes, milestone, &wanted)?;
        Ok(Reply::unversioned(&ReturnedBody::of(returned, true)))
    })
    .await
}

/// What is taken over; nothing when it is only compared, and then there is nothing to leave out.
fn wanted(query: &TakeReturnedDraft) -> Result<Option<TakingOver>, Problem> {
    let Some(fingerprint) = query.fingerprint.clone() else {
        let detail = "belongs to taking over: send the fingerprint of the comparison with it";
        for (name, is_there) in
            [("?leave_out", query.leave_out.is_some()), ("?accept", query.accept.is_some())]
        {
            if is_there {
                return Err(Problem::new(Code::InvalidQuery, detail).at(name, detail));
            }
        }
        return Ok(None);
    };
    let keys = query.leave_out.as_deref().unwrap_or_default().split(',');
    let left_out = keys.map(str::trim).filter(|key| !key.is_empty()).map(str::to_owned).collect();
    Ok(Some(TakingOver { fingerprint, left_out, accept: query.accept.unwrap_or(false) }))
}
