//! What a caller may do with sources and their lines: take a file in, look at what waits, turn lines into inputs, put aside
//! what is no contribution. Whoever may record inputs for the place of a source may.

use std::collections::{BTreeMap, BTreeSet};

use super::{LineState, NotTaken, QueuedLine, Source, SourceId, SourceKind, store};
use crate::access::{Permission, Scope};
use crate::channels::{self, File, Read, Unknown, Unreadable};
use crate::consultations::{
    Activity, Consultation, ConsultationId, RoundId, SessionId, WorkingGroupId, is_language_tag,
};
use crate::digest;
use crate::http::page::{Listing, Paging};
use crate::inputs::seal::{self, Speaker};
use crate::inputs::service::open;
use crate::inputs::submission::{bring_in, check_place, today};
use crate::inputs::{Addressee, Care, Citation, Input, LineId, NewInput, content};
use crate::problem::{Checks, Code, Problem};
use crate::reference::ObjectiveNumber;
use crate::registrations;
use crate::reviews::CategoryId;
use crate::vocabulary::Versioned;
use crate::work::Work;

/// Longest title of a source, in characters.
const LONGEST_TITLE: usize = 300;
/// Inputs that are made of lines in one request at most.
pub const MOST: usize = 200;

/// Where and what a source is.
#[derive(Debug, Clone)]
pub struct NewSource {
    /// What it is called.
    pub title: String,
    /// What it is; told from the file's contents when not said, and refused where that does not tell.
    pub kind: Option<SourceKind>,
    /// The file's name.
    pub file_name: String,
    /// The content type that its sender names, with the charset of a text.
    pub content_type: Option<String>,
    /// The language of its lines; what the file says, or English, when not said.
    pub language: Option<String>,
    /// The working group it was made in.
    pub working_group_id: Option<WorkingGroupId>,
    /// The round it was made in.
    pub round_id: Option<RoundId>,
    /// The session it was made in.
    pub session_id: Option<SessionId>,
}

/// Where somebody may record what was said: in the working group, or outside the groups.
fn place(consultation: &Consultation, group: Option<WorkingGroupId>) -> Scope {
    match group {
        Some(group) => consultation.scope().group(group.uuid()),
        None => consultation.scope().outside_groups(),
    }
}

fn recording(
    work: &mut Work,
    id: ConsultationId,
    group: Option<WorkingGroupId>,
) -> Result<Consultation, Problem> {
    work.caller.signed_in()?;
    let consultation = open(work, id)?;
    work.require(Permission::RecordInputs, &place(&consultation, group))?;
    Ok(consultation)
}

/// Reads a file and puts its lines into the queue, without the names of speakers and of those who ever registered; `dry_run` only
/// says what would come of it. Speakers become random voices of this file. For those who may record inputs there and see
/// who is registered: what stands in the file, and whether it is taken out, tells.
pub fn take_file(
    work: &mut Work,
    id: ConsultationId,
    new: &NewSource,
    bytes: &[u8],
    dry_run: bool,
) -> Result<(Source, Vec<QueuedLine>), Problem> {
    let consultation = recording(work, id, new.working_group_id)?;
    work.require(Permission::ReadRegistrations, &consultation.scope())?;
    consultation.require(Activity::SubmitInputs)?;
    let registrants = registrations::service::all_names(work, id)?;
    let file = File {
        name: &new.file_name,
        bytes,
        content_type: new.content_type.as_deref(),
        kind: new.kind.map(SourceKind::read_as),
        registrants: &registrants,
    };
    let Read { kind, lines, passed_over, language } = channels::read(&file).map_err(|why| {
        let code = match why {
            Unreadable::Unclear(_) => Code::UnclearFile,
            Unreadable::Letters(Unknown::Guessed(_)) => Code::UnknownLetters,
            _ => Code::UnreadableFile,
        };
        Problem::new(code, why.to_string())
    })?;
    let language = new.language.clone().or(language).unwrap_or_else(|| "en".to_owned());
    let sha256 = digest::sha256(bytes);
    let source = source(work, &consultation, new, kind.into(), language, sha256)?;
    let passed_over: Vec<NotTaken> = passed_over.iter().map(NotTaken::from).collect();
    let source = Source { lines: count(lines.len()), passed_over, ..source };
    let spoken: Vec<Option<Speaker>> = lines.iter().map(|line| line.speaker.map(Speaker)).collect();
    let queued: Vec<QueuedLine> = lines
        .into_iter()
        .enumerate()
        .map(|(index, line)| QueuedLine {
            id: work.ids.unlinkable(),
            source_id: source.id,
            position: count(index + 1),
            body: line.body,
            under: line.under,
            notes: line.notes,
            part: line.part.map(|(part, parts)| (part as i32, parts as i32)),
            state: LineState::Waiting,
            input_id: None,
            version: 1,
        })
        .collect();
    if dry_run {
        return Ok((source, queued));
    }
    store::insert(work.conn, &source, &queued)?;
    let spoken: Vec<(LineId, Speaker)> =
        queued.iter().zip(spoken).filter_map(|(line, speaker)| Some((line.id, speaker?))).collect();
    if !spoken.is_empty() {
        seal::seal_lines(work, id, &spoken)?;
    }
    let details = serde_json::json!({ "kind": source.kind, "lines": source.lines });
    work.audit_with("input_source.taken", "consultation", id, details);
    Ok((source, queued))
}

