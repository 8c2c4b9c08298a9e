//! Builds the demonstration step by step through the services, each step as the person who would take it. A transaction
//! is what one person does in one go and leaves a consistent state; nothing here goes past a service to a table.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::content::{Content, Event, Participant};
use super::{Progress, SignIn, at};
use crate::access::{Role, ScopeKind};
use crate::accounts::roles::service::NewGrant;
use crate::accounts::{self, AccountId, Email, passwords};
use crate::app::App;
use crate::consultations::lifecycle::{self, BlockerCode, Wanted};
use crate::consultations::{self, ConsultationId, Phase, RoundId, WorkingGroupId};
use crate::db::types::Id;
use crate::figures::{self, ReleaseOccasion};
use crate::inputs::InputId;
use crate::organizations::vetting::NewStep;
use crate::organizations::{self, NewOrganization, OrganizationId, Vetting};
use crate::problem::Problem;
use crate::proposals::service::Put;
use crate::proposals::{self, ProposalDecision};
use crate::reference::{CategoryCode, Reference};
use crate::reports::Source;
use crate::reports::compile::style;

use crate::reviews::{self, CategoryId, NewReview, Review};
use crate::work::{Credentials, Work};

mod corrigendum;
mod living;
mod people;
mod programme;
mod texts;
mod voices;

pub use living::LIVING_REVIEW;

/// The code of the review that is built.
pub const REVIEW: &str = "asia-pacific-gcm-review";
/// The two of the secretariat: one proposes organizations and the other decides.
pub const SECRETARIAT: [(&str, &str); 2] = [
    ("Aurelio Sample", "aurelio.sample@example.org"),
    ("Greta Template", "greta.template@example.org"),
];
/// Who confirms what the secretariat proposes to publish: the deputy of another organization.
const DEPUTY: (&str, &str, &str) = ("Zora Placeholder", "zora.placeholder@example.org", "aprrn");
const AGENDA_ITEMS: &str = "Items 2 and 3 of the provisional agenda";

/// Builds everything and says who can sign in with a password.
///
/// # Errors
/// What could not be done, and at which step.
pub fn build(app: &App, content: &Content, progress: &Progress) -> Result<Vec<SignIn>, String> {
    let (review, sign_ins) = found(app, content, progress)?;
    let mut series = Series::gather(app, content, progress, review)?;
    for event in &content.series {
        series.hold(event)?;
    }
    series.live()?;
    // Last: that it is there says that all of it is.
    series.write_paper()?;
    Ok(sign_ins)
}

/// Makes the administrator, the review and its secretariat.
fn found(
    app: &App,
    content: &Content,
    progress: &Progress,
) -> Result<(Review, Vec<SignIn>), String> {
    progress.step("Accounts of the administrator and the secretariat, and the review");
    let made = accounts::service::ensure_administrator(app).map_err(at("the administrator"))?;
    let administrator = email(&app.settings.accounts.admin_email)?;
    let password = app.ids.secret();
    let hash = passwords::hash(&password, &app.ids).map_err(at("a password"))?;
    let secretariat: Vec<(&str, Email)> = SECRETARIAT
        .iter()
        .map(|(name, address)| Ok((*name, email(address)?)))
        .collect::<Result<_, String>>()?;
    let rapporteur = rapporteur_with_password(content)?;
    let rapporteur_password = app.ids.secret();
    let rapporteur_hash =
        passwords::hash(&rapporteur_password, &app.ids).map_err(at("a password"))?;
    // In one transaction: whoever finds the review finds its secretariat.
    let review = app.write_blocking(&Credentials::Operator, |work| {
        let review = reviews::service::create(work, review())?;
        for (name, email) in &secretariat {
            let account = accounts::service::find_or_create(work, email, name)?;
            let grant = on_review(Role::Secretariat, &review, None);
            accounts::roles::service::grant(work, account.id, grant)?;
        }
        if let Some((name, email)) = secretariat.first() {
            let first = accounts::service::find_or_create(work, email, name)?;
            accounts::service::set_password(work, first.id, &hash)?;
        }
        let account = accounts::service::find_or_create(work, &rapporteur.email, &rapporteur.name)?;
        accounts::service::set_password(work, account.id, &rapporteur_hash)?;
        Ok(review)
    });
    let review = review.map_err(at("the review"))?;
    let mut sign_ins = Vec::new();
    sign_ins.extend(
        made.map(|password| SignIn::new("Administrator", administrator.as_str(), password)),
    );
    sign_ins.push(SignIn::new("Secretariat", SECRETARIAT[0].1, password));
    sign_ins.push(SignIn::new(
        "Rapporteur of a working group",
        rapporteur.email.as_str(),
        rapporteur_password,
    ));
    Ok((review, sign_ins))
}

