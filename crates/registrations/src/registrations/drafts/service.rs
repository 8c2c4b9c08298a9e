//! What may be done with forms under personal links: asked for by anybody, for an address; opened, saved and submitted
//! by whoever holds the token, which proves the address. Nobody learns here whether an address is known.

use super::{Draft, Form, store};
use crate::accounts::{self, Account, Email};
use crate::consultations::{self, Activity, Consultation, ConsultationId};
use crate::i18n::{self, Language, Placeholder, Template};
use crate::invitations::{self, Invitation};
use crate::outbox::{About, Letter};
use crate::problem::{At, Checks, Code, Problem};
use crate::registrations::access_codes::{self, AccessCodeId};
use crate::registrations::form::{self, Question, answers, checks};
use crate::registrations::rules::{self, Access, Rules};
use crate::registrations::submission::{self, Turn, Way};
use crate::registrations::{self, Entry, Registration, RegistrationId};
use crate::tokens;
use crate::ways;
use crate::work::Work;

/// Links to forms that one mailbox is sent in an hour at most: a mailbox must not be filled from here.
const LINKS_AN_HOUR: usize = 5;

/// Where a link is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The address.
    pub email: Email,
    /// What was typed to be let into a closed consultation.
    pub access_code: Option<String>,
    /// To write in.
    pub language: Option<Language>,
}

/// What whoever holds a token sees.
#[derive(Debug)]
pub struct Opened {
    /// The form so far, or that it was submitted.
    pub draft: Draft,
    /// The consultation.
    pub consultation: Consultation,
    /// Who may register and when.
    pub rules: Rules,
    /// What is asked.
    pub questions: Vec<Question>,
    /// What would be refused if it were submitted as it is.
    pub missing: Vec<At>,
    /// Why it cannot be submitted now, whatever is in it.
    pub refusal: Option<String>,
    /// What has become of it.
    pub registration: Option<Entry>,
}

/// Mails a link to a form, or to the registration that the address has already. What it does is not told; 409 and 422
/// turn on the consultation and on the access code only.
pub fn request(
    work: &mut Work,
    consultation: ConsultationId,
    wanted: &Wanted,
) -> Result<(), Problem> {
    let consultation = consultations::service::see(work, consultation)?;
    let rules = rules::service::load(work, consultation.id)?;
    rules.require_open(&consultation, work.now)?;
    let code = access_code(work, &consultation, &rules, wanted.access_code.as_deref())?;
    let email = &wanted.email;
    if store::links_since(work.conn, email, work.now.to_the_hour())? >= LINKS_AN_HOUR {
        return Ok(());
    }
    let account = accounts::service::by_email(work, email)?;
    if account.as_ref().is_some_and(|account| !account.active) {
        return Ok(());
    }
    let invited = invitations::service::by_address(work, consultation.id, email)?;
    let invited = invited.map(|invitation| invitation.id);
    let known = registered(work, &consultation, account.as_ref())?;
    if rules.access == Access::Invitation && invited.is_none() && known.is_none() {
        return Ok(());
    }
    let (draft, template) = match known {
        Some(id) => (result(work, &consultation, email, id)?, Template::RegistrationKnown),
        None => (begin(work, &consultation, email, None, code)?, Template::RegistrationDraft),
    };
    let language = account.and_then(|account| account.language).or(wanted.language);
    mail_link(work, &consultation, &rules, &draft, template, language)
}

/// The code that lets in, where one is needed.
fn access_code(
    work: &mut Work,
    consultation: &Consultation,
    rules: &Rules,
    typed: Option<&str>,
) -> Result<Option<AccessCodeId>, Problem> {
    if rules.access == Access::Code {
        let code = access_codes::service::opening(work, consultation.id, typed)?;
        return Ok(Some(code.id));
    }
    let detail = "is not needed for this consultation: leave it out";
    Checks::new().require(typed.is_none(), "/access_code", detail).finish()?;
    Ok(None)
}

fn registered(
    work: &mut Work,
    consultation: &Consultation,
    account: Option<&Account>,
) -> Result<Option<RegistrationId>, Problem> {
    let Some(account) = account else { return Ok(None) };
    let found = registrations::store::active_of(work.conn, consultation.id, account.id)?;
    Ok(found.map(|registration| registration.id))
}

