//! What a caller may do about people who have more than one account: find such pairs, and propose to make one of two accounts.
//! Whoever controls one of the addresses signs in as the account that is left, with all that it may do and all that it
//! said: that is why nobody merges an account of their own, or one with roles that they could not give, why both
//! addresses are told, and why a secretariat merges only people who registered in its own reviews and nowhere else.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::duplicates::{DuplicateReason, Pair, Person, pairs};
use super::{RegistrationsMerged, store};
use crate::access::{Permission, Scope, ScopeKind};
use crate::accounts::{self, Account, AccountId};
use crate::db::types::Id;
use crate::events::AccountsMerged;
use crate::http::page::{Listing, Paging};
use crate::i18n::{Language, Placeholder, Template};
use crate::outbox::Letter;
use crate::problem::{Code, Problem, require_version};
use crate::proposals::service::{self as proposals, New, Put};
use crate::proposals::{Act, Carried, Proposal};
use crate::registrations::merging::Duplicate as DoubleRegistration;
use crate::registrations::{self, RegistrationId};
use crate::registry::moved_of;
use crate::reviews::ReviewId;
use crate::tokens;
use crate::ways;
use crate::work::Work;

/// Two accounts that may be one person's.
#[derive(Debug, Clone)]
pub struct Duplicate {
    /// The one that was made first.
    pub older: Account,
    /// The other.
    pub newer: Account,
    /// Why.
    pub reasons: Vec<DuplicateReason>,
}

/// What came of a merge.
#[derive(Debug, Clone)]
pub struct Merged {
    /// The account that was given up, as it is now.
    pub account: Account,
    /// The account that is left.
    pub into: AccountId,
    /// Registrations that went along.
    pub registrations: u64,
    /// Roles that went along.
    pub grants: u64,
    /// Registrations that were withdrawn, because both had one for the same consultation.
    pub withdrawn: Vec<RegistrationId>,
}

/// Whose accounts the caller may merge.
enum Reach {
    /// Everybody's.
    All,
    /// Those who registered anywhere.
    Registered,
    /// Those who registered in these reviews.
    Reviews(BTreeSet<ReviewId>),
}

impl Reach {
    fn of(work: &Work) -> Result<Self, Problem> {
        work.caller.require_somewhere(Permission::MergeRecords)?;
        if work.may(Permission::ManageAccounts, &Scope::INSTANCE) {
            return Ok(Self::All);
        }
        if work.may(Permission::MergeRecords, &Scope::INSTANCE) {
            return Ok(Self::Registered);
        }
        let held = work.caller.roles().iter().filter(|held| held.scope_kind == ScopeKind::Review);
        let mine = |id: &uuid::Uuid| work.may(Permission::MergeRecords, &Scope::review(*id));
        let reviews = held.map(|held| held.scope_id).filter(mine).map(Id::new).collect();
        Ok(Self::Reviews(reviews))
    }

    fn holds(&self, review: &ReviewId) -> bool {
        match self {
            Self::All | Self::Registered => true,
            Self::Reviews(own) => own.contains(review),
        }
    }
}

/// A page of pairs of accounts that may be one person's, in the order of their ids.
pub fn list_duplicates(work: &mut Work, paging: &Paging) -> Result<Listing<Duplicate>, Problem> {
    let reach = Reach::of(work)?;
    let after: Option<(AccountId, AccountId)> = paging.after_two()?;
    let people = people(work, &reach)?;
    let found: Vec<Pair> = pairs(&people)
        .into_iter()
        .filter(|pair| after.is_none_or(|after| (pair.older, pair.newer) > after))
        .take(paging.limit + 1)
        .collect();
    let part = paging.finish(found, |pair| vec![pair.older.to_string(), pair.newer.to_string()]);
    let ids: Vec<AccountId> = part.items.iter().flat_map(|pair| [pair.older, pair.newer]).collect();
    let mut accounts = accounts::service::names(work, &ids)?;
    for person in people {
        if let Some(account) = accounts.get_mut(&person.id) {
            (account.name, account.email) = (person.name, person.email);
        }
    }
    let items = part.items.into_iter().filter_map(|pair| {
        let (older, newer) = (accounts.get(&pair.older)?, accounts.get(&pair.newer)?);
        Some(Duplicate { older: older.clone(), newer: newer.clone(), reasons: pair.reasons })
    });
    Ok(Listing { items: items.collect(), next: part.next })
}

