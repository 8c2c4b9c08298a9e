//! What the pages show and do, in one transaction each, by the services of registrations: whoever holds the token of a
//! mailed link may do what a sign-in by mail would let them do with their own registration.

use super::fields::{self, Fields};
use crate::accounts::AccountId;
use crate::app::App;
use crate::consultations::{self, Consultation, ConsultationId, Round, WorkingGroup};
use crate::problem::{At, Code, Problem};
use crate::registrations::drafts::service::{Opened, Wanted};
use crate::registrations::rules::{self, Access, Rules};
use crate::registrations::{decisions, drafts};
use crate::work::{Credentials, Work};
use crate::{calendars, organizations};

/// The open call of a consultation.
pub struct OpenCall {
    /// The consultation.
    pub consultation: Consultation,
    /// Its working groups.
    pub groups: Vec<WorkingGroup>,
    /// Whether an access code is asked for.
    pub needs_code: bool,
    /// Why nobody can register now.
    pub refusal: Option<String>,
}

/// What stands on the page of a consultation that is public; 404 for others.
pub async fn open_call(app: &App, id: ConsultationId) -> Result<OpenCall, Problem> {
    app.read(Credentials::Anonymous, move |work| {
        let consultation = consultations::service::see(work, id)?;
        let rules = rules::service::load(work, id)?;
        let groups = consultations::programme::service::working_groups(work, id)?;
        let refusal = refusal(work, &consultation, &rules);
        Ok(OpenCall { consultation, groups, needs_code: rules.access == Access::Code, refusal })
    })
    .await
}

fn refusal(work: &Work, consultation: &Consultation, rules: &Rules) -> Option<String> {
    let open = consultation.require(consultations::Activity::Register);
    let open = open.and_then(|()| rules.require_open(consultation, work.now));
    open.err().map(|problem| problem.detail().to_owned())
}

/// Has a link mailed.
pub async fn ask(app: &App, id: ConsultationId, wanted: Wanted) -> Result<(), Problem> {
    let ask = move |work: &mut Work| drafts::service::request(work, id, &wanted);
    app.write(Credentials::Anonymous, ask).await
}

/// What stands on the personal page.
pub struct Personal {
    /// The form or the registration.
    pub opened: Opened,
    /// Working groups of the consultation.
    pub groups: Vec<WorkingGroup>,
    /// Its rounds.
    pub rounds: Vec<Round>,
    /// The organization's name, as it is known or was typed.
    pub organization: String,
    /// What is wrong, to be told beside the fields.
    pub errors: Vec<At>,
    /// What could not be done, and why.
    pub refused: Option<Problem>,
    /// The address of the person's calendar, told once.
    pub feed: Option<String>,
}

fn personal(work: &mut Work, opened: Opened) -> Result<Personal, Problem> {
    let id = opened.consultation.id;
    let named = opened.draft.form.organization_id;
    let named: Vec<_> = named.into_iter().collect();
    let known = organizations::service::load_many(work, &named)?;
    Ok(Personal {
        groups: consultations::programme::service::working_groups(work, id)?,
        rounds: consultations::programme::service::rounds(work, id)?,
        organization: known.into_values().next().map(|one| one.name).unwrap_or_default(),
        errors: Vec::new(),
        refused: None,
        feed: None,
        opened,
    })
}

/// Opens what the token stands for.
pub async fn open(app: &App, token: String) -> Result<Personal, Problem> {
    app.write(Credentials::Anonymous, move |work| {
        let opened = drafts::service::open(work, &token)?;
        personal(work, opened)
    })
    .await
}

/// Keeps what was sent. 412 when it was changed elsewhere in the meantime.
pub async fn save(
    app: &App,
    token: String,
    version: i64,
    fields: Fields,
) -> Result<Personal, Problem> {
    app.write(Credentials::Anonymous, move |work| {
        let opened = drafts::service::open(work, &token)?;
        if opened.registration.is_some() {
            return personal(work, opened);
        }
        let (mut form, mut errors) = fields::form(&fields, &opened.questions);
        let typed = fields.one("organization_id").unwrap_or_default().to_owned();
        let found =
            if typed.is_empty() { None } else { organizations::service::by_name(work, &typed)? };
        form.organization_id = found.as_ref().map(|organization| organization.id);
        if !typed.is_empty() && found.is_none() {
            errors.push(At {
                pointer: "/organization_id".to_owned(),
                code: Code::InvalidValue.kind().code.to_owned(),
                detail: String::new(),
            });
        }
        let opened = drafts::service::save(work, &token, version, form)?;
        let mut personal = personal(work, opened)?;
        if !typed.is_empty() {
            personal.organization.clone_from(&typed);
        }
        personal.errors = errors;
        Ok(personal)
    })
    .await
}

/// Saves, then registers when nothing is missing; else tells what is.
pub async fn submit(
    app: &App,
    token: String,
    version: i64,
    fields: Fields,
) -> Result<Personal, Problem> {
    let code = fields.one("access_code").map(str::to_owned);
    let mut saved = save(app, token.clone(), version, fields).await?;
    if saved.opened.registration.is_some() {
        return Ok(saved);
    }
    let missing = std::mem::take(&mut saved.opened.missing);
    for error in missing {
        if !saved.errors.iter().any(|known| known.pointer == error.pointer) {
            saved.errors.push(error);
        }
    }
    if !saved.errors.is_empty() || saved.opened.refusal.is_some() {
        return Ok(saved);
    }
    let version = saved.opened.draft.version;
    let submitted = app.write(Credentials::Anonymous, move |work| {
        let opened = drafts::service::submit(work, &token, version, code.clone())?;
        personal(work, opened)
    });
    match submitted.await {
        Ok(personal) => Ok(personal),
        Err(problem) => {
            saved.errors.extend_from_slice(problem.errors());
            saved.refused = Some(problem);
            Ok(saved)
        }
    }
}

/// What the person of a registration does with it on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Takes it back.
    Withdraw,
    /// Takes a place that was offered.
    Accept,
    /// Has an address made for their calendar program.
    Calendar,
}

/// Does it as the person whom the token proves.
pub async fn take(app: &App, token: String, step: Step) -> Result<Personal, Problem> {
    let Some(account) = account(app, token.clone()).await? else { return open(app, token).await };
    let done =
        app.write(Credentials::Account(account), move |work| act(work, &token, account, step));
    done.await
}

async fn account(app: &App, token: String) -> Result<Option<AccountId>, Problem> {
    let open = move |work: &mut Work| drafts::service::open(work, &token);
    let opened = app.write(Credentials::Anonymous, open).await?;
    Ok(opened.registration.map(|entry| entry.registration.account_id))
}

fn act(work: &mut Work, token: &str, account: AccountId, step: Step) -> Result<Personal, Problem> {
    let opened = drafts::service::open(work, token)?;
    let entry = opened.registration.as_ref();
    let registration = entry.map(|entry| &entry.registration);
    let Some(own) = registration.filter(|one| one.account_id == account) else {
        return personal(work, opened);
    };
    let (id, version) = (own.id, own.version);
    let feed = match step {
        Step::Withdraw => decisions::withdraw(work, id, version).map(|_| None)?,
        Step::Accept => decisions::accept(work, id, version).map(|_| None)?,
        Step::Calendar => Some(calendars::service::create_feed(work)?),
    };
    let opened = drafts::service::open(work, token)?;
    Ok(Personal { feed, ..personal(work, opened)? })
}