fn mail_link(
    work: &mut Work,
    consultation: &Consultation,
    rules: &Rules,
    draft: &Draft,
    template: Template,
    language: Option<Language>,
) -> Result<(), Problem> {
    let secret = work.ids.secret();
    let hash = tokens::secret_hash(&secret);
    let token = store::token_insertion(draft, &hash, work.now);
    let language = Language::choose(language, &consultation.languages);
    let until = rules.closes_at.map(|at| i18n::mails(language).moment(consultation.zone, at));
    let letter = Letter {
        template,
        language,
        recipient: draft.email.as_str(),
        values: vec![
            (Placeholder::Theme, consultation.theme.clone()),
            (Placeholder::Until, until.unwrap_or_default()),
        ],
        secret: Some(ways::secret(&work.settings.server.public_url, &secret, language)),
        about: Some(About::of(consultation.id, "registration_draft", draft.id)),
    };
    work.mails_with(vec![letter.write()?], vec![token])
}

/// The open draft of the address, begun when there is none.
fn begin(
    work: &mut Work,
    consultation: &Consultation,
    email: &Email,
    invitation: Option<&Invitation>,
    code: Option<AccessCodeId>,
) -> Result<Draft, Problem> {
    let by = invitation.map(|invitation| invitation.id);
    let Some(mut draft) = store::open_of(work.conn, consultation.id, email)? else {
        let mut draft = new_draft(work, consultation, email);
        (draft.invitation_id, draft.access_code_id) = (by, code);
        // What the list called them need not be typed again; it stands in the form, to be corrected.
        draft.form.name = invitation.and_then(|invitation| invitation.name.clone());
        store::insert(work.conn, &draft)?;
        return Ok(draft);
    };
    if draft.expires_at <= work.now {
        draft.form = Form::default();
        draft = store::update(work.conn, &draft, work.now)?;
    }
    draft.invitation_id = by.or(draft.invitation_id);
    draft.access_code_id = code.or(draft.access_code_id);
    draft.expires_at = expiry(work);
    store::renew(work.conn, &draft)?;
    Ok(draft)
}

/// The draft by whose link the registration is seen, made when there is none.
fn result(
    work: &mut Work,
    consultation: &Consultation,
    email: &Email,
    registration: RegistrationId,
) -> Result<Draft, Problem> {
    if let Some(mut draft) = store::of_registration(work.conn, registration)? {
        draft.expires_at = expiry(work);
        store::renew(work.conn, &draft)?;
        return Ok(draft);
    }
    let mut draft = new_draft(work, consultation, email);
    draft.registration_id = Some(registration);
    store::insert(work.conn, &draft)?;
    Ok(draft)
}

fn new_draft(work: &Work, consultation: &Consultation, email: &Email) -> Draft {
    Draft {
        id: work.id(),
        consultation_id: consultation.id,
        email: email.clone(),
        form: Form::default(),
        access_code_id: None,
        invitation_id: None,
        registration_id: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
        expires_at: expiry(work),
    }
}

fn expiry(work: &Work) -> crate::db::types::Timestamp {
    work.now.plus(chrono::Duration::days(work.settings.registrations.draft_days))
}

/// To what a token leads, without doing anything: a mail program that looks at links opens none of them. Whether it is that of an
/// invitation, the consultation and the address it was mailed to.
pub fn look(
    work: &mut Work,
    token: &str,
) -> Result<Option<(bool, ConsultationId, Email)>, Problem> {
    if let Some(draft) = store::by_token(work.conn, &tokens::secret_hash(token), work.now)? {
        return Ok(Some((false, draft.consultation_id, draft.email)));
    }
    let invitation = invitations::service::by_token(work, token)?;
    Ok(invitation.map(|one| (true, one.consultation_id, one.email)))
}

/// Lets in whoever holds a token, which proves the address: the invitation that it came with is opened. To which consultation, and
/// whose address it is.
pub fn enter(work: &mut Work, token: &str) -> Result<(ConsultationId, Email), Problem> {
    let draft = find(work, token)?;
    Ok((draft.consultation_id, draft.email))
}

/// Where the caller stands in a consultation: what became of their registration, or their form, which is kept from the first time that
/// they save it. Looking is not written down anywhere.
///
/// # Errors
/// 404 for a consultation that they may not know of; 409 when there is neither form nor registration and nobody can register now;
/// 403 when it takes an invitation that they do not have.
pub fn own(work: &mut Work, consultation: ConsultationId) -> Result<Opened, Problem> {
    let (draft, account) = of_caller(work, consultation)?;
    view(work, draft, Some(&account))
}