/// Those within reach who may have two accounts, by what they are compared with.
fn people(work: &mut Work, reach: &Reach) -> Result<Vec<Person>, Problem> {
    let mut registered: BTreeMap<AccountId, Person> = BTreeMap::new();
    let mut ids: Vec<AccountId> = store::alike(work.conn)?.into_iter().collect();
    let facts = registrations::merging::affiliations(work, &ids)?;
    let facts: Vec<_> = facts.into_iter().filter(|one| reach.holds(&one.review_id)).collect();
    let all = matches!(reach, Reach::All);
    if !all {
        let own: BTreeSet<AccountId> = facts.iter().map(|one| one.account_id).collect();
        ids = own.into_iter().collect();
    }
    for (id, name, email) in accounts::service::people(work, &ids)? {
        let (organizations, countries) = (BTreeSet::new(), BTreeSet::new());
        registered.insert(id, Person { id, name, email, organizations, countries });
    }
    for one in facts {
        let Some(person) = registered.get_mut(&one.account_id) else { continue };
        // A secretariat knows them as it registered them, not as they are known elsewhere.
        if let Some(given) = one.person.filter(|_| !all) {
            (person.name, person.email) = (given.name, given.email);
        }
        person.organizations.extend(one.organization_id);
        person.countries.insert(one.country);
    }
    Ok(registered.into_values().collect())
}

/// What is frozen of a merge that is proposed.
#[derive(Debug, Serialize, Deserialize)]
struct Joining {
    account_id: AccountId,
    version: i64,
    into: AccountId,
    withdraw_duplicates: bool,
}

/// Proposes to make one of two accounts of the same person. Another person confirms it, and before that whoever holds the address
/// that goes consents by a mailed link, which tells them nothing of the other account.
pub fn propose(
    work: &mut Work,
    id: AccountId,
    version: i64,
    into: AccountId,
    withdraw_duplicates: bool,
) -> Result<Put, Problem> {
    let reach = Reach::of(work)?;
    let joining = Joining { account_id: id, version, into, withdraw_duplicates };
    let (from, _) = mergeable(work, &reach, &joining)?;
    let review = review_of(work, &reach, id, into)?;
    proposals::hold(work, review)?;
    superfluous(work, AccountsMerged { from: id, into }, withdraw_duplicates)?;
    let put = proposals::put(
        work,
        New {
            act: Act::MergeAccounts,
            subject: id.to_string(),
            review,
            about: Some(id),
            what: json!(joining),
            sha256: None,
            at_once: false,
        },
    )?;
    ask(work, &put.proposal, &from)?;
    Ok(put)
}

/// Makes one of two accounts as it was proposed: everything that the first has the second has then, its sign-ins end,
/// and its address leads to the second. Where both have an active registration for the same consultation it is refused,
/// unless the one without a place, or the later one, may be withdrawn.
pub(super) fn merge(work: &mut Work, carried: &Carried) -> Result<Merged, Problem> {
    let joining: Joining = proposals::frozen(carried)?;
    let Joining { account_id: id, into, withdraw_duplicates, .. } = joining;
    if store::consented(work.conn, carried.proposal)?.is_none() {
        let detail =
            "A link was mailed to the address that goes: whoever holds it must consent first.";
        return Err(Problem::new(Code::HolderConsentMissing, detail));
    }
    let reach = Reach::of(work)?;
    for one in BTreeSet::from([id, into]) {
        work.lock(one.uuid())?;
    }
    let (from, survivor) = mergeable(work, &reach, &joining)?;
    if carried.confirmed_by.is_some_and(|by| by == into) {
        let detail = "Nobody merges an account of their own: somebody else must.";
        return Err(Problem::new(Code::Forbidden, detail));
    }
    let both = AccountsMerged { from: id, into };
    let withdrawn = withdraw(work, both, withdraw_duplicates)?;
    let grants = accounts::roles::service::move_grants(work, both)?;
    let moved = work.tell(&both)?;
    let registrations = moved_of(&moved, "registrations");
    let account = accounts::roles::service::give_up(work, from, into)?;
    tell(work, &account, &survivor)?;
    work.audit_with("account.merged", "account", id, json!({ "into": into }));
    Ok(Merged { account, into, registrations, grants, withdrawn })
}

