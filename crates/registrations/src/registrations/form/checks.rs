//! What a form says, held against the consultation and against what is known: organizations, groups, rounds, questions.
//! Everything that is wrong is told at once.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::answers::Answering;
use super::{Question, service};
use crate::accounts::{self, Email};
use crate::consultations::{
    self, Consultation, ConsultationId, Round, RoundId, WorkingGroup, WorkingGroupId,
};
use crate::organizations::{self, Organization, OrganizationId, Vetting};
use crate::problem::{Checks, Problem};
use crate::reference::{CountryCode, SectorCode};
use crate::registrations::{
    AgeBand, Answers, Consents, Guardian, Needs, NewRegistration, UN_ENTITY,
};
use crate::work::Work;

/// Languages one person may name.
const MOST_LANGUAGES: usize = 10;
/// Longest position, in characters.
const LONGEST_POSITION: usize = 200;
/// Longest description of what somebody needs, in characters.
const LONGEST_NEED: usize = 1000;

/// What a form comes to when nothing in it is wrong.
#[derive(Clone)]
pub(in crate::registrations) struct Checked {
    /// The facts that are vetted.
    pub facts: Facts,
    /// As they are kept.
    pub answers: Answers,
    /// As it is kept.
    pub position: Option<String>,
    /// As it is kept.
    pub guardian: Option<Guardian>,
}

/// Holds the form of a new registration against everything, for the person with this address. `complete`: whether all
/// that must be answered has to be there.
pub(in crate::registrations) fn form(
    work: &mut Work,
    consultation: &Consultation,
    email: &Email,
    new: &NewRegistration,
    complete: bool,
) -> Result<Checked, Problem> {
    let questions = service::load(work, consultation.id)?;
    let mut checks = Checks::new();
    let facts = Facts::of(work, new.organization_id, new.sector, new.country);
    let facts = checks.take(facts)?;
    preferences(work, consultation.id, &new.preferences, &mut checks)?;
    rounds(work, consultation.id, new.rounds.as_deref(), &mut checks)?;
    let answering = answering(work, consultation, &questions, None, complete);
    said(facts, email, new, &answering, checks)
}

/// The part of [`form`] that needs no database: what the form itself says. Imports hold each row against it.
pub(in crate::registrations) fn said(
    facts: Option<Facts>,
    email: &Email,
    new: &NewRegistration,
    answering: &Answering,
    mut checks: Checks,
) -> Result<Checked, Problem> {
    consents(&new.consents, &mut checks);
    languages(&new.languages, "/languages", &mut checks);
    needs(&new.needs, &mut checks);
    let position = position(new.position.as_deref(), &mut checks);
    let guardian = guardian(new.age_band, new.guardian.as_ref(), email, &mut checks)?;
    not_named_under_18(new.age_band, &new.consents, &mut checks);
    let answers = answering.check(&new.answers, &mut checks);
    checks.finish()?;
    let facts = facts.ok_or_else(|| Problem::internal("facts were checked and are not there"))?;
    Ok(Checked { facts, answers, position, guardian })
}

/// The circumstances in which questions are answered now.
pub(in crate::registrations) fn answering<'a>(
    work: &Work,
    consultation: &Consultation,
    questions: &'a [Question],
    before: Option<&'a Answers>,
    complete: bool,
) -> Answering<'a> {
    Answering { questions, before, now: work.now, zone: consultation.zone, complete }
}

/// The facts that are vetted.
#[derive(Clone, Serialize, Deserialize)]
pub(in crate::registrations) struct Facts {
    /// Whom they come for: of an entry that was merged, the one it went into.
    pub organization_id: Option<OrganizationId>,
    pub sector: SectorCode,
    pub country: CountryCode,
    /// Whether the organization was declined: then nothing is automatic.
    pub declined: bool,
}

impl Facts {
    /// Of an organization where there is one, else as the person says.
    pub fn of(
        work: &mut Work,
        organization: Option<OrganizationId>,
        sector: Option<SectorCode>,
        country: Option<CountryCode>,
    ) -> Result<Self, Problem> {
        match organization {
            Some(id) => {
                let organization = organizations::service::named(work, id, "/organization_id")?;
                Self::of_organization(&organization, sector, country)
            }
            None => Self::of_person(sector, country),
        }
    }

    pub fn of_organization(
        organization: &Organization,
        sector: Option<SectorCode>,
        country: Option<CountryCode>,
    ) -> Result<Self, Problem> {
        let own = organization.sector;
        if sector.is_some_and(|sector| sector != own) {
            let detail = format!("the organization's sector is {own}: leave the field out");
            return Err(Problem::invalid("/sector", detail));
        }
        Ok(Self {
            organization_id: Some(organization.id),
            sector: own,
            country: country.unwrap_or(organization.country),
            declined: organization.vetting == Vetting::Declined,
        })
    }

    pub fn of_person(
        sector: Option<SectorCode>,
        country: Option<CountryCode>,
    ) -> Result<Self, Problem> {
        let mut checks = Checks::new();
        checks.require(sector.is_some(), "/sector", "is needed without an organization");
        checks.require(country.is_some(), "/country", "is needed without an organization");
        let un = sector.is_some_and(|sector| sector.as_str() == UN_ENTITY);
        checks.require(!un, "/organization_id", "is needed for somebody of a UN entity");
        checks.finish()?;
        match (sector, country) {
            (Some(sector), Some(country)) => {
                Ok(Self { organization_id: None, sector, country, declined: false })
            }
            _ => Err(Problem::internal("facts were checked and are not there")),
        }
    }
}

