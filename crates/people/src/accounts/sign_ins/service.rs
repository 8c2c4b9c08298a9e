//! What may be done with sign-ins: beginning, renewing and ending them. Knows no HTTP. Passwords come here checked.

use std::collections::BTreeMap;

use serde_json::json;

use crate::accounts::store::{self, Link, RefreshToken};
use crate::accounts::{Account, AccountId, Email, service};
use crate::db::types::{Id, Timestamp};
use crate::db::{self};
use crate::i18n::{Language, Placeholder, Template};
use crate::outbox::Letter;
use crate::problem::{Code, Problem};
use crate::tokens;
use crate::work::Work;

/// Links that one address is sent in an hour (by the clock) at most: a mailbox must not be filled from here.
const LINKS_AN_HOUR: i64 = 5;
/// Sign-ins that the audit log is told of in one go.
const TOLD_AT_ONCE: i64 = 10_000;

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
pub fn sign_in(work: &mut Work, checked: &Account) -> Result<SignedIn, Problem> {
    db::lock(work.conn, checked.id.uuid())?;
    let account = store::load(work.conn, checked.id)
        .map_err(|problem| problem.refused_as(|_| wrong_password()))?;
    // It may have been disabled, or the password changed, while the password was being checked.
    if !account.active || account.password_hash != checked.password_hash {
        return Err(wrong_password());
    }
    begin(work, account)
}

/// Mails a link with which whoever reads mail at the address can sign in once, in the account's language, else the one
/// asked for. Tells nobody whether there is an account.
pub fn request_link(
    work: &mut Work,
    email: &Email,
    language: Option<Language>,
) -> Result<(), Problem> {
    let hour = work.now.to_the_hour();
    let account = service::by_email(work, email)?;
    let disabled = account.as_ref().is_some_and(|account| !account.active);
    if disabled || store::links_since(work.conn, email, hour)? >= LINKS_AN_HOUR {
        return Ok(());
    }
    let (secret, minutes) = (work.ids.secret(), work.settings.accounts.sign_in_link_minutes);
    let link = Link {
        id: work.ids.unlinkable(),
        email: email.clone(),
        token_hash: tokens::secret_hash(&secret),
        created_at: hour,
        expires_at: work.now.plus(chrono::Duration::minutes(minutes)),
    };
    store::insert_link(work.conn, &link)?;
    let public_url = &work.settings.server.public_url;
    let own = account.and_then(|account| account.language);
    let mail = Letter {
        template: Template::SignInLink,
        language: Language::choose(own.or(language), &[]),
        recipient: email.as_str(),
        values: vec![(Placeholder::Minutes, minutes.to_string())],
        // After `#`, so that a browser sends it to no server and no log sees it. ASCII only, so that no mail program
        // breaks it.
        secret: Some(format!("{public_url}/sign-in#token={secret}")),
        about: None,
    };
    work.mail(mail.write()?)
}

/// Signs in with a mailed link, which is used up; the account is made when the address has none.
pub fn redeem_link(work: &mut Work, secret: &str, name: Option<&str>) -> Result<SignedIn, Problem> {
    let refused =
        || wrong_credentials("This link was used, has expired or never was. Ask for a new one.");
    let hash = tokens::secret_hash(secret);
    let email = store::use_link(work.conn, &hash, work.now)?.ok_or_else(refused)?;
    let account = service::find_or_create(work, &email, name.unwrap_or(email.local_part()))?;
    db::lock(work.conn, account.id.uuid())?;
    let account = store::load(work.conn, account.id)?;
    if !account.active {
        return Err(refused());
    }
    begin(work, account)
}

fn begin(work: &mut Work, account: Account) -> Result<SignedIn, Problem> {
    let family = work.ids.unlinkable();
    let at_once = holds_a_role(work, account.id)?;
    if at_once {
        work.audit_with("account.signed_in", "account", account.id, json!({ "family_id": family }));
    }
    next_token(work, account, family, !at_once)
}

/// Whether the audit log tells at once what the account does to its sign-ins. Of participants it tells only on which day they
/// signed in, so that it does not say who was here when something was contributed.
fn holds_a_role(work: &mut Work, account: AccountId) -> Result<bool, Problem> {
    Ok(!store::grants_of(work.conn, account)?.is_empty())
}

/// Tells the audit log who signed in on the days that are over and how often, in random order; says of how many sign-ins.
pub fn audit_days(work: &mut Work) -> Result<usize, Problem> {
    let today = work.now.to_the_day();
    let sign_ins = store::sign_ins_to_audit(work.conn, today, TOLD_AT_ONCE)?;
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
    Ok(tokens.len())
}

fn next_token(
    work: &mut Work,
    account: Account,
    family_id: Id<store::Family>,
    to_audit: bool,
) -> Result<SignedIn, Problem> {
    let refresh_token = work.ids.secret();
    let days = work.settings.accounts.refresh_token_days;
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
    };
    store::insert_refresh_token(work.conn, &token)?;
    Ok(SignedIn { account, refresh_token, refresh_expires_at: token.expires_at })
}

/// Exchanges a refresh token for the next one. One that was exchanged before has been copied: its whole family is
/// ended. That must be kept although the answer is a refusal, so the refusal stands inside `Ok`.
pub fn refresh(work: &mut Work, secret: &str) -> Result<Result<SignedIn, Problem>, Problem> {
    let refused = || wrong_credentials("This refresh token is not valid. Sign in again.");
    let Some(token) = locked_token(work, secret)? else { return Ok(Err(refused())) };
    if token.used_at.is_some() {
        end_family(work, &token, "account.refresh_token_reused")?;
        return Ok(Err(refused()));
    }
    let account = store::load(work.conn, token.account_id)?;
    if token.revoked_at.is_some() || token.expires_at <= work.now || !account.active {
        return Ok(Err(refused()));
    }
    store::use_refresh_token(work.conn, token.id, work.now.to_the_day())?;
    next_token(work, account, token.family_id, false).map(Ok)
}

/// Ends the sign-in that a refresh token belongs to. A token that is unknown has nothing to end. The audit log is told of those
/// who hold a role.
pub fn sign_out(work: &mut Work, secret: &str) -> Result<(), Problem> {
    let Some(token) = locked_token(work, secret)? else { return Ok(()) };
    if holds_a_role(work, token.account_id)? {
        return end_family(work, &token, "account.signed_out");
    }
    store::revoke_family(work.conn, token.family_id, work.now.to_the_day()).map(|_| ())
}

/// The token as it is once nobody else can change its account's sign-ins.
fn locked_token(work: &mut Work, secret: &str) -> Result<Option<RefreshToken>, Problem> {
    let hash = tokens::secret_hash(secret);
    let Some(token) = store::refresh_token(work.conn, &hash)? else { return Ok(None) };
    db::lock(work.conn, token.account_id.uuid())?;
    store::refresh_token(work.conn, &hash)
}

fn end_family(work: &mut Work, token: &RefreshToken, action: &'static str) -> Result<(), Problem> {
    if store::revoke_family(work.conn, token.family_id, work.now.to_the_day())? > 0 {
        let details = json!({ "family_id": token.family_id });
        work.audit_with(action, "account", token.account_id, details);
    }
    Ok(())
}
