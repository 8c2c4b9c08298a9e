//! What the pages of registration show and do, each in one transaction. Rules and permissions are those of the services
//! that they call.

use super::sent;
use crate::accounts::Account;
use crate::announcements::{self, Announcement};
use crate::app::App;
use crate::appeals;
use crate::attendance;
use crate::calendars;
use crate::consultations::{
    self, Consultation, ConsultationId, Round, Session, SessionId, WorkingGroup,
};
use crate::groups;
use crate::http::page::{LARGEST_LIMIT, Paging};
use crate::i18n::Language;
use crate::inputs::hearings::service as hearings;
use crate::organizations;
use crate::pages::fields::Fields;
use crate::problem::{At, Code, Problem};
use crate::registrations::changes;
use crate::registrations::drafts::service::{Opened, Wanted};
use crate::registrations::drafts::{self, Form};
use crate::registrations::form::Question;
use crate::registrations::rules::{self, Access};
use crate::registrations::{Change, ConsentsChange, Registration, RegistrationState, decisions};
use crate::tokens::Tokens;
use crate::work::Work;

/// The open call of a consultation.
pub struct OpenCall {
    /// The consultation.
    pub consultation: Consultation,
    /// Its working groups.
    pub groups: Vec<WorkingGroup>,
    /// Whether an access code is asked for.
    pub needs_code: bool,
    /// Whether anybody can register now.
    pub is_open: bool,
}

/// What stands on the page of a consultation that is public; 404 for others.
pub fn open_call(work: &mut Work, id: ConsultationId) -> Result<OpenCall, Problem> {
    let consultation = consultations::service::see(work, id)?;
    let rules = rules::service::load(work, id)?;
    let groups = consultations::programme::service::all::<WorkingGroup>(work, id)?;
    let is_open = rules.require_open(&consultation, work.now).is_ok();
    Ok(OpenCall { consultation, groups, needs_code: rules.access == Access::Code, is_open })
}

/// Has a link mailed.
pub fn ask(work: &mut Work, id: ConsultationId, wanted: &Wanted) -> Result<(), Problem> {
    drafts::service::request(work, id, wanted)
}

/// Where somebody stands in a consultation.
pub struct Standing {
    /// The form or the registration.
    pub opened: Opened,
    /// Working groups of the consultation.
    pub groups: Vec<WorkingGroup>,
    /// Its rounds.
    pub rounds: Vec<Round>,
    /// Its programme.
    pub sessions: Vec<Session>,
    /// In which group they are, round by round.
    pub places: Vec<Place>,
    /// What the secretariat told everybody, the latest first.
    pub announcements: Vec<Announcement>,
    /// Whether participants are asked about a draft.
    pub has_draft: bool,
    /// The organization's name, as it is known or was typed.
    pub organization: String,
    /// Whether a new form can be begun.
    pub can_begin: bool,
    /// What is wrong, to be told beside the fields.
    pub errors: Vec<At>,
    /// What could not be done, and why.
    pub refused: Option<Problem>,
    /// What was done.
    pub done: Option<Done>,
}

/// Where somebody is in a round.
pub struct Place {
    /// The round.
    pub round: Round,
    /// Their group.
    pub group: WorkingGroup,
    /// The names of its hosts who consented to being named.
    pub hosts: Vec<String>,
}

/// What was done, to be told above the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// The form is kept.
    Saved,
    /// The registration has arrived.
    Sent,
    /// The address of the person's calendar, told once.
    Calendar(String),
    /// An appeal has arrived.
    Appealed,
    /// They are noted as being in a session.
    CheckedIn,
    /// The registration is changed.
    Changed,
}

fn standing(work: &mut Work, opened: Opened) -> Result<Standing, Problem> {
    let id = opened.consultation.id;
    let entry = opened.registration.as_ref().map(|entry| &entry.registration);
    let named = entry.map_or(opened.draft.form.organization_id, |one| one.organization_id);
    let named: Vec<_> = named.into_iter().collect();
    let known = organizations::service::load_many(work, &named)?;
    let groups = consultations::programme::service::all::<WorkingGroup>(work, id)?;
    let rounds = consultations::programme::service::all::<Round>(work, id)?;
    let mut places = Vec::new();
    let mut told = Vec::new();
    if let Some(own) = entry.filter(|own| own.state == RegistrationState::Confirmed) {
        let assigned = groups::service::assignments_of_registration(work, own.id)?;
        let hosts = groups::hosts::named_of_groups(work, id, &groups)?;
        for one in assigned {
            let round = rounds.iter().find(|round| round.id == one.round_id);
            let group = groups.iter().find(|group| group.id == one.working_group_id);
            let Some((round, group)) = round.cloned().zip(group.cloned()) else { continue };
            let hosts = hosts.get(&group.id).into_iter().flatten();
            let hosts = hosts.map(|host| host.name.clone()).collect();
            places.push(Place { round, group, hosts });
        }
        places.sort_by_key(|place| place.round.number);
        told =
            announcements::service::list(work, id, &Paging::first(LARGEST_LIMIT as usize))?.items;
        told.reverse();
    }
    let inactive = entry.is_some_and(|own| !own.state.is_active());
    let is_open = opened.rules.require_open(&opened.consultation, work.now).is_ok();
    let can_begin = inactive && is_open;
    Ok(Standing {
        sessions: consultations::programme::service::all::<Session>(work, id)?,
        organization: known.into_values().next().map(|one| one.name).unwrap_or_default(),
        groups,
        rounds,
        places,
        announcements: told,
        has_draft: hearings::open(work, &opened.consultation)?.is_some(),
        can_begin,
        errors: Vec::new(),
        refused: None,
        done: None,
        opened,
    })
}

