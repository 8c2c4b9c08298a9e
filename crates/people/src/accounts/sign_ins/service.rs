//! What may be done with sign-ins: beginning, renewing and ending them. Knows no HTTP. Passwords come here checked.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Family, SignIn, Way};
use crate::accounts::store::{self, Link, RefreshToken};
use crate::accounts::{Account, AccountId, Email, service};
use crate::db::types::{Id, Timestamp};
use crate::db::{Cleared, Insertion};
use crate::i18n::{Language, Placeholder, Template};
use crate::outbox::Letter;
use crate::problem::{Code, Problem};
use crate::tokens;
use crate::ways;
use crate::work::Work;

/// Links that one mailbox is sent in an hour (by the clock) at most: a mailbox must not be filled from here.
const LINKS_AN_HOUR: usize = 5;
/// What the audit log calls it when somebody ends a sign-in of theirs.
const SIGNED_OUT: &str = "account.signed_out";

/// What somebody gets who has signed in.
pub struct SignedIn {
    /// Who it is.
    pub account: Account,
    /// The secret of a refresh token; only its hash is kept.
    pub refresh_token: String,
    /// When the refresh token ends.
    pub refresh_expires_at: Timestamp,
}

/// 401 that does not tell what of it was wrong.
pub fn wrong_credentials(detail: &str) -> Problem {
    Problem::new(Code::InvalidCredentials, detail).with_header("WWW-Authenticate", "Bearer")
}

/// What a wrong address, a wrong password and a disabled account are all answered with.
pub fn wrong_password() -> Problem {
    wrong_credentials("The e-mail address and password do not belong together.")
}

/// Signs in whose password was found to be right for `checked`, as the account was then.
pub fn sign_in(work: &mut Work, checked: &Account, way: Way) -> Result<SignedIn, Problem> {
    work.lock(checked.id.uuid())?;
    let account = store::load(work.conn, checked.id)
        .map_err(|problem| problem.refused_as(|_| wrong_password()))?;
    // It may have been disabled, or the password changed, while the password was being checked.
    if !account.active || account.password_hash != checked.password_hash {
        return Err(wrong_password());
    }
    begin(work, account, way)
}

/// Mails a link with which whoever reads mail at the address can sign in once, in the account's language, else the one
/// asked for, and comes to the page that it leads to. Tells nobody whether there is an account.
pub fn request_link(
    work: &mut Work,
    email: &Email,
    language: Option<Language>,
    leads_to: Option<String>,
) -> Result<(), Problem> {
    let hour = work.now.to_the_hour();
    let account = service::by_email(work, email)?;
    let disabled = account.as_ref().is_some_and(|account| !account.active);
    if disabled || store::links_since(work.conn, email, hour)? >= LINKS_AN_HOUR {
        return Ok(());
    }
    let minutes = work.settings.accounts.sign_in_link_minutes;
    let expires_at = work.now.plus(chrono::Duration::minutes(minutes));
    let own = account.and_then(|account| account.language);
    let language = Language::choose(own.or(language), &[]);
    let address = new_link(work, (email, language), expires_at, leads_to)?;
    let mail = Letter {
        template: Template::SignInLink,
        language,
        recipient: email.as_str(),
        values: vec![(Placeholder::Minutes, minutes.to_string())],
        secret: Some(address),
        about: None,
    };
    work.mail(mail.write()?)
}

/// Links for mails about people.
pub struct PersonalLinks {
    /// Where they lead to, in the order of the people.
    pub addresses: Vec<String>,
    /// What goes with the mails into their statement ([`Work::mails_with`]): nothing of many, which are kept already.
    pub rows: Vec<Insertion>,
}

/// Links for mails about people, one for each address, to a page of theirs: each signs in whoever reads mail at the address, as often as
/// they like until it runs out; whoever holds a role, once.
pub fn personal_links<'a>(
    work: &mut Work,
    people: impl IntoIterator<Item = (&'a Email, Language)>,
    leads_to: &str,
) -> Result<PersonalLinks, Problem> {
    let days = chrono::Duration::days(work.settings.accounts.personal_link_days);
    let expires_at = work.now.plus(days);
    let made = people.into_iter().map(|(email, language)| {
        let (link, secret) = made(work, email, expires_at, Some(leads_to.to_owned()), true);
        (link, ways::secret(&work.settings.server.public_url, &secret, language))
    });
    let (links, addresses): (Vec<Link>, Vec<String>) = made.unzip();
    let rows = store::link_insertions(work.conn, links)?;
    Ok(PersonalLinks { addresses, rows })
}

/// A link that signs in once within a day, for whoever runs the program and is trusted with it: it is not mailed.
pub fn single_link(
    work: &mut Work,
    email: &Email,
    language: Language,
    leads_to: String,
) -> Result<String, Problem> {
    let expires_at = work.now.plus(chrono::Duration::days(1));
    new_link(work, (email, language), expires_at, Some(leads_to))
}

