//! Looking whether those who draft have something to be told, and telling it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, store};
use crate::access::{Role, ScopeKind};
use crate::accounts::{self, AccountId};
use crate::announcements;
use crate::consultations::{self, Consultation, WorkingGroup};
use crate::i18n::{Language, Placeholder, Template};
use crate::inputs::{reading, wishes};
use crate::outbox::{About, Letter};
use crate::problem::Problem;
use crate::reports::{ReportId, store as reports};
use crate::ways;
use crate::work::Work;

/// Tells what is due. Nothing is forgotten by it.
pub(in crate::reports) fn tell(work: &mut Work) -> Result<(), Problem> {
    let mut changed = changes(work)?;
    for report in store::all(work.conn)? {
        changed.entry(report).or_default();
    }
    for (report, changed) in changed {
        look(work, report, changed)?;
    }
    Ok(())
}

/// What changed under each report: what its draft rests on and was not left as it was, and what is wished back.
fn changes(work: &mut Work) -> Result<BTreeMap<ReportId, BTreeSet<Change>>, Problem> {
    let mut changed: BTreeMap<ReportId, BTreeSet<Change>> = BTreeMap::new();
    let cited = reading::cited_and_not_accepted(work.conn)?;
    let paragraphs: Vec<_> = cited.iter().map(|(paragraph, ..)| *paragraph).collect();
    let drafts = store::drafts_of(work.conn, &paragraphs)?;
    for (paragraph, input, state) in cited {
        if let Some(report) = drafts.get(&paragraph) {
            changed.entry(*report).or_default().insert(format!("{paragraph} {input} {state}"));
        }
    }
    for wish in wishes::service::open_everywhere(work)? {
        if let Some(report) = reports::summary_of(work.conn, wish.consultation_id)? {
            changed.entry(report.id).or_default().insert(format!("{} wished back", wish.input_id));
        }
    }
    Ok(changed)
}

fn look(work: &mut Work, report: ReportId, changed: BTreeSet<Change>) -> Result<(), Problem> {
    let Some(consultation) = reports::report(work.conn, report)?.consultation_id else {
        return Ok(());
    };
    let consultation = consultations::service::load(work, consultation)?;
    // Two processes may look at once.
    work.lock(report.uuid())?;
    let alert = store::load(work.conn, report)?;
    let next = announcements::next_hour(work.now, consultation.zone);
    let (now, is_due) = alert.clone().seen(changed, work.now, next);
    if now != alert {
        store::put(work.conn, report, &now)?;
    }
    if is_due {
        mail(work, report, &consultation)?;
    }
    Ok(())
}

fn mail(work: &mut Work, report: ReportId, consultation: &Consultation) -> Result<(), Problem> {
    let people: Vec<AccountId> = drafters(work, consultation)?.into_iter().collect();
    let mut mails = Vec::with_capacity(people.len());
    let people = accounts::service::names(work, &people)?;
    for person in people.into_values().filter(|person| person.active) {
        let language = Language::choose(person.language, &consultation.languages);
        let page = ways::draft(report);
        let page = ways::page(&work.settings.server.public_url, &page, language);
        let letter = Letter {
            template: Template::CitedInputChanged,
            language,
            recipient: person.email.as_str(),
            values: vec![
                (Placeholder::Theme, consultation.theme.clone()),
                (Placeholder::Page, page),
            ],
            secret: None,
            about: Some(About::of(consultation.id, "report", report)),
        };
        mails.push(letter.write()?);
    }
    work.mails(mails)
}

/// Those who draft a report, or the section of their own working group.
fn drafters(work: &mut Work, consultation: &Consultation) -> Result<BTreeSet<AccountId>, Problem> {
    let review = Some(consultation.review_id.uuid());
    let mut people: BTreeSet<AccountId> =
        accounts::roles::service::secretariat(work, review)?.into_iter().collect();
    let groups = consultations::programme::service::all::<WorkingGroup>(work, consultation.id)?;
    let groups: Vec<_> = groups.iter().map(|group| group.id.uuid()).collect();
    let grants = accounts::roles::service::grants_on(work, ScopeKind::WorkingGroup, &groups)?;
    let rapporteurs = grants.into_iter().filter(|grant| grant.role == Role::Rapporteur);
    people.extend(rapporteurs.map(|grant| grant.account_id));
    Ok(people)
}