/// Nobody is registered without consent to processing.
pub(in crate::registrations) fn consents(consents: &Consents, checks: &mut Checks) {
    let detail = "must be true: without it nobody can be registered";
    checks.require(consents.processing, "/consents/processing", detail);
}

/// Somebody under 18 is never named and in no list, so the consent to that is not taken.
pub(in crate::registrations) fn not_named_under_18(
    age_band: Option<AgeBand>,
    consents: &Consents,
    checks: &mut Checks,
) {
    if age_band != Some(AgeBand::Under18) {
        return;
    }
    let detail = "must be false: somebody under 18 is never named and in no list";
    checks.require(!consents.listed, "/consents/listed", detail);
    checks.require(!consents.named_attribution, "/consents/named_attribution", detail);
}

/// BCP 47 tags, each once.
pub(in crate::registrations) fn languages(languages: &[String], at: &str, checks: &mut Checks) {
    let detail = format!("at most {MOST_LANGUAGES} languages are taken");
    checks.require(languages.len() <= MOST_LANGUAGES, at, detail);
    let mut seen = BTreeSet::new();
    for (place, tag) in languages.iter().enumerate() {
        let pointer = format!("{at}/{place}");
        let detail = format!("{tag:?} is no language tag: write BCP 47, such as en or zh-Hant");
        checks.require(consultations::is_language_tag(tag), &pointer, detail);
        checks.require(seen.insert(tag), &pointer, format!("{tag:?} is there twice"));
    }
}

/// Working groups of the consultation, each once.
pub(in crate::registrations) fn preferences(
    work: &mut Work,
    consultation: ConsultationId,
    preferences: &[WorkingGroupId],
    checks: &mut Checks,
) -> Result<(), Problem> {
    if preferences.is_empty() {
        return Ok(());
    }
    let groups = consultations::programme::service::all::<WorkingGroup>(work, consultation)?;
    let known: BTreeSet<WorkingGroupId> = groups.iter().map(|group| group.id).collect();
    let mut seen = BTreeSet::new();
    for (at, group) in preferences.iter().enumerate() {
        let pointer = format!("/preferences/{at}");
        let detail = "is no working group of this consultation";
        checks.require(known.contains(group), &pointer, detail);
        checks.require(seen.insert(*group), &pointer, "is there twice");
    }
    Ok(())
}

/// Rounds of the consultation, each once, and at least one.
pub(in crate::registrations) fn rounds(
    work: &mut Work,
    consultation: ConsultationId,
    rounds: Option<&[RoundId]>,
    checks: &mut Checks,
) -> Result<(), Problem> {
    let Some(rounds) = rounds else { return Ok(()) };
    let detail = "must name at least one round; leave it out for all of them";
    checks.require(!rounds.is_empty(), "/rounds", detail);
    let known = consultations::programme::service::all::<Round>(work, consultation)?;
    let known: BTreeSet<RoundId> = known.iter().map(|round| round.id).collect();
    let mut seen = BTreeSet::new();
    for (at, round) in rounds.iter().enumerate() {
        let pointer = format!("/rounds/{at}");
        checks.require(known.contains(round), &pointer, "is no round of this consultation");
        checks.require(seen.insert(*round), &pointer, "is there twice");
    }
    Ok(())
}

/// Languages that are some, and a text that is not too long.
pub(in crate::registrations) fn needs(needs: &Needs, checks: &mut Checks) {
    languages(&needs.interpretation, "/needs/interpretation", checks);
    if let Some(tag) = &needs.sign_language {
        let detail = format!("{tag:?} is no language tag: write BCP 47, such as ase");
        let pointer = "/needs/sign_language";
        checks.require(consultations::is_language_tag(tag), pointer, detail);
    }
    let accessibility = needs.accessibility.as_deref();
    checks.optional_text(accessibility, LONGEST_NEED, "/needs/accessibility");
}

/// The position as it is kept; nothing when only spaces were typed.
pub(in crate::registrations) fn position(
    typed: Option<&str>,
    checks: &mut Checks,
) -> Option<String> {
    let position = typed.map(str::trim).filter(|typed| !typed.is_empty())?;
    checks.line(position, LONGEST_POSITION, "/position");
    Some(position.to_owned())
}

/// The guardian as they are kept: somebody else than the person, there exactly for somebody under 18.
pub(in crate::registrations) fn guardian(
    age_band: Option<AgeBand>,
    guardian: Option<&Guardian>,
    own: &Email,
    checks: &mut Checks,
) -> Result<Option<Guardian>, Problem> {
    let under_18 = age_band == Some(AgeBand::Under18);
    let Some(guardian) = guardian else {
        checks.require(!under_18, "/guardian", "is needed for somebody under 18");
        return Ok(None);
    };
    checks.require(under_18, "/guardian", "is for somebody under 18 only: leave it out");
    let detail = "must be another address than the person's own";
    checks.require(guardian.email != *own, "/guardian/email", detail);
    let name = checks.take(accounts::checked_name(&guardian.name, "/guardian/name"))?;
    let name = name.unwrap_or_default();
    Ok(Some(Guardian { name, ..guardian.clone() }))
}