fn new_link(
    work: &mut Work,
    (email, language): (&Email, Language),
    expires_at: Timestamp,
    leads_to: Option<String>,
) -> Result<String, Problem> {
    let (link, secret) = made(work, email, expires_at, leads_to, false);
    store::insert_link(work.conn, link)?;
    Ok(ways::secret(&work.settings.server.public_url, &secret, language))
}

/// A link as it is kept, and its secret.
fn made(
    work: &Work,
    email: &Email,
    expires_at: Timestamp,
    leads_to: Option<String>,
    lasts: bool,
) -> (Link, String) {
    let secret = work.ids.secret();
    let link = Link {
        id: work.ids.unlinkable(),
        email: email.clone(),
        token_hash: tokens::secret_hash(&secret),
        created_at: work.now.to_the_hour(),
        expires_at,
        leads_to,
        lasts,
    };
    (link, secret)
}

/// The link of a secret, used up or not; none when there is none.
pub fn find_link(work: &mut Work, secret: &str) -> Result<Option<Link>, Problem> {
    store::link(work.conn, &tokens::secret_hash(secret))
}

/// Signs in with a mailed link, which is used up unless it lasts; the account is made when the address has none. Says where it
/// leads.
pub fn redeem_link(
    work: &mut Work,
    secret: &str,
    name: Option<&str>,
    way: Way,
) -> Result<(SignedIn, Option<String>), Problem> {
    let refused =
        || wrong_credentials("This link was used, has expired or never was. Ask for a new one.");
    let link = find_link(work, secret)?.filter(|link| link.expires_at > work.now);
    let link = link.ok_or_else(refused)?;
    let account = holder(work, &link.email, name)?.ok_or_else(refused)?;
    let once = !link.lasts || holds_a_role(work, account.id)?;
    if once && !store::use_link(work.conn, link.id)? {
        return Err(refused());
    }
    Ok((begin(work, account, way)?, link.leads_to))
}

/// Signs in, by a browser, who has shown by a mail of another kind that they read mail at the address. Whoever holds a role is not:
/// what was mailed for something else, and works for long, must not open what they may do.
pub fn sign_in_by_address(work: &mut Work, email: &Email) -> Result<Option<SignedIn>, Problem> {
    let refused = || wrong_credentials("Nobody can sign in with this address.");
    let account = holder(work, email, None)?.ok_or_else(refused)?;
    if holds_a_role(work, account.id)? {
        return Ok(None);
    }
    begin(work, account, Way::Browser).map(Some)
}

/// The account of an address, locked, made when there is none; none when it is disabled.
fn holder(work: &mut Work, email: &Email, name: Option<&str>) -> Result<Option<Account>, Problem> {
    let account = service::find_or_create(work, email, name.unwrap_or(email.local_part()))?;
    work.lock(account.id.uuid())?;
    let account = store::load(work.conn, account.id)?;
    Ok(Some(account).filter(|account| account.active))
}

/// Who is signed in by a browser that holds the secret; none when the sign-in has ended.
pub fn session(work: &mut Work, secret: &str) -> Result<Option<(Account, Id<Family>)>, Problem> {
    let token = store::refresh_token(work.conn, &tokens::secret_hash(secret))?;
    let lasts = |token: &RefreshToken| {
        token.way == Way::Browser && token.revoked_at.is_none() && token.expires_at > work.now
    };
    let Some(token) = token.filter(lasts) else { return Ok(None) };
    let account = store::load(work.conn, token.account_id)?;
    Ok(Some((account, token.family_id)).filter(|(account, _)| account.active))
}

/// The caller's sign-ins that have not ended, the latest first.
pub fn own(work: &mut Work) -> Result<Vec<SignIn>, Problem> {
    let caller = work.caller.signed_in()?;
    store::sign_ins(work.conn, caller, work.now)
}

/// Ends a sign-in of the caller. 404 when it is not theirs or has ended.
pub fn end(work: &mut Work, id: Id<Family>) -> Result<(), Problem> {
    let caller = work.caller.signed_in()?;
    work.lock(caller.uuid())?;
    let own = store::sign_ins(work.conn, caller, work.now)?;
    if !own.iter().any(|sign_in| sign_in.id == id) {
        return Err(Problem::not_found("sign-in"));
    }
    end_family(work, caller, id, SIGNED_OUT)
}

fn begin(work: &mut Work, account: Account, way: Way) -> Result<SignedIn, Problem> {
    let family = work.ids.unlinkable();
    let at_once = holds_a_role(work, account.id)?;
    if at_once {
        work.audit_with("account.signed_in", "account", account.id, json!({ "family_id": family }));
    }
    next_token(work, account, (family, way), !at_once)
}

