//! How long those who spoke and moderated are kept by name. They need no account: nobody's erasure knows them, and whoever does not want to
//! be named any more is taken out of the programme. Editions that were published name them on.

use super::store;
use crate::problem::Problem;
use crate::registry::{Expiring, Found, Stretch};
use crate::work::Work;

/// Counts the sessions of these consultations that name somebody; with `forget`, they name nobody then.
pub(in crate::consultations) fn purge(
    work: &mut Work,
    expiring: &Expiring,
    stretch: Stretch,
) -> Result<Found, Problem> {
    let naming = store::naming(work.conn, &expiring.held)?;
    if stretch.forget {
        store::forget_names(work.conn, &naming)?;
    }
    Ok(Found { count: naming.len() as u64, last: None })
}
