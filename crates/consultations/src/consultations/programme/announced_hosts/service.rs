//! Who is announced as host of a working group: whoever agreed to it is told to everybody, all of them to those who prepare the
//! consultation.

use std::collections::BTreeMap;

use super::{AnnouncedHost, store};
use crate::consultations::{ConsultationId, WorkingGroupId};
use crate::problem::Problem;
use crate::work::Work;

/// Those of a consultation by working group, in their order. For other services: a name may be told outside only with its consent.
pub fn all(
    work: &mut Work,
    id: ConsultationId,
) -> Result<BTreeMap<WorkingGroupId, Vec<AnnouncedHost>>, Problem> {
    let mut groups = BTreeMap::<_, Vec<AnnouncedHost>>::new();
    for (group, _, host) in store::of_consultation(work.conn, id)? {
        groups.entry(group).or_default().push(host);
    }
    Ok(groups)
}

/// Those of them who agreed to be named.
pub fn named(
    work: &mut Work,
    id: ConsultationId,
) -> Result<BTreeMap<WorkingGroupId, Vec<AnnouncedHost>>, Problem> {
    let mut groups = all(work, id)?;
    groups.values_mut().for_each(|hosts| hosts.retain(|host| host.named_consent));
    Ok(groups)
}