/// Where the caller stands. Writes nothing down: when somebody looked is nobody's business.
pub fn stand(work: &mut Work, id: ConsultationId) -> Result<Standing, Problem> {
    let opened = drafts::service::own(work, id)?;
    standing(work, opened)
}

/// Keeps what was sent. 412 when it was changed elsewhere in the meantime.
pub fn save(
    work: &mut Work,
    id: ConsultationId,
    version: i64,
    (fields, language): (&Fields, Language),
) -> Result<Standing, Problem> {
    let opened = drafts::service::own(work, id)?;
    if opened.registration.is_some() {
        return standing(work, opened);
    }
    let Sent { form, typed, errors } = Sent::read(work, fields, language, &opened.questions)?;
    let opened = drafts::service::save_own(work, id, version, form)?;
    let mut standing = standing(work, opened)?;
    if !typed.is_empty() {
        standing.organization = typed;
    }
    standing.done = errors.is_empty().then_some(Done::Saved);
    standing.errors = errors;
    Ok(standing)
}

/// What the form was sent with.
struct Sent {
    form: Form,
    /// The organization as it was typed.
    typed: String,
    errors: Vec<At>,
}

impl Sent {
    fn read(
        work: &mut Work,
        fields: &Fields,
        language: Language,
        questions: &[Question],
    ) -> Result<Self, Problem> {
        let (mut form, mut errors) = sent::form(fields, questions, language);
        let typed = fields.text("organization_id").unwrap_or_default();
        let found = match typed.as_str() {
            "" => None,
            typed => organizations::service::by_name(work, typed)?,
        };
        if !typed.is_empty() && found.is_none() {
            errors.push(At {
                pointer: "/organization_id".to_owned(),
                code: Code::InvalidValue.kind().code.to_owned(),
                detail: String::new(),
            });
        }
        form.organization_id = found.map(|organization| organization.id);
        Ok(Self { form, typed, errors })
    }
}

/// Saves, then registers when nothing is missing; else tells what is.
pub async fn submit(
    app: &App,
    account: &Account,
    id: ConsultationId,
    version: i64,
    (fields, language): (Fields, Language),
) -> Result<Standing, Problem> {
    let credentials = crate::work::Credentials::Account(account.id);
    let code = fields.text("access_code");
    let keep = move |work: &mut Work| save(work, id, version, (&fields, language));
    let mut saved = app.write(credentials.clone(), keep).await?;
    if saved.opened.registration.is_some() {
        return Ok(saved);
    }
    for error in std::mem::take(&mut saved.opened.missing) {
        if !saved.errors.iter().any(|known| known.pointer == error.pointer) {
            saved.errors.push(error);
        }
    }
    if !saved.errors.is_empty() || saved.opened.refusal.is_some() {
        // It was to be sent: that it was kept is not what is told.
        saved.done = None;
        return Ok(saved);
    }
    let version = saved.opened.draft.version;
    let send = move |work: &mut Work| {
        let opened = drafts::service::submit_own(work, id, version, code.clone())?;
        Ok(Standing { done: Some(Done::Sent), ..standing(work, opened)? })
    };
    match app.write(credentials, send).await {
        Ok(sent) => Ok(sent),
        Err(problem) => {
            saved.done = None;
            saved.errors.extend_from_slice(problem.errors());
            saved.refused = Some(problem);
            Ok(saved)
        }
    }
}

/// What the person of a registration does with it on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Takes it back.
    Withdraw,
    /// Takes a place that was offered.
    Accept,
    /// Has an address made for their calendar program.
    Calendar,
    /// Begins a new form after a withdrawal or a refusal.
    Again,
    /// Objects to a refusal.
    Appeal(String),
}

/// Does it. What concerns a registration does nothing without one.
pub fn take(work: &mut Work, id: ConsultationId, step: &Step) -> Result<Standing, Problem> {
    let opened = drafts::service::own(work, id)?;
    let Some(own) = opened.registration.as_ref().map(|entry| entry.registration.clone()) else {
        return standing(work, opened);
    };
    let done = act(work, &own, step)?;
    let opened = drafts::service::own(work, id)?;
    Ok(Standing { done, ..standing(work, opened)? })
}

/// Notes that the caller is in a session, whose code they typed.
pub fn check_in(
    work: &mut Work,
    tokens: &Tokens,
    session: SessionId,
    code: &str,
) -> Result<(), Problem> {
    attendance::session_codes::check_in(work, tokens, session, code).map(|_| ())
}