fn source(
    work: &mut Work,
    consultation: &Consultation,
    new: &NewSource,
    kind: SourceKind,
    language: String,
    sha256: String,
) -> Result<Source, Problem> {
    let mut checks = Checks::new();
    checks.line(&new.title, LONGEST_TITLE, "?title");
    let detail = "must be a language tag (BCP 47), such as en, th or zh-Hans";
    checks.require(is_language_tag(&language), "?language", detail);
    let placed = NewInput {
        working_group_id: new.working_group_id,
        round_id: new.round_id,
        session_id: new.session_id,
        ..NewInput::written(Vec::new(), CategoryId::new(uuid::Uuid::nil()), String::new())
    };
    check_place(work, consultation, &placed, &mut checks)?;
    checks.finish()?;
    Ok(Source {
        id: work.ids.unlinkable(),
        consultation_id: consultation.id,
        kind,
        title: new.title.trim().to_owned(),
        language,
        working_group_id: new.working_group_id,
        round_id: new.round_id,
        session_id: new.session_id,
        lines: 0,
        passed_over: Vec::new(),
        sha256,
        imported_on: today(work, consultation),
        version: 1,
    })
}

fn count(items: usize) -> i32 {
    i32::try_from(items).unwrap_or(i32::MAX)
}

/// The sources of a consultation whose lines the caller may take up, each with how many wait.
pub fn list(work: &mut Work, id: ConsultationId) -> Result<Vec<(Source, i64)>, Problem> {
    work.caller.signed_in()?;
    let consultation = open(work, id)?;
    work.require(Permission::RecordInputs, &consultation.scope())?;
    let mut sources = store::of(work.conn, id)?;
    sources.retain(|source| {
        work.may(Permission::RecordInputs, &place(&consultation, source.working_group_id))
    });
    let ids: Vec<SourceId> = sources.iter().map(|source| source.id).collect();
    let waiting = store::waiting(work.conn, &ids)?;
    Ok(sources
        .into_iter()
        .map(|source| {
            let waiting = waiting.get(&source.id).copied().unwrap_or(0);
            (source, waiting)
        })
        .collect())
}

/// A source that the caller may take lines of; 404 otherwise.
pub fn see(work: &mut Work, id: SourceId) -> Result<(Source, Consultation), Problem> {
    work.caller.signed_in()?;
    let source = store::get(work.conn, id)?;
    let consultation = recording(work, source.consultation_id, source.working_group_id)
        .map_err(|problem| problem.refused_as(|_| Problem::not_found("source of inputs")))?;
    Ok((source, consultation))
}

/// As [`see`], with how many lines wait.
pub fn with_waiting(work: &mut Work, id: SourceId) -> Result<(Source, i64), Problem> {
    let (source, _) = see(work, id)?;
    let waiting = store::waiting(work.conn, &[id])?.get(&id).copied().unwrap_or(0);
    Ok((source, waiting))
}

/// A page of a source's lines, in its order.
pub fn lines(
    work: &mut Work,
    id: SourceId,
    state: Option<LineState>,
    paging: &Paging,
) -> Result<Listing<QueuedLine>, Problem> {
    see(work, id)?;
    let rows = store::lines(work.conn, id, state, paging.after_one()?, paging.load())?;
    Ok(paging.finish(rows, |line| vec![line.position.to_string()]))
}

/// An input to be made of lines.
#[derive(Debug, Clone)]
pub struct FromLines {
    /// The lines.
    pub lines: Vec<Versioned<LineId>>,
    /// What it is about.
    pub objectives: Vec<ObjectiveNumber>,
    /// What kind of contribution it is.
    pub category_id: CategoryId,
    /// Its text; that of the lines, one below the other, when not said.
    pub body: Option<String>,
    /// Its language; that of the source when not said.
    pub language: Option<String>,
    /// What it refers to; the lines' footnotes when not said.
    pub citations: Option<Vec<Citation>>,
    /// To whom it is addressed.
    pub addressees: Vec<Addressee>,
    /// How carefully it must be handled.
    pub care: Care,
}