/// Keeps what the caller has filled in so far; `version` is the one that was seen.
pub fn save_own(
    work: &mut Work,
    consultation: ConsultationId,
    version: i64,
    form: Form,
) -> Result<Opened, Problem> {
    form.check_size()?;
    let (seen, account) = of_caller(work, consultation)?;
    seen.require_open(version)?;
    let draft = kept(work, &seen)?;
    let draft = Draft { form, expires_at: expiry(work), ..draft };
    let draft = store::update(work.conn, &draft, work.now)?;
    view(work, draft, Some(&account))
}

/// Makes the registration of what the caller has filled in and saved. Submitted twice, it answers what has become of it.
pub fn submit_own(
    work: &mut Work,
    consultation: ConsultationId,
    version: i64,
    access_code: Option<String>,
) -> Result<Opened, Problem> {
    let consultation = consultations::service::locked(work, consultation)?;
    // It may have been submitted from another device before this one had the lock.
    let (draft, mut account) = of_caller(work, consultation.id)?;
    if draft.registration_id.is_some() {
        return view(work, draft, Some(&account));
    }
    let draft = kept(work, &draft)?;
    if let Some(name) = draft.form.name.as_deref().filter(|name| *name != account.name) {
        account = accounts::service::call(work, account, name)?;
    }
    let turn = Turn::under_lock(work, &consultation, &account.email)?;
    register(work, consultation, turn, draft, account, version, access_code)
}

/// Begins a form anew for the caller, whose registration was withdrawn or declined.
///
/// # Errors
/// As [`own`].
pub fn begin_again(work: &mut Work, id: ConsultationId) -> Result<(), Problem> {
    let caller = work.caller.signed_in()?;
    let account = accounts::service::load(work, caller)?;
    let consultation = consultations::service::see(work, id)?;
    let draft = unsaved(work, &consultation, &account)?;
    kept(work, &draft).map(|_| ())
}

fn of_caller(work: &mut Work, id: ConsultationId) -> Result<(Draft, Account), Problem> {
    let caller = work.caller.signed_in()?;
    let account = accounts::service::load(work, caller)?;
    let open = store::open_of(work.conn, id, &account.email)?;
    let open = open.filter(|draft| draft.expires_at > work.now);
    // Also of one that was cancelled or is over, for whoever has registered.
    let consultation = consultations::service::load(work, id)?;
    if let Some(known) = registrations::service::latest(work, id, caller)? {
        let again = open.filter(|_| {
            consultation.require(Activity::Register).is_ok() && !known.state.is_active()
        });
        let shown = again.unwrap_or_else(|| Draft {
            registration_id: Some(known.id),
            ..new_draft(work, &consultation, &account.email)
        });
        return Ok((shown, account));
    }
    let consultation = consultations::service::see(work, id)?;
    let draft = match open {
        Some(draft) => draft,
        None => unsaved(work, &consultation, &account)?,
    };
    Ok((draft, account))
}

/// A form that the caller could begin, with what is known of them.
fn unsaved(
    work: &mut Work,
    consultation: &Consultation,
    account: &Account,
) -> Result<Draft, Problem> {
    let rules = rules::service::load(work, consultation.id)?;
    rules.require_open(consultation, work.now)?;
    let invitation = invitations::service::by_address(work, consultation.id, &account.email)?;
    if rules.access == Access::Invitation && invitation.is_none() {
        let detail = "This consultation takes whoever was invited.";
        return Err(Problem::new(Code::Forbidden, detail));
    }
    let mut draft = new_draft(work, consultation, &account.email);
    draft.invitation_id = invitation.as_ref().map(|invitation| invitation.id);
    let listed = invitation.and_then(|invitation| invitation.name);
    draft.form.name =
        listed.or_else(|| Some(account.name.clone()).filter(|_| !account.is_nameless()));
    Ok(draft)
}

/// The draft as it is kept: one that was not saved yet takes the place of one of the same address that has run out.
fn kept(work: &mut Work, draft: &Draft) -> Result<Draft, Problem> {
    match store::open_of(work.conn, draft.consultation_id, &draft.email)? {
        Some(known) if known.id == draft.id => Ok(known),
        Some(old) => {
            let renewed = Draft { id: old.id, version: old.version, ..draft.clone() };
            store::renew(work.conn, &renewed)?;
            Ok(Draft { version: old.version, ..renewed })
        }
        None => {
            store::insert(work.conn, draft)?;
            Ok(draft.clone())
        }
    }
}