fn act(work: &mut Work, own: &Registration, step: &Step) -> Result<Option<Done>, Problem> {
    Ok(match step {
        Step::Withdraw => decisions::withdraw(work, own.id, own.version).map(|_| None)?,
        Step::Accept => decisions::accept(work, own.id, own.version).map(|_| None)?,
        Step::Again => {
            drafts::service::begin_again(work, own.consultation_id)?;
            None
        }
        Step::Calendar => Some(Done::Calendar(calendars::service::create_feed(work)?)),
        Step::Appeal(text) => {
            let declined = appeals::service::Declined::Registration(own.id);
            appeals::service::create(work, declined, text)?;
            Some(Done::Appealed)
        }
    })
}

/// Changes a registration as the form was sent. 412 when it was changed in the meantime.
pub fn change(
    work: &mut Work,
    id: ConsultationId,
    version: i64,
    (fields, language): (&Fields, Language),
) -> Result<Standing, Problem> {
    let opened = drafts::service::own(work, id)?;
    let Some(own) = opened.registration.as_ref().map(|entry| entry.registration.clone()) else {
        return standing(work, opened);
    };
    let Sent { form, typed, errors } = Sent::read(work, fields, language, &opened.questions)?;
    if errors.is_empty() {
        let change = changed(&own, &form, &opened)?;
        changes::update(work, own.id, version, change)?;
        let opened = drafts::service::own(work, id)?;
        return Ok(Standing { done: Some(Done::Changed), ..standing(work, opened)? });
    }
    let mut standing = standing(work, opened)?;
    (standing.organization, standing.errors) = (typed, errors);
    standing.opened.draft.form = form;
    Ok(standing)
}

/// What differs: a fact that is stated as it was is not sent back to review.
fn changed(own: &Registration, form: &Form, opened: &Opened) -> Result<Change, Problem> {
    let mut unknown = crate::problem::Checks::new();
    let mut answers =
        crate::registrations::form::answers::by_id(&opened.questions, &form.answers, &mut unknown);
    unknown.finish()?;
    // What is no longer answered is taken back.
    for question in own.answers.keys() {
        answers.entry(*question).or_insert(serde_json::Value::Null);
    }
    answers.retain(|question, answer| {
        own.answers.get(question).unwrap_or(&serde_json::Value::Null) != answer
    });
    let consents = form.consents.unwrap_or_default();
    let consents = ConsentsChange {
        version: None,
        processing: Some(consents.processing),
        listed: Some(consents.listed),
        recording: Some(consents.recording),
        named_attribution: Some(consents.named_attribution),
    };
    let guardian = form.guardian.as_ref().map(|one| one.to_guardian());
    let same_guardian = match (&own.guardian, &guardian) {
        (Some(known), Some(named)) => known.email == named.email && known.name == named.name,
        (known, named) => known.is_none() && named.is_none(),
    };
    let differs = |same: bool| !same;
    Ok(Change {
        organization_id: differs(own.organization_id == form.organization_id)
            .then_some(form.organization_id),
        sector: form.sector.filter(|sector| *sector != own.sector),
        country: form.country.filter(|country| *country != own.country),
        gender: differs(own.gender == form.gender).then_some(form.gender),
        languages: Some(form.languages.clone()),
        preferences: Some(form.preferences.clone()),
        consents: Some(consents),
        position: Some(form.position.clone()),
        rounds: Some(form.rounds.clone()),
        needs: Some(form.needs.clone()),
        age_band: differs(own.age_band == form.age_band).then_some(form.age_band),
        guardian: differs(same_guardian).then_some(guardian),
        answers: (!answers.is_empty()).then_some(answers),
    })
}

/// The form as it would be filled in with what somebody has registered with.
pub fn filled(opened: &Opened, own: &Registration, name: &str) -> Form {
    let entry = opened.registration.as_ref();
    Form {
        name: Some(name.to_owned()),
        organization_id: own.organization_id,
        position: own.position.clone(),
        sector: Some(own.sector),
        country: Some(own.country),
        gender: own.gender,
        age_band: own.age_band,
        guardian: own.guardian.as_ref().map(|one| crate::registrations::bodies::NamedGuardian {
            name: one.name.clone(),
            email: one.email.clone(),
        }),
        languages: own.languages.clone(),
        preferences: own.preferences.clone(),
        rounds: own.rounds.clone(),
        needs: own.needs.clone(),
        consents: Some(own.consents),
        answers: entry.map(|entry| entry.answers.clone()).unwrap_or_default(),
    }
}

/// Names of vetted organizations that a beginning fits, for the field in which one is typed.
pub fn organizations_like(work: &mut Work, typed: &str) -> Result<Vec<String>, Problem> {
    let filter = organizations::Filter {
        prefix: Some(typed.to_owned()),
        vetting: Some(organizations::Vetting::Vetted),
        ..organizations::Filter::default()
    };
    let found = organizations::service::list(work, &filter, &Paging::first(8))?;
    Ok(found.items.into_iter().map(|one| one.name).collect())
}
