//! Addresses to open as some of the people of the demonstration, in the review that is under way: each signs in once, and another is
//! made at each start.

use super::build::SECRETARIAT;
use super::content::Content;
use super::{at, build};
use crate::accounts::sign_ins::service as sign_ins;
use crate::accounts::{self, Email};
use crate::app::App;
use crate::consultations::{self, ConsultationId, Phase};
use crate::http::page::Paging;
use crate::i18n::Language;
use crate::problem::Problem;
use crate::registrations;
use crate::reviews::{self, Review};
use crate::ways;
use crate::work::{Credentials, Work};

/// Whom one can be, and the path that signs them in.
pub type Door = (&'static str, String);

/// Where one can look around.
pub struct Doors {
    /// One address for each of four people.
    pub people: Vec<Door>,
    /// Where somebody new registers.
    pub call: Option<String>,
}

/// One address for each of four people, and the call that is open.
///
/// # Errors
/// When the demonstration lacks one of them.
pub fn open(app: &App, content: &Content) -> Result<Doors, String> {
    let rapporteur = build::rapporteur_with_password(content)?.email.clone();
    let opened = app.write_blocking(&Credentials::Operator, |work| {
        let review = living(work)?;
        let (participant, consultation) = participant(work, &review)?;
        let people = [
            ("Participant", participant, ways::registration(consultation)),
            ("Rapporteur of a working group", rapporteur.clone(), ways::MINE.to_owned()),
            ("Secretariat", address(SECRETARIAT[0].1)?, ways::MINE.to_owned()),
            ("Administrator", address(&work.settings.accounts.admin_email)?, ways::MINE.to_owned()),
        ];
        let door = |(who, email, page): (&'static str, Email, String)| {
            Ok((who, sign_ins::single_link(work, &email, Language::English, page)?))
        };
        let people = people.into_iter().map(door).collect::<Result<_, Problem>>()?;
        let open = consultations::service::of_review(work, review.id)?;
        let open = open.iter().find(|one| one.phase == Phase::OpenCall);
        let call = open.map(|one| format!("/register/{}", one.id));
        Ok(Doors { people, call })
    });
    opened.map_err(at("addresses to open"))
}

fn living(work: &mut Work) -> Result<Review, Problem> {
    let reviews = Paging::all(|paging| reviews::service::list(work, paging))?;
    let found = reviews.into_iter().find(|one| one.code == build::LIVING_REVIEW);
    found.ok_or_else(|| Problem::not_found("review that is under way"))
}

fn address(text: &str) -> Result<Email, Problem> {
    text.parse().map_err(|why: String| Problem::internal(why))
}

/// Somebody confirmed in the largest consultation who holds no role.
fn participant(work: &mut Work, review: &Review) -> Result<(Email, ConsultationId), Problem> {
    let mut largest = Vec::new();
    for one in consultations::service::of_review(work, review.id)? {
        let confirmed = registrations::service::confirmed(work, one.id)?;
        if confirmed.len() > largest.len() {
            largest = confirmed;
        }
    }
    for registration in &largest {
        if accounts::roles::service::grants_of(work, registration.account_id)?.is_empty() {
            let account = accounts::service::load(work, registration.account_id)?;
            return Ok((account.email, registration.consultation_id));
        }
    }
    Err(Problem::not_found("participant"))
}