/// The rapporteur of the second consultation's first group, who signs in with a password.
pub fn rapporteur_with_password(content: &Content) -> Result<&Participant, String> {
    let event = content.series.get(1);
    let group = event.and_then(|event| event.working_groups.first());
    let email = group.and_then(|group| group.rapporteur());
    email
        .and_then(|email| content.participant(email))
        .ok_or_else(|| "there is no rapporteur".to_owned())
}

/// Opens the call of a consultation whose day is not on record.
fn undated() -> Wanted {
    let reason = Some("Its day is announced later.".to_owned());
    Wanted { reason, despite: vec![BlockerCode::NoDate] }
}

/// A role on a review.
fn on_review(role: Role, review: &Review, organization_id: Option<OrganizationId>) -> NewGrant {
    let scope_id = Some(review.id.uuid());
    NewGrant { role, scope_kind: ScopeKind::Review, scope_id, organization_id }
}

fn email(text: &str) -> Result<Email, String> {
    text.parse().map_err(|why| format!("{text} is {why}"))
}

fn review() -> NewReview {
    let day = |month, day| NaiveDate::from_ymd_opt(2021, month, day);
    let title = "Asia-Pacific Regional Review of Implementation of the Global Compact for Safe, Orderly and Regular Migration";
    NewReview {
        code: REVIEW.to_owned(),
        framework: Reference::get().framework.code.clone(),
        title: title.to_owned(),
        organ: "Economic and Social Commission for Asia and the Pacific".to_owned(),
        meeting_title: Some(title.to_owned()),
        meeting_place: Some("Bangkok".to_owned()),
        meeting_starts_on: day(3, 10),
        meeting_ends_on: day(3, 12),
        agenda_items: Some(AGENDA_ITEMS.to_owned()),
        symbol_prefix: Some("ESCAP/GCM/2021".to_owned()),
        mandates: vec!["A/RES/73/195".to_owned(), "A/RES/73/326".to_owned()],
    }
}

/// What is known while the series is built.
struct Series<'a> {
    app: &'a App,
    content: &'a Content,
    progress: &'a Progress,
    review: Review,
    categories: HashMap<CategoryCode, CategoryId>,
    secretariat: AccountId,
    deputy: AccountId,
    people: HashMap<&'a str, AccountId>,
    organizations: HashMap<&'a str, OrganizationId>,
    /// Where each paragraph of a published report is found, by ordinal and key.
    published: HashMap<(i32, &'a str), Source>,
}

/// A consultation as it was set up.
struct BuiltConsultation {
    id: ConsultationId,
    ordinal: i32,
    name: String,
    groups: BTreeMap<i32, WorkingGroupId>,
    rounds: BTreeMap<i32, RoundId>,
}

impl<'a> Series<'a> {
    /// Makes everybody's accounts and has the organizations vetted, by two people.
    fn gather(
        app: &'a App,
        content: &'a Content,
        progress: &'a Progress,
        review: Review,
    ) -> Result<Self, String> {
        let (people, organizations) = (&content.people.participants, &content.people.organizations);
        progress.step(&format!(
            "{} accounts and {} organizations, vetted",
            people.len(),
            organizations.len()
        ));
        let accounts = app.write_blocking(&Credentials::Operator, |work| {
            let made = people.iter().map(|one| {
                let account = accounts::service::find_or_create(work, &one.email, &one.name)?;
                Ok((one.email.as_str(), account.id))
            });
            made.collect::<Result<HashMap<_, _>, Problem>>()
        });
        let mut secretariat = Vec::new();
        for (name, address) in SECRETARIAT {
            let email = email(address)?;
            let account = app.write_blocking(&Credentials::Operator, |work| {
                accounts::service::find_or_create(work, &email, name)
            });
            secretariat.push(account.map_err(at("the secretariat"))?.id);
        }
        let [decides, proposes] = secretariat[..] else {
            return Err("two make the secretariat".to_owned());
        };
        let proposed = app.write_blocking(&Credentials::Account(proposes), |work| {
            let proposed = organizations.iter().map(|one| {
                let new = NewOrganization {
                    name: one.name.clone(),
                    acronym: one.acronym.clone(),
                    sector: one.sector,
                    country: one.country,
                    website: one.website.clone(),
                };
                Ok((one.key.as_str(), organizations::service::propose(work, new)?))
            });
            proposed.collect::<Result<Vec<_>, Problem>>()
        });
        let proposed = proposed.map_err(at("the organizations"))?;
        let vetted = app.write_blocking(&Credentials::Account(decides), |work| {
            for (_, one) in &proposed {
                let step = NewStep::to(Vetting::Vetted);
                organizations::vetting::service::vet(work, one.id, one.version, step)?;
            }
            reviews::service::categories(work, review.id)
        });
        let categories = vetted.map_err(at("the vetting of organizations"))?;
        let (name, address, key) = DEPUTY;
        let address = email(address)?;
        let of = proposed.iter().find(|(one, _)| *one == key).map(|(_, one)| one.id);
        let deputy = app.write_blocking(&Credentials::Operator, |work| {
            let account = accounts::service::find_or_create(work, &address, name)?;
            let grant = on_review(Role::Deputy, &review, of);
            accounts::roles::service::grant(work, account.id, grant)?;
            Ok(account.id)
        });
        Ok(Self {
            app,
            content,
            progress,
            review,
            categories: categories.into_iter().map(|one| (one.code, one.id)).collect(),
            secretariat: decides,
            deputy: deputy.map_err(at("the deputy"))?,
            people: accounts.map_err(at("the accounts"))?,
            organizations: proposed.iter().map(|(key, one)| (*key, one.id)).collect(),
            published: HashMap::new(),
        })
    }

