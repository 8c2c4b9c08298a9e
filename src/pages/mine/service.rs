//! What belongs to whoever is signed in.

use crate::accounts::Account;
use crate::accounts::sign_ins::SignIn;
use crate::accounts::sign_ins::service as sign_ins;
use crate::consultations::{self, Consultation, Phase};
use crate::pages::deciding::service::{self as deciding, Pending};
use crate::pages::writing::service as writing;
use crate::problem::Problem;
use crate::registrations::{self, RegistrationState};
use crate::work::Work;

/// What stands on one's first page.
pub struct Start {
    /// The consultations that they have registered for, the latest first, and how far each registration has come.
    pub own: Vec<(Consultation, RegistrationState)>,
    /// Open calls that they have not answered.
    pub open: Vec<Consultation>,
    /// How many reports there are whose drafts they may read.
    pub drafts: usize,
    /// What waits for a decision in which they have a part.
    pub pending: Pending,
}

/// One's first page.
pub fn start(work: &mut Work) -> Result<Start, Problem> {
    let caller = work.caller.signed_in()?;
    let mut own: Vec<(Consultation, RegistrationState)> = Vec::new();
    // The latest registration for each.
    for one in registrations::service::all_of_person(work, caller)?.into_iter().rev() {
        if own.iter().all(|(known, _)| known.id != one.consultation_id) {
            own.push((consultations::service::load(work, one.consultation_id)?, one.state));
        }
    }
    own.sort_by_key(|(one, _)| std::cmp::Reverse((one.starts_at, one.id)));
    let all = consultations::service::public(work)?;
    let open = all.into_iter().filter(|one| {
        one.phase == Phase::OpenCall && own.iter().all(|(known, _)| known.id != one.id)
    });
    let drafts = writing::drafts(work)?.reports.len();
    Ok(Start { open: open.collect(), own, drafts, pending: deciding::pending(work)? })
}

/// What stands on the page of one's account.
pub struct Own {
    /// The account.
    pub account: Account,
    /// Its sign-ins that have not ended.
    pub sign_ins: Vec<SignIn>,
}

/// The page of one's account.
pub fn own(work: &mut Work) -> Result<Own, Problem> {
    let caller = work.caller.signed_in()?;
    let account = crate::accounts::service::load(work, caller)?;
    Ok(Own { account, sign_ins: sign_ins::own(work)? })
}
