//! Rows of an import that is decided and that are not in yet: as they lie in the lots of its job, under the consultation's lock. Who waits
//! there counts as registered to every other table, is told of it like what is held, and taken out when they are erased.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::accounts::Email;
use crate::consultations::ConsultationId;
use crate::jobs::{self, JobId, JobKind, UnderWay};
use crate::problem::Problem;
use crate::registrations::form::checks::Facts;
use crate::registrations::{NewRegistration, Person};
use crate::work::Work;

/// People of one lot, and of one statement.
const LOT: usize = 100;

/// A row as it waits.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Waiting {
    /// Which row of the file.
    pub row: u32,
    /// What it asks for; none once the person was taken out.
    pub form: Option<Form>,
}

/// What a row asks for, with the facts as they were vetted when it was decided.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Form {
    /// The person.
    pub person: Person,
    /// Sector, country and organization, which is entered by now.
    pub facts: Facts,
    /// The rest.
    pub new: NewRegistration,
}

/// Rows in lots, in their order.
pub(super) fn lots(rows: &[Waiting]) -> Result<Vec<Vec<u8>>, Problem> {
    let lots = rows.chunks(LOT).map(serde_json::to_vec);
    lots.collect::<Result<_, _>>().map_err(Problem::internal)
}

/// The rows of a lot.
pub(super) fn read(lot: &[u8]) -> Result<Vec<Waiting>, Problem> {
    serde_json::from_slice(lot).map_err(Problem::internal)
}

/// Every row that still waits in a job, in their order.
pub(super) fn of_job(work: &mut Work, job: JobId) -> Result<Vec<Waiting>, Problem> {
    let mut rows = Vec::new();
    for (_, lot) in jobs::service::lots(work, job)? {
        rows.extend(read(&lot)?);
    }
    Ok(rows)
}

fn under_way(work: &mut Work) -> Result<Vec<UnderWay>, Problem> {
    let mut all = jobs::service::under_way(work)?;
    all.retain(|one| one.kind == JobKind::ImportRegistrations);
    Ok(all)
}

/// The addresses of those who wait to come into a consultation.
pub(super) fn addresses(
    work: &mut Work,
    consultation: ConsultationId,
) -> Result<HashSet<Email>, Problem> {
    let mut addresses = HashSet::new();
    for import in under_way(work)?.iter().filter(|one| one.consultation == consultation) {
        let forms = of_job(work, import.job)?.into_iter().filter_map(|row| row.form);
        addresses.extend(forms.map(|form| form.person.email));
    }
    Ok(addresses)
}

/// What waits of the person with this address, for whom everything is told that is held.
pub fn data_of(work: &mut Work, email: &Email) -> Result<Vec<Value>, Problem> {
    let mut held = Vec::new();
    for import in under_way(work)? {
        let forms = of_job(work, import.job)?.into_iter().filter_map(|row| row.form);
        for form in forms.filter(|form| form.concerns(email)) {
            let consultation = import.consultation;
            held.push(if form.person.email == *email {
                json!({ "consultation_id": consultation, "form": form })
            } else {
                json!({ "consultation_id": consultation, "guardian": form.new.guardian })
            });
        }
    }
    Ok(held)
}

/// Takes the person with this address out of every table that is being brought in, and as a guardian too: nobody is registered any more
/// without whoever was to consent.
pub fn take_out(work: &mut Work, email: &Email) -> Result<(), Problem> {
    for import in under_way(work)? {
        work.lock(import.consultation.uuid())?;
        for (number, lot) in jobs::service::lots(work, import.job)? {
            let mut rows = read(&lot)?;
            let mut found = false;
            for row in &mut rows {
                let theirs = row.form.take_if(|form| form.concerns(email));
                found |= theirs.is_some();
            }
            if found {
                let lot = serde_json::to_vec(&rows).map_err(Problem::internal)?;
                jobs::service::replace_lot(work, import.job, &(number, lot))?;
            }
        }
    }
    Ok(())
}

impl Form {
    fn concerns(&self, email: &Email) -> bool {
        let guardian = self.new.guardian.as_ref().map(|guardian| &guardian.email);
        self.person.email == *email || guardian == Some(email)
    }
}