/// Turns lines into inputs, all of them or none. The voices of the lines become those of the inputs, sealed as they were.
pub fn turn(work: &mut Work, id: SourceId, wanted: &[FromLines]) -> Result<Vec<Input>, Problem> {
    let (source, consultation) = see(work, id)?;
    work.lock(consultation.id.uuid())?;
    if wanted.is_empty() || wanted.len() > MOST {
        return Err(Problem::invalid("/inputs", format!("must be from 1 to {MOST} inputs")));
    }
    let mut made = Vec::new();
    for (index, one) in wanted.iter().enumerate() {
        let at = format!("/inputs/{index}");
        let lines = take(work, &source, &one.lines, &format!("{at}/lines"))?;
        let new = new_input(&source, one, &lines);
        let input = bring_in(work, &consultation, new).map_err(|problem| problem.below(&at))?;
        let ids: Vec<LineId> = lines.iter().map(|line| line.id).collect();
        seal::turn(work, consultation.id, &ids, input.id)?;
        for line in lines {
            let turned = QueuedLine {
                state: LineState::Turned,
                input_id: Some(input.id),
                version: line.version + 1,
                ..line
            };
            store::update(work.conn, &turned)?;
        }
        made.push(input);
    }
    Ok(made)
}

/// The lines as they are, in the order of the source; 422 for one that is not of it or is taken, 412 for one that changed.
fn take(
    work: &mut Work,
    source: &Source,
    seen: &[Versioned<LineId>],
    at: &str,
) -> Result<Vec<QueuedLine>, Problem> {
    let ids: BTreeSet<LineId> = seen.iter().map(|one| one.id).collect();
    if ids.is_empty() || ids.len() != seen.len() || seen.len() > MOST {
        let detail = format!("must be from 1 to {MOST} different lines");
        return Err(Problem::invalid(at, detail));
    }
    let ids: Vec<LineId> = ids.into_iter().collect();
    let lines = store::by_ids(work.conn, &ids)?;
    let known: BTreeMap<LineId, &QueuedLine> = lines.iter().map(|line| (line.id, line)).collect();
    for (index, one) in seen.iter().enumerate() {
        let pointer = format!("{at}/{index}");
        match known.get(&one.id) {
            Some(line) if line.source_id != source.id => {
                return Err(Problem::invalid(pointer, "is a line of another source"));
            }
            None => return Err(Problem::invalid(pointer, "is no line of this source")),
            Some(line) if line.version != one.version => {
                return Err(Problem::overtaken(one.version).at(pointer, "has changed since"));
            }
            Some(line) if line.state == LineState::Turned => {
                let detail = "went into an input already";
                return Err(Problem::new(Code::InvalidTransition, detail).at(pointer, detail));
            }
            Some(_) => {}
        }
    }
    Ok(lines)
}

fn new_input(source: &Source, one: &FromLines, lines: &[QueuedLine]) -> NewInput {
    let bodies: Vec<&str> = lines.iter().map(|line| line.body.as_str()).collect();
    let notes = lines.iter().flat_map(|line| &line.notes).take(content::MOST_CITATIONS);
    let cited = notes.map(|note| Citation {
        title: note.chars().take(500).collect(),
        publisher: None,
        year: None,
        url: None,
    });
    NewInput {
        origin: source.kind.origin(),
        working_group_id: source.working_group_id,
        round_id: source.round_id,
        session_id: source.session_id,
        language: one.language.clone().unwrap_or_else(|| source.language.clone()),
        citations: one.citations.clone().unwrap_or_else(|| cited.collect()),
        addressees: one.addressees.clone(),
        care: one.care,
        ..NewInput::written(
            one.objectives.clone(),
            one.category_id,
            one.body.clone().unwrap_or_else(|| bodies.join("\n")),
        )
    }
}

/// Puts lines aside that are no contribution, or back among those that wait.
pub fn mark(
    work: &mut Work,
    id: SourceId,
    seen: &[Versioned<LineId>],
    discarded: bool,
) -> Result<Vec<QueuedLine>, Problem> {
    let (source, consultation) = see(work, id)?;
    work.lock(consultation.id.uuid())?;
    let state = if discarded { LineState::Discarded } else { LineState::Waiting };
    let mut marked = Vec::new();
    for line in take(work, &source, seen, "/lines")? {
        let line = QueuedLine { state, version: line.version + 1, ..line };
        store::update(work.conn, &line)?;
        marked.push(line);
    }
    let details = serde_json::json!({ "state": state, "lines": marked.len() });
    work.audit_with("input_lines.marked", "consultation", consultation.id, details);
    Ok(marked)
}
