//! What the rest of the program knows of announcements.

use super::{http, personal, privacy, service, store};
use crate::events::AccountsMerged;
use crate::i18n::Template;
use crate::problem::Problem;
use crate::registry::{Feature, Moved, Reaction, Reacts};
use crate::work::Work;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: http::mount,
    on_event: &[Reaction::to::<AccountsMerged, Announcements>()],
    personal: personal::FIELDS,
    data_of: Some(privacy::data_of),
    mails: &[Template::Announcement, Template::QuestionsOpen, Template::DraftOpen],
    sweep: Some(|app| Box::pin(async move { service::sweep(&app).await })),
    ..Feature::named("announcements")
};

struct Announcements;

impl Reacts<AccountsMerged> for Announcements {
    fn react(work: &mut Work, event: &AccountsMerged) -> Result<Moved, Problem> {
        store::account_merged(work.conn, *event)?;
        Ok(Moved::new())
    }
}
