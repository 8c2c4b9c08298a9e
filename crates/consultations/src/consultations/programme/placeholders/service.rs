//! What is told of placeholders: to everybody, for they are nobody.

use std::collections::BTreeMap;

use super::{Line, store};
use crate::consultations::{ConsultationId, WorkingGroupId};
use crate::organizations;
use crate::problem::Problem;
use crate::work::Work;

/// The placeholders of a consultation's working groups, in their order, in words.
pub fn lines(
    work: &mut Work,
    id: ConsultationId,
) -> Result<BTreeMap<WorkingGroupId, Vec<Line>>, Problem> {
    let placeholders = store::of_consultation(work.conn, id)?;
    let ids: Vec<_> =
        placeholders.iter().filter_map(|(_, placeholder)| placeholder.organization_id).collect();
    let organizations = organizations::service::load_many(work, &ids)?;
    let mut lines = BTreeMap::<_, Vec<Line>>::new();
    for (group, placeholder) in placeholders {
        let organization = placeholder.organization_id.and_then(|id| organizations.get(&id));
        let name = organization.map(|organization| organization.name.as_str());
        lines.entry(group).or_default().push(Line::of(placeholder, name));
    }
    Ok(lines)
}
