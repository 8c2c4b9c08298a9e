//! What publishing needs of a long text, computed before anything is written: compiling it and holding it against the checks takes seconds,
//! in which nobody else could write. What was computed is used if in the write everything that it was computed from is still the same, and
//! computed there where it is not: it spares time and decides nothing.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};

use super::checks::Judged;
use super::checks::coverage::{self, Cover};
use super::checks::service::judge_compiled;
use super::clearance::portions::Whole;
use super::drafting::check_masthead;
use super::rights::Place;
use super::{
    EditionRecord, Report, ReportId, Source, amendments, gather, publishing, steps, store,
};
use crate::audit;
use crate::audit::chain::End;
use crate::consultations::lifecycle::{BlockerCode, Wanted};
use crate::consultations::{self, ConsultationId};
use crate::digest::sha256;
use crate::inputs::{InputId, reading, wishes};
use crate::mutex::unpoisoned;
use crate::problem::Problem;
use crate::registrations;
use crate::render;
use crate::work::Work;

/// Texts that are kept at most, the latest.
const KEPT: usize = 2;

/// What was computed of texts that are about to be published, and the finding that was looked up last.
#[derive(Default)]
pub struct Foresight(Mutex<VecDeque<Arc<Foreseen>>>, Mutex<Option<Sought>>);

/// A finding that was looked up in a version of a report, and what it is, if it is one.
pub(super) struct Sought {
    pub report: ReportId,
    pub version: i64,
    pub finding: String,
    pub judged: Option<Judged>,
}

/// Keeps what was looked up.
pub(super) fn keep_sought(work: &mut Work, sought: Sought) -> Result<(), Problem> {
    let kept = &work.shared::<Foresight>()?.1;
    *unpoisoned(kept) = Some(sought);
    Ok(())
}

/// What was looked up of this version of the report, if that was looked up last.
pub(super) fn sought(
    work: &mut Work,
    report: &Report,
    finding: &str,
) -> Result<Option<Option<Judged>>, Problem> {
    let kept = &work.shared::<Foresight>()?.1;
    let kept = unpoisoned(kept);
    let same = |one: &&Sought| {
        (one.report, one.version) == (report.id, report.version) && one.finding == finding
    };
    Ok(kept.as_ref().filter(same).map(|one| one.judged.clone()))
}

struct Foreseen {
    report: ReportId,
    version: i64,
    /// The symbol that was asked for.
    symbol: Option<String>,
    from: From,
    compiled: Arc<Compiled>,
}

/// What a text was compiled from, beside the version of its report.
#[derive(PartialEq, Eq)]
struct From {
    /// Of the register, the SHA-256 of everybody whom a text could name.
    people: String,
    /// What is left out because it is to be taken back.
    wished: BTreeSet<InputId>,
    /// What was said, with its versions: who takes something back by a receipt leaves no line in the log.
    said: Vec<(InputId, i64)>,
}

/// A text that can be published, as it would be.
pub(super) struct Compiled {
    /// The report, with the symbol that it is published under.
    pub report: Report,
    /// The symbol that is printed.
    pub printed: Option<String>,
    /// The document as JSON.
    pub document: String,
    /// Its SHA-256.
    pub sha256: String,
    /// What a paper takes over from it.
    pub record: EditionRecord,
    /// On which inputs its paragraphs rest.
    pub provenance: Vec<(u32, InputId)>,
    /// On which paragraphs of editions they rest.
    pub resting: Vec<(u32, Source)>,
    /// As one agrees to it.
    pub whole: Whole,
    /// What it covers.
    covers: Vec<Cover>,
    /// Where the log ended when it was read.
    end: End,
}

