//! What publishing needs of a long text, computed before anything is written: compiling it and holding it against the checks takes seconds,
//! in which nobody else could write. What was computed is used if in the write everything that it was computed from is still the same, and
//! computed there where it is not: it spares time and decides nothing.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use super::basis::Basis;
use super::checks::coverage::{self, Cover};
use super::checks::service::judge_compiled;
use super::clearance::portions::Whole;
use super::drafting::check_masthead;
use super::rights::Place;
use super::{
    EditionRecord, Report, ReportId, Source, amendments, gather, publishing, steps, store,
};
use crate::consultations::lifecycle::{BlockerCode, Wanted};
use crate::digest::sha256;
use crate::inputs::InputId;
use crate::mutex::unpoisoned;
use crate::problem::Problem;
use crate::render;
use crate::work::Work;

/// Texts that are kept at most, the latest.
const KEPT: usize = 2;

/// What was computed of texts that are about to be published.
#[derive(Default)]
pub struct Foresight(Mutex<VecDeque<Arc<Foreseen>>>);

struct Foreseen {
    report: ReportId,
    version: i64,
    /// The symbol that was asked for.
    symbol: Option<String>,
    compiled: Arc<Compiled>,
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
    basis: Basis,
}

/// Compiles a report to be published under a symbol, its own where none is named, once nothing stands in the way.
pub(super) fn compile(
    work: &mut Work,
    place: &Place,
    symbol: Option<String>,
) -> Result<Compiled, Problem> {
    let basis = Basis::now(work, &place.report)?;
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
        basis,
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
    if compiled.basis.still(work, &place.report, &[])?.is_none() {
        return Ok(None);
    }
    if let Some(consultation) = &place.consultation {
        publishing::require_sound(work, consultation)?;
    }
    let blocking = steps::of_others(work, place, (&compiled.whole, &compiled.covers))?;
    Wanted::default().require_free(&blocking)?;
    Ok(Some(compiled.clone()))
}
