//! Operations on sources and their lines. No shape here can hold who spoke.

use chrono::NaiveDate;

use super::service::{self, FromLines, NewSource};
use super::{LineState, NotTaken, QueuedLine, Source, SourceId, SourceKind};
use crate::consultations::{ConsultationId, RoundId, SessionId, WorkingGroupId};
use crate::http::extract::Upload;
use crate::http::prelude::*;
use crate::inputs::bodies::InputBody;
use crate::inputs::triage::http::InputsBody;
use crate::inputs::{Addressee, Care, Citation, InputId, LineId};
use crate::reference::ObjectiveNumber;
use crate::reviews::CategoryId;
use crate::vocabulary::Versioned;

/// Adds these operations to the server.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(super::fast_entry::http::take_input_notes)
        .service(take_input_source)
        .service(list_input_sources)
        .service(read_input_source)
        .service(list_input_lines)
        .service(turn_input_lines)
        .service(mark_input_lines);
}

/// What lines were taken from, or would be.
#[derive(Debug, Serialize, ToSchema)]
pub struct InputSourceBody {
    /// Its id.
    pub id: SourceId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// What it is.
    pub kind: SourceKind,
    /// What it is called.
    #[schema(example = "Chat of the plenary, 19 November")]
    pub title: String,
    /// The language of its lines (BCP 47).
    #[schema(example = "en")]
    pub language: String,
    /// The working group it was made in.
    pub working_group_id: Option<WorkingGroupId>,
    /// The round it was made in.
    pub round_id: Option<RoundId>,
    /// The session it was made in.
    pub session_id: Option<SessionId>,
    /// How many lines were taken.
    #[schema(example = 182)]
    pub lines: i32,
    /// How many of them wait.
    #[schema(example = 40)]
    pub waiting: i64,
    /// What was not taken, and why.
    pub passed_over: Vec<NotTaken>,
    /// The day it was taken, in the consultation's zone.
    pub imported_on: NaiveDate,
    /// Whether nothing was written.
    pub dry_run: bool,
    /// In a dry run, the lines as they would stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preview: Option<Vec<LineText>>,
}

/// A line as it would stand.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineText {
    /// Its place in the source, from 1.
    pub position: i32,
    /// What was said; names of speakers and of those who registered are taken out.
    #[schema(example = "Fees differ from one office to the next, as [name] said.")]
    pub body: String,
    /// The headings it stands under, in a document.
    pub under: Vec<String>,
    /// Its footnotes, in a document.
    pub notes: Vec<String>,
}

impl InputSourceBody {
    fn taken(source: Source, lines: Vec<QueuedLine>, dry_run: bool) -> Self {
        let text = |line: QueuedLine| LineText {
            position: line.position,
            body: line.body,
            under: line.under,
            notes: line.notes,
        };
        let waiting = i64::from(source.lines);
        let preview = dry_run.then(|| lines.into_iter().map(text).collect());
        Self { preview, ..Self::of(source, waiting, dry_run) }
    }

    fn of(source: Source, waiting: i64, dry_run: bool) -> Self {
        Self {
            id: source.id,
            consultation_id: source.consultation_id,
            kind: source.kind,
            title: source.title,
            language: source.language,
            working_group_id: source.working_group_id,
            round_id: source.round_id,
            session_id: source.session_id,
            lines: source.lines,
            waiting,
            passed_over: source.passed_over,
            imported_on: source.imported_on,
            dry_run,
            preview: None,
        }
    }
}

/// What a file is and where it was made.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TakeInputSource {
    /// What it is called.
    #[serde(default)]
    #[param(example = "Chat of the plenary, 19 November")]
    title: String,
    /// The file's name: with its first bytes it tells what the file is held in.
    #[serde(default)]
    #[param(example = "meeting_saved_chat.txt")]
    file_name: String,
    /// What the file is, when its contents do not tell for certain.
    #[param(inline)]
    kind: Option<SourceKind>,
    /// The language of its lines (BCP 47); what the file says, or English, when absent.
    language: Option<String>,
    /// The working group it was made in.
    working_group_id: Option<WorkingGroupId>,
    /// The round it was made in.
    round_id: Option<RoundId>,
    /// The session it was made in.
    session_id: Option<SessionId>,
    /// Writes nothing and says what would be taken: true when absent.
    #[serde(default = "yes")]
    #[param(default = true)]
    dry_run: bool,
}