/// Compiles a report to be published under a symbol, its own where none is named, once nothing stands in the way.
pub(super) fn compile(
    work: &mut Work,
    place: &Place,
    symbol: Option<String>,
) -> Result<Compiled, Problem> {
    let end = audit::end(work.conn)?;
    let draft = gather::facts(work, &place.report)?;
    let drafted = draft.compile()?;
    let judged = judge_compiled(work, &draft, &drafted)?;
    let whole = Whole::of(&draft, &drafted);
    drop(drafted);
    let (covers, material) = gather::coverage(work, &place.report)?;
    let covered = coverage::check(&covers, &material);
    let blocking = steps::before_publishing(work, place, &covered, &judged, (&whole, &covers))?;
    // By the problem of its own that names each place, where there is one, else by all that stands in the way.
    if blocking.iter().any(|one| one.code == BlockerCode::VoicesUnsound)
        && let Some(consultation) = &place.consultation
    {
        publishing::require_sound(work, consultation)?;
    }
    if blocking.iter().any(|one| one.code == BlockerCode::CoverageIncomplete) {
        covered.require_complete()?;
    }
    Wanted::default().require_free(&blocking)?;

    let mut report = place.report.clone();
    let issues = store::editions::issues(work.conn, report.id)?;
    let by_rule = amendments::printed(&report, &issues);
    // Whoever names the symbol that follows by rule names no other.
    report.symbol = symbol.filter(|one| Some(one) != by_rule.as_ref()).or(report.symbol);
    check_masthead(&report)?;
    amendments::check_symbol(work, &report)?;
    let facts =
        if report.symbol == place.report.symbol { draft } else { gather::facts(work, &report)? };
    let document = facts.compile_to_publish()?;
    let bytes = render::json::render(&document);
    Ok(Compiled {
        printed: facts.draft().report.symbol.clone(),
        record: facts.record(&document),
        provenance: facts.provenance(&document),
        resting: facts.resting(&document),
        sha256: sha256(&bytes),
        document: String::from_utf8(bytes).map_err(Problem::internal)?,
        report,
        whole,
        covers,
        end,
    })
}

/// Keeps what was compiled of a report in this version.
pub(super) fn keep(
    work: &mut Work,
    place: &Place,
    symbol: Option<String>,
    compiled: Compiled,
) -> Result<(), Problem> {
    let foreseen = Arc::new(Foreseen {
        report: place.report.id,
        version: place.report.version,
        symbol,
        from: From::now(work, place)?,
        compiled: Arc::new(compiled),
    });
    let mut kept = unpoisoned(&work.shared::<Foresight>()?.0);
    kept.retain(|one| one.report != foreseen.report);
    kept.truncate(KEPT - 1);
    kept.push_front(foreseen);
    Ok(())
}

/// What was compiled of the report, if it is still what would be compiled now, and nothing stands in the way that came since.
pub(super) fn kept(
    work: &mut Work,
    place: &Place,
    symbol: Option<&String>,
) -> Result<Option<Arc<Compiled>>, Problem> {
    let found = {
        let kept = unpoisoned(&work.shared::<Foresight>()?.0);
        let same = |one: &&Arc<Foreseen>| {
            (one.report, one.version) == (place.report.id, place.report.version)
                && one.symbol.as_ref() == symbol
        };
        kept.iter().find(same).cloned()
    };
    let Some(foreseen) = found else { return Ok(None) };
    let compiled = &foreseen.compiled;
    let since = audit::since(work.conn, &compiled.end)?;
    if since.is_none_or(|since| since.iter().any(|action| !is_about_people(action)))
        || foreseen.from != From::now(work, place)?
    {
        return Ok(None);
    }
    if let Some(consultation) = &place.consultation {
        publishing::require_sound(work, consultation)?;
    }
    let blocking = steps::of_others(work, place, (&compiled.whole, &compiled.covers))?;
    Wanted::default().require_free(&blocking)?;
    Ok(Some(compiled.clone()))
}

/// What others do all the time that no text is compiled from, but for the register of its own consultation, which is compared.
fn is_about_people(action: &str) -> bool {
    const ACTIONS: [&str; 9] = [
        "account.created",
        "account.signed_in",
        "consent.recorded",
        "job.started",
        "proposal.made",
        "registration.submitted",
        "registration.resubmitted",
        "registration.updated",
        "registration.withdrawn",
    ];
    ACTIONS.contains(&action)
}

impl From {
    fn now(work: &mut Work, place: &Place) -> Result<Self, Problem> {
        let of: Vec<ConsultationId> = match &place.consultation {
            Some(consultation) => vec![consultation.id],
            None => {
                let all = consultations::service::of_review(work, place.report.review_id)?;
                all.into_iter().map(|one| one.id).collect()
            }
        };
        let mut people = format!("{:?}", gather::named(work, &place.report)?);
        let (mut wished, mut said) = (BTreeSet::new(), Vec::new());
        for id in of {
            people.push_str(&format!("{:?}", registrations::service::known(work, id)?));
            wished.extend(wishes::service::wished_back(work, id)?);
            said.extend(reading::versions(work.conn, id)?);
        }
        Ok(Self { people: sha256(&people), wished, said })
    }
}
