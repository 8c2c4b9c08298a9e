//! How long persons who are announced as hosts are kept. They have no account: nobody's erasure knows them, and whoever does not want to
//! be named any more is taken out of the programme.

use super::store;
use crate::problem::Problem;
use crate::registry::{Expiring, Found, Stretch};
use crate::work::Work;

/// Counts those who were announced as hosts of these consultations; with `forget`, they are gone then.
pub(in crate::consultations) fn purge(
    work: &mut Work,
    expiring: &Expiring,
    stretch: Stretch,
) -> Result<Found, Problem> {
    let count = if stretch.forget {
        store::delete_of(work.conn, &expiring.held)?
    } else {
        store::count_of(work.conn, &expiring.held)?
    };
    Ok(Found { count, last: None })
}