fn yes() -> bool {
    true
}

/// Takes a chat, a transcript or a document, as the body, into the queue: line by line, to be turned into inputs. Chats and
/// transcripts may be text, captions (WebVTT, SRT, SBV), a table (CSV) or a Word document, by whatever program. Each speaker becomes a
/// random voice of the file; names of speakers and of those who ever registered become `[name]`. Private messages and reactions
/// are not taken. What is not taken is told, with the reason. A file in which people may speak is refused (`unclear_file`) until
/// `kind` says what it is, and text that is not in UTF-8 (`unknown_letters`) until its `charset` is named; a dry run shows the lines as they would stand. The same file is not taken twice. For those who also see
/// who is registered.
#[utoipa::path(tag = "inputs", params(("consultation_id" = ConsultationId, Path), TakeInputSource),
    request_body(content(
        (String = "text/plain", example = "09:41:12 From Pat Example to Everyone:\n\tFees differ from one office to the next.\n"),
        (String = "text/vtt"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ), description = "The file."),
    responses((status = 200, body = InputSourceBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/consultations/{consultation_id}/input-sources")]
pub async fn take_input_source(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Params<TakeInputSource>,
    upload: Upload,
) -> Answer {
    let (id, query) = (path.id(), query.0);
    let dry_run = query.dry_run;
    let new = NewSource {
        title: query.title,
        kind: query.kind,
        file_name: query.file_name,
        content_type: upload.content_type.clone(),
        language: query.language,
        working_group_id: query.working_group_id,
        round_id: query.round_id,
        session_id: query.session_id,
    };
    call.post(upload.into_body(), move |work, upload| {
        let (source, lines) = service::take_file(work, id, &new, &upload.bytes, dry_run)?;
        Ok(Reply::unversioned(&InputSourceBody::taken(source, lines, dry_run)))
    })
    .await
}

/// Sources.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourcesBody {
    /// The sources, by title.
    pub items: Vec<InputSourceBody>,
}

/// The sources whose lines the caller may turn into inputs, with how many of each wait.
#[utoipa::path(tag = "inputs", params(("consultation_id" = ConsultationId, Path)),
    responses((status = 200, body = SourcesBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/input-sources")]
pub async fn list_input_sources(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    let found = call.read(move |work| service::list(work, id)).await?;
    let items = found
        .into_iter()
        .map(|(source, waiting)| InputSourceBody::of(source, waiting, false))
        .collect();
    Ok(call.ok_unversioned(&SourcesBody { items }))
}

/// One source.
#[utoipa::path(tag = "inputs", params(("input_source_id" = SourceId, Path)),
    responses((status = 200, body = InputSourceBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/input-sources/{input_source_id}")]
pub async fn read_input_source(call: Call, path: PathIds<SourceId>) -> Answer {
    let id = path.id();
    let (source, waiting) = call.read(move |work| service::with_waiting(work, id)).await?;
    Ok(call.ok_unversioned(&InputSourceBody::of(source, waiting, false)))
}

/// A line. It does not say who spoke, nor when.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineBody {
    /// Its id.
    pub id: LineId,
    /// Its place in the source, from 1.
    pub position: i32,
    /// What was said; names of speakers and of those who registered are taken out.
    #[schema(example = "Fees differ from one office to the next.")]
    pub body: String,
    /// The headings it stands under, in a document.
    pub under: Vec<String>,
    /// Its footnotes, in a document.
    pub notes: Vec<String>,
    /// Which part it is, where something was too long for one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<i32>,
    /// Of how many parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parts: Option<i32>,
    /// What became of it.
    pub state: LineState,
    /// The input it went into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_id: Option<InputId>,
    /// Counts changes.
    pub version: i64,
}

impl From<QueuedLine> for LineBody {
    fn from(line: QueuedLine) -> Self {
        Self {
            id: line.id,
            position: line.position,
            body: line.body,
            under: line.under,
            notes: line.notes,
            part: line.part.map(|(part, _)| part),
            parts: line.part.map(|(_, parts)| parts),
            state: line.state,
            input_id: line.input_id,
            version: line.version,
        }
    }
}

/// Which lines.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListInputLines {
    /// In this state.
    #[param(inline)]
    pub state: Option<LineState>,
}

/// The lines of a source, in its order.
#[utoipa::path(tag = "inputs", params(("input_source_id" = SourceId, Path), ListInputLines, PageQuery),
    responses((status = 200, body = Page<LineBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/input-sources/{input_source_id}/lines")]
pub async fn list_input_lines(
    call: Call,
    path: PathIds<SourceId>,
    query: Listed<ListInputLines>,
) -> Answer {
    let id = path.id();
    let Listed { filter: ListInputLines { state }, paging } = query;
    let part = call.read(move |work| service::lines(work, id, state, &paging)).await?;
    Ok(call.page(part.map(LineBody::from)))
}

/// An input to be made of lines.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TurnedInput {
    /// The lines.
    #[schema(min_items = 1)]
    pub lines: Vec<Versioned<LineId>>,
    /// What it is about.
    #[schema(min_items = 1, example = json!([4]))]
    pub objectives: Vec<ObjectiveNumber>,
    /// What kind of contribution it is.
    pub category_id: CategoryId,
    /// Its text; that of the lines, one below the other, when absent.
    #[schema(max_length = 5000)]
    pub body: Option<String>,
    /// Its language; that of the source when absent.
    pub language: Option<String>,
    /// What it refers to; the lines' footnotes when absent.
    pub citations: Option<Vec<Citation>>,
    /// To whom it is addressed.
    #[serde(default)]
    pub addressees: Vec<Addressee>,
    /// How carefully it must be handled.
    #[serde(default)]
    pub care: Care,
}

/// Inputs to be made of lines.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TurnInputLines {
    /// The inputs.
    #[schema(min_items = 1, max_items = 200)]
    pub inputs: Vec<TurnedInput>,
}

/// Turns lines into inputs, all of them or none. Whose voices they are stays sealed.
#[utoipa::path(tag = "inputs", params(("input_source_id" = SourceId, Path)), request_body = TurnInputLines,
    responses((status = 200, body = InputsBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/input-sources/{input_source_id}/inputs")]
pub async fn turn_input_lines(
    call: Call,
    path: PathIds<SourceId>,
    body: Body<TurnInputLines>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let of = |one: &TurnedInput| {
            let one = one.clone();
            FromLines {
                lines: one.lines,
                objectives: one.objectives,
                category_id: one.category_id,
                body: one.body,
                language: one.language,
                citations: one.citations,
                addressees: one.addressees,
                care: one.care,
            }
        };
        let wanted: Vec<FromLines> = body.inputs.iter().map(of).collect();
        let made = service::turn(work, id, &wanted)?;
        Ok(Reply::unversioned(&InputsBody { items: InputBody::several(work, made)? }))
    })
    .await
}

/// Lines that are put aside, or back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkInputLines {
    /// The lines.
    #[schema(min_items = 1, max_items = 200)]
    pub lines: Vec<Versioned<LineId>>,
    /// Whether they are no contribution; false puts them back among those that wait.
    pub discarded: bool,
}

/// Lines as they are now.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinesBody {
    /// The lines.
    pub items: Vec<LineBody>,
}

/// Puts lines aside that are no contribution, or back.
#[utoipa::path(tag = "inputs", params(("input_source_id" = SourceId, Path)), request_body = MarkInputLines,
    responses((status = 200, body = LinesBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/input-sources/{input_source_id}/lines/marks")]
pub async fn mark_input_lines(
    call: Call,
    path: PathIds<SourceId>,
    body: Body<MarkInputLines>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let marked = service::mark(work, id, &body.lines, body.discarded)?;
        let items = marked.into_iter().map(LineBody::from).collect();
        Ok(Reply::unversioned(&LinesBody { items }))
    })
    .await
}