/// As [`open`], where nothing is to be written down of it; none where something is.
pub fn look_again(work: &mut Work, token: &str) -> Result<Option<Opened>, Problem> {
    let Some(draft) = opened_before(work, token)? else { return Ok(None) };
    let account = accounts::service::by_email(work, &draft.email)?;
    let consultation = consultations::service::load(work, draft.consultation_id)?;
    let known = registered(work, &consultation, account.as_ref())?;
    if draft.registration_id.is_none() && known.is_some() {
        return Ok(None);
    }
    view(work, draft, account.as_ref()).map(Some)
}

/// The draft that the token opens, if [`find`] would change nothing. That an invitation's is kept for longer is written once a day.
fn opened_before(work: &mut Work, token: &str) -> Result<Option<Draft>, Problem> {
    if let Some(draft) = store::by_token(work.conn, &tokens::secret_hash(token), work.now)? {
        return Ok(Some(draft));
    }
    let invitation = invitations::service::by_token(work, token)?.ok_or_else(refused)?;
    if !invitations::service::is_opened(&invitation) {
        return Ok(None);
    }
    let consultation = consultations::service::load(work, invitation.consultation_id)?;
    let account = accounts::service::by_email(work, &invitation.email)?;
    let draft = match registered(work, &consultation, account.as_ref())? {
        Some(known) => store::of_registration(work.conn, known)?,
        None => store::open_of(work.conn, consultation.id, &invitation.email)?
            .filter(|draft| draft.invitation_id == Some(invitation.id)),
    };
    let kept_today = expiry(work).plus(chrono::Duration::days(-1));
    Ok(draft.filter(|draft| draft.expires_at > work.now.max(kept_today)))
}

/// Opens the form, or what has become of it, for whoever holds the token: that of a draft or of an invitation.
pub fn open(work: &mut Work, token: &str) -> Result<Opened, Problem> {
    let draft = find(work, token)?;
    let account = accounts::service::by_email(work, &draft.email)?;
    let consultation = consultations::service::load(work, draft.consultation_id)?;
    let draft = match (draft.registration_id, registered(work, &consultation, account.as_ref())?) {
        // They have registered otherwise meanwhile: that is what they want to see.
        (None, Some(known)) => {
            let submitted = Draft { registration_id: Some(known), form: Form::default(), ..draft };
            store::update(work.conn, &submitted, work.now)?
        }
        _ => draft,
    };
    view(work, draft, account.as_ref())
}

/// Keeps what was filled in so far. `version` is the one that was seen: nobody's change on another device is lost.
pub fn save(work: &mut Work, token: &str, version: i64, form: Form) -> Result<Opened, Problem> {
    form.check_size()?;
    let draft = find(work, token)?;
    draft.require_open(version)?;
    let draft = Draft { form, expires_at: expiry(work), ..draft };
    let draft = store::update(work.conn, &draft, work.now)?;
    let account = accounts::service::by_email(work, &draft.email)?;
    view(work, draft, account.as_ref())
}

/// Makes the registration, with the account of the address, which the token proves. Submitted twice, it answers what
/// has become of it.
pub fn submit(
    work: &mut Work,
    token: &str,
    version: i64,
    access_code: Option<String>,
) -> Result<Opened, Problem> {
    let seen = find(work, token)?;
    let account = accounts::service::by_email(work, &seen.email)?;
    let consultation = consultations::service::load(work, seen.consultation_id)?;
    let address = account.as_ref().map_or(&seen.email, |account| &account.email);
    let turn = Turn::wait(work, &consultation, address, Some(seen.id.uuid()))?;
    // It may have been submitted from another device before it was this one's turn.
    let draft = find(work, token)?;
    if draft.registration_id.is_some() {
        let account = accounts::service::by_email(work, &draft.email)?;
        return view(work, draft, account.as_ref());
    }
    let account = account_of(work, &draft, account)?;
    register(work, consultation, turn, draft, account, version, access_code)
}