    /// From planning to a published report, and its corrigendum.
    fn hold(&mut self, event: &'a Event) -> Result<(), String> {
        let (held, inputs) = self.hear(event)?;
        let (report, keys) = self.draft(event, &held, &inputs)?;
        self.advance(&held, &[Phase::Clearance])?;
        // The first edition is the last step.
        self.publish(&held, report, &keys)?;
        self.correct(&held, report, &keys)
    }

    /// From planning to where everything that was said is sorted.
    fn hear(
        &self,
        event: &'a Event,
    ) -> Result<(BuiltConsultation, HashMap<&'a str, InputId>), String> {
        let held = self.set_up(event)?;
        self.open_window(&held)?;
        self.advance(&held, &[Phase::OpenCall])?;
        self.register(event, &held)?;
        self.advance(&held, &[Phase::RegistrationClosed])?;
        self.assign(event, &held)?;
        self.release(&held, ReleaseOccasion::RegistrationClosed)?;
        self.advance(&held, &[Phase::InSession])?;
        let inputs = self.contribute(event, &held)?;
        self.advance(&held, &[Phase::Synthesis])?;
        self.release(&held, ReleaseOccasion::AfterEvent)?;
        self.triage(event, &held, &inputs)?;
        Ok((held, inputs))
    }

    fn step(&self, held: &BuiltConsultation, what: &str) {
        self.progress.step(&format!("{} consultation: {what}", style::capitalized(&held.name)));
    }

    /// Runs one transaction of somebody; an error names the consultation and the step.
    fn run<T>(
        &self,
        who: AccountId,
        step: &str,
        work: impl FnMut(&mut Work) -> Result<T, Problem>,
    ) -> Result<T, String> {
        self.app.write_blocking(&Credentials::Account(who), work).map_err(at(step))
    }

    /// What the secretariat proposes and the deputy confirms; the id of what came of it.
    fn confirmed<K>(
        &self,
        step: &str,
        mut propose: impl FnMut(&mut Work) -> Result<Put, Problem>,
    ) -> Result<Id<K>, String> {
        let proposal = self.run(self.secretariat, step, |work| Ok(propose(work)?.proposal.id))?;
        let put = self.run(self.deputy, step, |work| {
            proposals::service::decide(work, proposal, ProposalDecision::Confirm, None)
        })?;
        let id = put.outcome.and_then(|outcome| outcome["id"].as_str()?.parse().ok());
        id.ok_or_else(|| format!("{step}: nothing came of it"))
    }

    fn advance(&self, held: &BuiltConsultation, phases: &[Phase]) -> Result<(), String> {
        self.run(self.secretariat, &format!("{} consultation, its phase", held.name), |work| {
            for phase in phases {
                let stands = consultations::service::load(work, held.id)?;
                let opens_undated = *phase == Phase::OpenCall && stands.held_on.is_none();
                let wanted = if opens_undated { undated() } else { Wanted::default() };
                lifecycle::service::take(work, held.id, stands.version, *phase, &wanted)?;
            }
            Ok(())
        })
    }

    fn release(&self, held: &BuiltConsultation, occasion: ReleaseOccasion) -> Result<(), String> {
        self.run(self.secretariat, &format!("{} consultation, its figures", held.name), |work| {
            figures::service::release(work, held.id, occasion).map(drop)
        })
    }

    fn organization(&self, key: &str) -> Result<OrganizationId, Problem> {
        self.organizations.get(key).copied().ok_or_else(|| Problem::not_found("organization"))
    }

    fn person(&self, email: &Email) -> Result<AccountId, Problem> {
        self.people.get(email.as_str()).copied().ok_or_else(|| Problem::not_found("account"))
    }

    fn account(&self, email: &Email) -> Result<AccountId, String> {
        self.person(email).map_err(at("an account"))
    }
}
