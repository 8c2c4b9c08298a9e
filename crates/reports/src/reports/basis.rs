//! What a draft is compiled from and held against, as far as one can tell later whether it is still the same: what took seconds to compute of a
//! long draft is computed once. The audit log has a line for every change of it, but for what is done by a receipt and for what others do all
//! the time with the register: these are compared.

use std::collections::BTreeSet;

use super::{Report, gather};
use crate::audit;
use crate::audit::chain::End;
use crate::consultations::{self, ConsultationId};
use crate::digest::sha256;
use crate::inputs::{InputId, reading, wishes};
use crate::problem::Problem;
use crate::registrations;
use crate::work::Work;

/// What others do all the time that no text is compiled from, but for the register of its own consultation, which is compared.
const ABOUT_PEOPLE: [&str; 9] = [
    "account.created",
    "account.signed_in",
    "consent.recorded",
    "job.started",
    "proposal.made",
    "registration.submitted",
    "registration.resubmitted",
    "registration.updated",
    "registration.withdrawn",
];

/// What something was computed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Basis {
    /// Where the log ended.
    end: End,
    compared: Compared,
}

/// What the log does not tell of.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Compared {
    /// Of the register, the SHA-256 of everybody whom a text could name.
    people: String,
    /// What is left out because it is to be taken back.
    wished: BTreeSet<InputId>,
    /// What was said, with its versions.
    said: Vec<(InputId, i64)>,
}

impl Basis {
    /// As it stands. To be asked for before what is computed from it.
    pub(super) fn now(work: &mut Work, report: &Report) -> Result<Self, Problem> {
        Ok(Self { end: audit::end(work.conn)?, compared: Compared::now(work, report)? })
    }

    /// As it stands now, if nothing became another since but by what the log calls these actions; none also where too much was done to tell.
    /// Of what this very unit of work changed it knows nothing.
    pub(super) fn still(
        &self,
        work: &mut Work,
        report: &Report,
        harmless: &[&str],
    ) -> Result<Option<Self>, Problem> {
        let end = audit::end(work.conn)?;
        let passes = |action: &String| {
            ABOUT_PEOPLE.contains(&action.as_str()) || harmless.contains(&action.as_str())
        };
        let since = audit::since(work.conn, &self.end)?;
        if since.is_none_or(|since| !since.iter().all(passes)) {
            return Ok(None);
        }
        let compared = Compared::now(work, report)?;
        Ok((compared == self.compared).then_some(Self { end, compared }))
    }
}

impl Compared {
    fn now(work: &mut Work, report: &Report) -> Result<Self, Problem> {
        let of: Vec<ConsultationId> = match report.consultation_id {
            Some(consultation) => vec![consultation],
            None => {
                let all = consultations::service::of_review(work, report.review_id)?;
                all.into_iter().map(|one| one.id).collect()
            }
        };
        let mut people = format!("{:?}", gather::named(work, report)?);
        let (mut wished, mut said) = (BTreeSet::new(), Vec::new());
        for id in of {
            people.push_str(&format!("{:?}", registrations::service::known(work, id)?));
            wished.extend(wishes::service::wished_back(work, id)?);
            said.extend(reading::versions(work.conn, id)?);
        }
        Ok(Self { people: sha256(&people), wished, said })
    }
}