fn register(
    work: &mut Work,
    consultation: Consultation,
    turn: Turn,
    draft: Draft,
    account: Account,
    version: i64,
    access_code: Option<String>,
) -> Result<Opened, Problem> {
    draft.require_open(version)?;
    let questions = form::service::load(work, consultation.id)?;
    let mut unknown = Checks::new();
    let given = answers::by_id(&questions, &draft.form.answers, &mut unknown);
    unknown.finish()?;
    let new = draft.form.to_new(given, draft.invitation_id);
    let way = Way::Link { kept: draft.access_code_id, typed: access_code };
    let registration = submission::register(work, consultation, turn, account.clone(), way, new)?;
    let submitted = Draft {
        form: Form::default(),
        registration_id: Some(registration.id),
        expires_at: expiry(work),
        ..draft
    };
    let draft = store::update(work.conn, &submitted, work.now)?;
    view_with(work, draft, Some(&account), Some(registration))
}

fn account_of(
    work: &mut Work,
    draft: &Draft,
    account: Option<Account>,
) -> Result<Account, Problem> {
    match account {
        Some(account) if account.active => match &draft.form.name {
            Some(name) if account.is_nameless() => accounts::service::call(work, account, name),
            _ => Ok(account),
        },
        Some(_) => Err(refused()),
        None => {
            let name = draft.form.name.as_deref().unwrap_or_default();
            accounts::service::create_new(work, &draft.email, name)
        }
    }
}

/// The draft that the token opens. That of an invitation opens the draft of its address.
fn find(work: &mut Work, token: &str) -> Result<Draft, Problem> {
    let hash = tokens::secret_hash(token);
    if let Some(draft) = store::by_token(work.conn, &hash, work.now)? {
        return Ok(draft);
    }
    let invitation = invitations::service::by_token(work, token)?.ok_or_else(refused)?;
    let consultation = consultations::service::load(work, invitation.consultation_id)?;
    invitations::service::opened(work, invitation.id)?;
    let account = accounts::service::by_email(work, &invitation.email)?;
    match registered(work, &consultation, account.as_ref())? {
        Some(known) => result(work, &consultation, &invitation.email, known),
        None => begin(work, &consultation, &invitation.email, Some(&invitation), None),
    }
}

fn refused() -> Problem {
    let detail = "This link is not valid, or has expired. Ask for a new one.";
    accounts::sign_ins::service::wrong_credentials(detail)
}

fn view(work: &mut Work, draft: Draft, account: Option<&Account>) -> Result<Opened, Problem> {
    let made =
        draft.registration_id.map(|id| registrations::service::load(work, id)).transpose()?;
    view_with(work, draft, account, made)
}

/// As [`view`], with the registration that was made of it.
fn view_with(
    work: &mut Work,
    draft: Draft,
    account: Option<&Account>,
    made: Option<Registration>,
) -> Result<Opened, Problem> {
    let consultation = consultations::service::load(work, draft.consultation_id)?;
    let rules = rules::service::load(work, consultation.id)?;
    let questions = form::service::load(work, consultation.id)?;
    let registration = made.map(|one| registrations::service::entry(work, one)).transpose()?;
    let (missing, refusal) = if registration.is_some() {
        (Vec::new(), None)
    } else {
        let missing = missing(work, &consultation, &draft, &questions, account)?;
        (missing, refusal(work, &consultation, &rules))
    };
    Ok(Opened { draft, consultation, rules, questions, missing, refusal, registration })
}

fn refusal(work: &Work, consultation: &Consultation, rules: &Rules) -> Option<String> {
    let open = rules.require_open(consultation, work.now);
    open.err().map(|problem| problem.detail().to_owned())
}

/// Everything that would be wrong if the form were submitted as it is.
fn missing(
    work: &mut Work,
    consultation: &Consultation,
    draft: &Draft,
    questions: &[Question],
    account: Option<&Account>,
) -> Result<Vec<At>, Problem> {
    let mut checks = Checks::new();
    if account.is_none_or(Account::is_nameless) {
        let name = draft.form.name.as_deref().unwrap_or_default();
        checks.take(accounts::checked_name(name, "/name"))?;
    }
    let given = answers::by_id(questions, &draft.form.answers, &mut checks);
    let new = draft.form.to_new(given, draft.invitation_id);
    checks.take(checks::form(work, consultation, &draft.email, &new, true))?;
    match checks.finish() {
        Ok(()) => Ok(Vec::new()),
        Err(problem) if problem.code() == Code::InvalidValue => Ok(problem.errors().to_vec()),
        Err(problem) => Err(problem),
    }
}
