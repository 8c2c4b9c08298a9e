//! Giving receipts, and recognizing their holders. The one moment in which an account and a receipt are in the same request is when it
//! is given; nothing of it is kept but that one was.

use super::{Holder, Receipt, store};
use crate::accounts::{self, Account};
use crate::consultations::{self, Consultation, ConsultationId, Phase};
use crate::problem::{Code, Problem};
use crate::registrations::{self, RegistrationId, RegistrationState};
use crate::voices::mixing;
use crate::voices::vault::Vault;
use crate::work::Work;

/// Receipts that one person is given at most: one, and one in its place.
pub const MOST: i32 = 2;

/// A receipt, at the one moment at which it is told.
#[derive(Debug)]
pub struct Given {
    /// It.
    pub receipt: Receipt,
    /// How many more the person can be given.
    pub left: i32,
}

/// Whether the caller would be given a receipt now; whoever asks for it learns the same.
pub fn may_take(work: &mut Work, consultation: &Consultation) -> Result<bool, Problem> {
    let Some(account) = work.caller.id().filter(|_| gives(consultation.phase)) else {
        return Ok(false);
    };
    let id = consultation.id;
    let own = registrations::service::of_account(work, id, account)?;
    let Some(own) = own.filter(|own| own.state == RegistrationState::Confirmed) else {
        return Ok(false);
    };
    if mixing::service::keys_destroyed(work, id)? {
        return Ok(false);
    }
    let account = accounts::service::load(work, account)?;
    let [own, address] = holders(work, id, own.id, &account)?;
    let given = store::given(work.conn, &own)?.max(store::given(work.conn, &address)?);
    Ok(given < MOST)
}

/// Whether receipts are given in a phase.
const fn gives(phase: Phase) -> bool {
    !matches!(phase, Phase::Published | Phase::Cancelled)
}

/// Gives the caller, who is confirmed, a receipt for the consultation, or one in the place of that which they lost; the old one stays
/// valid, since nobody knows which it is.
pub fn give(work: &mut Work, id: ConsultationId) -> Result<Given, Problem> {
    let consultation = consultations::service::see(work, id)?;
    let account = work.caller.signed_in()?;
    if !gives(consultation.phase) {
        let detail = format!(
            "Receipts are given until the report is published; the consultation is in {}.",
            consultation.phase
        );
        return Err(Problem::new(Code::NotInThisPhase, detail));
    }
    let registration = registrations::service::of_account(work, id, account)?
        .filter(|found| found.state == RegistrationState::Confirmed)
        .ok_or_else(|| {
            let detail =
                "Receipts are given to those whose registration for this consultation is confirmed.";
            Problem::new(Code::Forbidden, detail)
        })?;
    // To whom they were given is forgotten with the keys: nobody is given more for that.
    if mixing::service::keys_destroyed(work, id)? {
        let detail = "Receipts are given as long as voices are counted; the keys of this consultation were destroyed.";
        return Err(Problem::new(Code::NotInThisPhase, detail));
    }
    let account = accounts::service::load(work, account)?;
    mixing::service::begin(work, &consultation)?;
    let [by_registration, by_address] = holders(work, id, registration.id, &account)?;
    let own = store::given(work.conn, &by_registration)?;
    let of_address = store::given(work.conn, &by_address)?;
    let before = own.max(of_address);
    if before >= MOST {
        let detail = "You were given a receipt and one in its place. Nobody can tell which they were, so no more are given: look for one of the two.";
        return Err(Problem::new(Code::NoMoreReceipts, detail));
    }
    store::put(work.conn, id, &by_registration, before + 1, false)?;
    store::put(work.conn, id, &by_address, of_address + 1, true)?;
    let receipt = Vault::of(work)?.mint(id).make(work.ids);
    Ok(Given { receipt, left: MOST - before - 1 })
}

fn holders(
    work: &Work,
    id: ConsultationId,
    registration: RegistrationId,
    account: &Account,
) -> Result<[Vec<u8>; 2], Problem> {
    let vault = Vault::of(work)?;
    let registration = registration.uuid();
    Ok([
        vault.holder(id, b"registration", registration.as_bytes()),
        vault.holder(id, b"address", account.email.as_str().to_lowercase().as_bytes()),
    ])
}

/// How many receipts a registration was given.
pub fn given_to(
    work: &mut Work,
    id: ConsultationId,
    registration: RegistrationId,
) -> Result<i32, Problem> {
    let holder = of_registration(work, id, registration)?;
    store::given(work.conn, &holder)
}

/// Forgets that a registration was given any. That the address was stays known until the close, so that nobody is given more by
/// having themselves erased.
pub fn forget(
    work: &mut Work,
    id: ConsultationId,
    registration: RegistrationId,
) -> Result<(), Problem> {
    let holder = of_registration(work, id, registration)?;
    store::forget(work.conn, &holder)
}

fn of_registration(
    work: &Work,
    id: ConsultationId,
    registration: RegistrationId,
) -> Result<Vec<u8>, Problem> {
    let registration = registration.uuid();
    Ok(Vault::of(work)?.holder(id, b"registration", registration.as_bytes()))
}

/// The consultation and the holder of a receipt of it; the same 404 for everything that is none.
pub fn holder(
    work: &mut Work,
    id: ConsultationId,
    receipt: &str,
) -> Result<(Consultation, Holder), Problem> {
    let found = Vault::of(work)?.mint(id).read(receipt);
    let receipt = found.ok_or_else(|| Problem::not_found("receipt"))?;
    let consultation = consultations::service::see(work, id)
        .map_err(|problem| problem.refused_as(|_| Problem::not_found("receipt")))?;
    Ok((consultation, receipt.holder(id)))
}
