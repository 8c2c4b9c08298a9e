//! The mails of the open call. Pure.

use crate::consultations::Consultation;
use crate::db::types::Timestamp;
use crate::i18n::{self, Language, Placeholder, Template};
use crate::invitations::Invitation;
use crate::outbox::{About, Letter, Mail};
use crate::problem::Problem;
use crate::ways;

/// What every mail of one sending has in common.
pub struct Call<'a> {
    /// To what people are invited.
    pub consultation: &'a Consultation,
    /// Until when they can register, if that is set.
    pub closes_at: Option<Timestamp>,
    /// How the outside reaches this instance.
    pub public_url: &'a str,
}

impl Call<'_> {
    /// The mail to one address, with their own link.
    pub fn mail(
        &self,
        invitation: &Invitation,
        template: Template,
        token: &str,
    ) -> Result<Mail, Problem> {
        use Placeholder::{Name, Theme, Until, When};
        let language = Language::choose(invitation.language, &self.consultation.languages);
        let words = i18n::mails(language);
        let name = invitation.name.as_deref().unwrap_or(words.nameless());
        let until = self.closes_at.map(|at| words.moment(self.consultation.zone, at));
        Letter {
            template,
            language,
            recipient: invitation.email.as_str(),
            values: vec![
                (Name, name.to_owned()),
                (Theme, self.consultation.theme.clone()),
                (When, words.when(self.consultation.when())),
                (Until, until.unwrap_or_default()),
            ],
            secret: Some(ways::secret(self.public_url, token, language)),
            about: Some(About::of(self.consultation.id, "invitation", invitation.id)),
        }
        .write()
    }
}