/// Whether the audit log tells at once what the account does to its sign-ins. Of participants it tells only on which day they
/// signed in, so that it does not say who was here when something was contributed.
fn holds_a_role(work: &mut Work, account: AccountId) -> Result<bool, Problem> {
    Ok(!store::grants_of(work.conn, account)?.is_empty())
}

/// Tells the audit log who signed in on the days that are over and how often, in random order, of a part of them.
pub fn audit_days(work: &mut Work) -> Result<Cleared, Problem> {
    let today = work.now.to_the_day();
    let sign_ins = store::sign_ins_to_audit(work.conn, today)?;
    let mut days: BTreeMap<(Timestamp, AccountId), usize> = BTreeMap::new();
    for (_, account, day) in &sign_ins {
        *days.entry((*day, *account)).or_default() += 1;
    }
    let mut told: Vec<_> = days.into_iter().map(|one| (work.ids.place(), one)).collect();
    told.sort_unstable_by_key(|(place, _)| *place);
    for (_, ((day, account), times)) in told {
        let details = json!({ "day": day.utc().date_naive(), "times": times });
        work.audit_with("account.signed_in", "account", account, details);
    }
    let tokens: Vec<_> = sign_ins.into_iter().map(|(token, ..)| token).collect();
    store::sign_ins_audited(work.conn, &tokens)?;
    Ok(Cleared::part(tokens.len()))
}

fn next_token(
    work: &mut Work,
    account: Account,
    (family_id, way): (Id<Family>, Way),
    to_audit: bool,
) -> Result<SignedIn, Problem> {
    let refresh_token = work.ids.secret();
    let days = match way {
        Way::Program => work.settings.accounts.refresh_token_days,
        Way::Browser => work.settings.accounts.session_days,
    };
    let today = work.now.to_the_day();
    let token = RefreshToken {
        id: work.ids.unlinkable(),
        account_id: account.id,
        family_id,
        token_hash: tokens::secret_hash(&refresh_token),
        created_at: today,
        // To the end of its last day: a time of day here would be that of the sign-in.
        expires_at: today.plus(chrono::Duration::days(days + 1)),
        used_at: None,
        revoked_at: None,
        to_audit,
        way,
    };
    store::insert_refresh_token(work.conn, &token)?;
    Ok(SignedIn { account, refresh_token, refresh_expires_at: token.expires_at })
}

/// Exchanges a refresh token for the next one. One that was exchanged before has been copied: its whole family is
/// ended. That must be kept although the answer is a refusal, so the refusal stands inside `Ok`.
pub fn refresh(work: &mut Work, secret: &str) -> Result<Result<SignedIn, Problem>, Problem> {
    let refused = || wrong_credentials("This refresh token is not valid. Sign in again.");
    let token = locked_token(work, secret)?.filter(|token| token.way == Way::Program);
    let Some(token) = token else { return Ok(Err(refused())) };
    if token.used_at.is_some() {
        end_family(work, token.account_id, token.family_id, "account.refresh_token_reused")?;
        return Ok(Err(refused()));
    }
    let account = store::load(work.conn, token.account_id)?;
    if token.revoked_at.is_some() || token.expires_at <= work.now || !account.active {
        return Ok(Err(refused()));
    }
    store::use_refresh_token(work.conn, token.id, work.now.to_the_day())?;
    next_token(work, account, (token.family_id, token.way), false).map(Ok)
}

/// Ends the sign-in that a refresh token, or a browser's secret, belongs to. One that is unknown has nothing to end. The audit log
/// is told of those who hold a role.
pub fn sign_out(work: &mut Work, secret: &str) -> Result<(), Problem> {
    let Some(token) = locked_token(work, secret)? else { return Ok(()) };
    end_family(work, token.account_id, token.family_id, SIGNED_OUT)
}

/// The token as it is once nobody else can change its account's sign-ins.
fn locked_token(work: &mut Work, secret: &str) -> Result<Option<RefreshToken>, Problem> {
    let hash = tokens::secret_hash(secret);
    let Some(token) = store::refresh_token(work.conn, &hash)? else { return Ok(None) };
    work.lock(token.account_id.uuid())?;
    store::refresh_token(work.conn, &hash)
}

/// That a token was stolen is told of everybody; who signs out, of those who hold a role.
fn end_family(
    work: &mut Work,
    account: AccountId,
    family: Id<Family>,
    action: &'static str,
) -> Result<(), Problem> {
    let ended = store::revoke_family(work.conn, family, work.now.to_the_day())? > 0;
    if ended && (action != SIGNED_OUT || holds_a_role(work, account)?) {
        work.audit_with(action, "account", account, json!({ "family_id": family }));
    }
    Ok(())
}