/// The account that goes and the one that is left, if the caller may merge them now.
fn mergeable(
    work: &mut Work,
    reach: &Reach,
    joining: &Joining,
) -> Result<(Account, Account), Problem> {
    let from = within_reach(work, reach, joining.account_id)?;
    let survivor = survivor_of(work, reach, joining.account_id, joining.into)?;
    trusted_with(work, &from)?;
    trusted_with(work, &survivor)?;
    require_version(from.version, joining.version)?;
    from.require_unmerged()?;
    if !from.active {
        let detail = "It was disabled: an address that may not sign in must not lead to an account that may.";
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    Ok((from, survivor))
}

/// Where it is confirmed: in the one review in which both registered, else by those of the instance; a secretariat of several
/// reviews, to all of which the two belong, has it confirmed in the first.
fn review_of(
    work: &mut Work,
    reach: &Reach,
    id: AccountId,
    into: AccountId,
) -> Result<Option<ReviewId>, Problem> {
    let mut reviews = registrations::merging::reviews_of(work, id)?;
    reviews.extend(registrations::merging::reviews_of(work, into)?);
    match reach {
        Reach::Reviews(_) => Ok(reviews.first().copied()),
        Reach::All | Reach::Registered if reviews.len() == 1 => Ok(reviews.first().copied()),
        Reach::All | Reach::Registered => Ok(None),
    }
}

/// Mails a link to the address that goes. It names neither the other account nor anybody: whoever reads that mailbox may be
/// somebody else.
fn ask(work: &mut Work, proposal: &Proposal, from: &Account) -> Result<(), Problem> {
    let secret = work.ids.secret();
    store::insert(work.conn, proposal.id, from.id, &tokens::secret_hash(&secret))?;
    let language = Language::choose(from.language, &[]);
    let until = proposal.lapses_at.utc().format("%Y-%m-%d %H:%M UTC").to_string();
    let letter = Letter {
        template: Template::MergeConsent,
        language,
        recipient: from.email.as_str(),
        values: vec![(Placeholder::Until, until)],
        secret: Some(ways::secret(&work.settings.server.public_url, &secret, language)),
        about: None,
    };
    let mail = letter.write()?;
    work.mail(mail)
}

/// Whether a token asks a question that waits for its answer.
pub fn is_asked(work: &mut Work, token: &str) -> Result<bool, Problem> {
    match store::asked(work.conn, &tokens::secret_hash(token))? {
        Some(proposal) => proposals::is_waiting(work, proposal),
        None => Ok(false),
    }
}

/// What whoever holds the address answers: consent lets the proposal be confirmed, refusal ends it. 401 for a link that was
/// answered, has run out or never was.
pub fn answer(work: &mut Work, token: &str, consents: bool) -> Result<(), Problem> {
    let refused = || {
        accounts::sign_ins::service::wrong_credentials(
            "This link was answered, has run out or never was.",
        )
    };
    let hash = tokens::secret_hash(token);
    let proposal = store::asked(work.conn, &hash)?.ok_or_else(refused)?;
    if !proposals::is_waiting(work, proposal)? {
        return Err(refused());
    }
    if consents {
        store::consent(work.conn, proposal, work.now)?;
        work.audit("merge.consented", "proposal", proposal);
        return Ok(());
    }
    store::delete(work.conn, proposal)?;
    proposals::refuse(work, proposal)
}

/// An account that the caller may merge; 404 for one they do not know of, 403 for one that is not theirs alone.
fn within_reach(work: &mut Work, reach: &Reach, id: AccountId) -> Result<Account, Problem> {
    let account = accounts::service::load(work, id)?;
    if matches!(reach, Reach::All) {
        return Ok(account);
    }
    let reviews = registrations::merging::reviews_of(work, id)?;
    if !reviews.iter().any(|review| reach.holds(review)) {
        return Err(Problem::not_found("account"));
    }
    if !reviews.iter().all(|review| reach.holds(review)) {
        let detail =
            "This person registered in other reviews, too: an administrator must merge it.";
        return Err(Problem::new(Code::Forbidden, detail));
    }
    Ok(account)
}

fn survivor_of(
    work: &mut Work,
    reach: &Reach,
    id: AccountId,
    into: AccountId,
) -> Result<Account, Problem> {
    if id == into {
        return Err(Problem::invalid("/into", "must be another account"));
    }
    let missing = || Problem::invalid("/into", "there is no such account");
    let survivor =
        within_reach(work, reach, into).map_err(|problem| problem.missing_as(missing))?;
    match (survivor.merged_into, survivor.active) {
        (Some(last), _) => {
            Err(Problem::invalid("/into", format!("it was merged into {last}: name that one")))
        }
        (None, false) => Err(Problem::invalid("/into", "it was disabled")),
        (None, true) => Ok(survivor),
    }
}

/// 403 for one's own account, and for one with a role that the caller could not give.
fn trusted_with(work: &mut Work, account: &Account) -> Result<(), Problem> {
    if work.caller.id() == Some(account.id) {
        let detail = "Nobody merges an account of their own: somebody else must.";
        return Err(Problem::new(Code::Forbidden, detail));
    }
    accounts::roles::service::may_grant_all_of(work, account.id)
}

/// The registrations that would be too many; 409 naming them unless they may go.
fn superfluous(
    work: &mut Work,
    merged: AccountsMerged,
    allowed: bool,
) -> Result<Vec<DoubleRegistration>, Problem> {
    let double: Vec<DoubleRegistration> = registrations::merging::duplicates(work, merged)?;
    if !allowed && !double.is_empty() {
        let detail = "Both are registered for the same consultation; `errors` names what would be withdrawn. \
                      Say withdraw_duplicates to do so.";
        let problem = Problem::new(Code::AlreadyRegistered, detail);
        let why = "is the one without a place, or the later one";
        return Err(double.iter().fold(problem, |problem, one| {
            problem.at(format!("/registrations/{}", one.superfluous), why)
        }));
    }
    Ok(double)
}

/// Leaves one active registration for each consultation.
fn withdraw(
    work: &mut Work,
    merged: AccountsMerged,
    allowed: bool,
) -> Result<Vec<RegistrationId>, Problem> {
    let double = superfluous(work, merged, allowed)?;
    for one in &double {
        registrations::merging::withdraw_duplicate(work, one)?;
        work.tell(&RegistrationsMerged { from: one.superfluous, into: one.kept })?;
    }
    Ok(double.iter().map(|one| one.superfluous).collect())
}

/// Both addresses are told, so that a merge of two people does not stay unseen.
fn tell(work: &mut Work, from: &Account, into: &Account) -> Result<(), Problem> {
    for recipient in [from, into] {
        let language = Language::choose(recipient.language, &[]);
        let page = ways::page(&work.settings.server.public_url, ways::MINE, language);
        let letter = Letter {
            template: Template::AccountsMerged,
            language,
            recipient: recipient.email.as_str(),
            values: vec![(Placeholder::Name, recipient.name.clone()), (Placeholder::Page, page)],
            secret: None,
            about: None,
        };
        let mail = letter.write()?;
        work.mail(mail)?;
    }
    Ok(())
}
