//! What the rest of the program knows of invitations.

use super::{http, personal, privacy, service};
use crate::correspondence::MailStopped;
use crate::problem::Problem;
use crate::registry::{Feature, Moved, Reaction, Reacts};
use crate::vocabulary::RetentionClass;
use crate::work::Work;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    on_event: &[Reaction::to::<MailStopped, Invitations>()],
    personal: personal::FIELDS,
    data_of: Some(privacy::data_of),
    erase: Some((30, privacy::erase)),
    retention: &[(RetentionClass::Invitations, "invitations", privacy::purge)],
    ..Feature::named("invitations")
};

struct Invitations;

impl Reacts<MailStopped> for Invitations {
    fn react(work: &mut Work, event: &MailStopped) -> Result<Moved, Problem> {
        service::mail_stopped(work, event)?;
        Ok(Moved::new())
    }
}
