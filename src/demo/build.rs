//! Builds the demonstration step by step through the services, each step as the person who would take it. A transaction
//! is what one person does in one go and leaves a consistent state; nothing here goes past a service to a table.

use std::collections::{BTreeMap, HashMap};

use chrono::{NaiveDate, NaiveTime};

use super::content::{
    By, Content, Event, Input as InputText, LocalTime, Outcome, Paragraph as ParagraphText,
    Participant, Verdict,
};
use super::{Progress, SignIn, at};
use crate::access::{Role, ScopeKind};
use crate::accounts::service::NewGrant;
use crate::accounts::{self, AccountId, Email, passwords};
use crate::app::App;
use crate::consultations::{
    self, Admission, AttributionRule, CoOrganizerKind, Consultation, ConsultationId,
    NewCoOrganizer, NewConsultation, NewRound, NewSession, NewWorkingGroup, Phase, RoundId,
    Speaker, WorkingGroupId,
};
use crate::db::types::Timestamp;
use crate::groups;
use crate::inputs::{self, InputId, NewInput, Origin};
use crate::organizations::{self, NewOrganization, OrganizationId, Vetting};
use crate::problem::Problem;
use crate::reference::{CategoryCode, ObjectiveNumber, Reference};
use crate::registrations::{
    self, Consents, NewRegistration, ReasonCode, RegistrationId, RegistrationState,
};
use crate::reports::compile::words;
use crate::reports::{
    self, ComputedText, EditionId, Merge, NewPaper, NewParagraph, Omitted, Outline, OutlineSection,
    ReportId, ReportState, Section, SectionId, SectionKind, Source,
};
use crate::reviews::{self, CategoryId, NewReview, Review};
use crate::work::{Credentials, Work};

/// The code of the review that is built.
pub const REVIEW: &str = "asia-pacific-gcm-review";
/// The two of the secretariat: one proposes organizations and the other decides.
pub const SECRETARIAT: [(&str, &str); 2] = [
    ("Aurelio Sample", "aurelio.sample@example.org"),
    ("Greta Template", "greta.template@example.org"),
];
/// Decides between equal plans of assignment.
const SEED: i64 = 2020;
const PAPER_SYMBOL: &str = "ESCAP/GCM/2021/CRP.2";
const PAPER_DISTRIBUTION: &str = "For participants only";
const AGENDA_ITEMS: &str = "Items 2 and 3 of the provisional agenda";
const PAPER_SUMMARY: &str = "The present document brings together what stakeholders said at the consultations that \
    preceded the Regional Review, arranged by the objectives of the Global Compact for Safe, Orderly and Regular \
    Migration. It is compiled from the summary reports of those consultations, and each paragraph shows on which of their \
    paragraphs it rests.\n\nParticipants in the Regional Review may wish to take the document into account in their \
    deliberations.";
const DECLINED: &str = "Your organization has as many places as each could have. You are welcome to contribute in writing \
    through those of your colleagues who take part.";

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
            let grant = NewGrant {
                role: Role::Secretariat,
                scope_kind: ScopeKind::Review,
                scope_id: Some(review.id.uuid()),
            };
            accounts::service::grant(work, account.id, grant)?;
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
fn rapporteur_with_password(content: &Content) -> Result<&Participant, String> {
    let event = content.series.get(1);
    let group = event.and_then(|event| event.working_groups.first());
    let email = group.and_then(|group| group.rapporteur());
    email
        .and_then(|email| content.participant(email))
        .ok_or_else(|| "there is no rapporteur".to_owned())
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
    people: HashMap<&'a str, AccountId>,
    organizations: HashMap<&'a str, OrganizationId>,
    /// Where each paragraph of a published report is found, by ordinal and key.
    published: HashMap<(i32, &'a str), Source>,
}

/// A consultation as it was set up.
struct Held {
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
                organizations::service::vet(work, one.id, one.version, Vetting::Vetted, None)?;
            }
            reviews::service::categories(work, review.id)
        });
        let categories = vetted.map_err(at("the vetting of organizations"))?;
        Ok(Self {
            app,
            content,
            progress,
            review,
            categories: categories.into_iter().map(|one| (one.code, one.id)).collect(),
            secretariat: decides,
            people: accounts.map_err(at("the accounts"))?,
            organizations: proposed.iter().map(|(key, one)| (*key, one.id)).collect(),
            published: HashMap::new(),
        })
    }

    /// From planning to a published report.
    fn hold(&mut self, event: &'a Event) -> Result<(), String> {
        let held = self.set_up(event)?;
        self.advance(&held, &[Phase::OpenCall])?;
        self.register(event, &held)?;
        self.advance(&held, &[Phase::RegistrationClosed])?;
        self.assign(event, &held)?;
        self.advance(&held, &[Phase::InSession])?;
        let inputs = self.contribute(event, &held)?;
        self.advance(&held, &[Phase::Synthesis])?;
        self.triage(event, &held, &inputs)?;
        let (report, keys) = self.draft(event, &held, &inputs)?;
        self.advance(&held, &[Phase::Clearance])?;
        self.publish(&held, report, &keys)?;
        self.advance(&held, &[Phase::Published])
    }

    fn step(&self, held: &Held, what: &str) {
        self.progress.step(&format!("{} consultation: {what}", words::capitalized(&held.name)));
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

    fn advance(&self, held: &Held, phases: &[Phase]) -> Result<(), String> {
        self.run(self.secretariat, &format!("{} consultation, its phase", held.name), |work| {
            for phase in phases {
                let version = consultations::service::load(work, held.id)?.version;
                consultations::service::advance(work, held.id, version, *phase)?;
            }
            Ok(())
        })
    }

    // --- the programme ----------------------------------------------------------------------------------------------

    fn set_up(&self, event: &Event) -> Result<Held, String> {
        let about = &event.consultation;
        let name = words::ordinal(about.ordinal);
        self.progress.step(&format!(
            "{} consultation: {} co-organizers, {} working groups, {} sessions",
            words::capitalized(&name),
            event.co_organizers.len(),
            event.working_groups.len(),
            event.sessions.len(),
        ));
        self.run(self.secretariat, &format!("{name} consultation, its programme"), |work| {
            let consultation =
                consultations::service::create(work, self.review.id, new_consultation(event))?;
            self.add_co_organizers(work, event, &consultation)?;
            let mut held = Held {
                id: consultation.id,
                ordinal: about.ordinal,
                name: name.clone(),
                groups: BTreeMap::new(),
                rounds: BTreeMap::new(),
            };
            for round in &event.rounds {
                let (starts_at, ends_at) = (when(event, round.start), when(event, round.end));
                let new = NewRound { number: round.number, starts_at, ends_at };
                let round = consultations::service::create_round(work, consultation.id, new)?;
                held.rounds.insert(round.number, round.id);
            }
            for group in &event.working_groups {
                let new = NewWorkingGroup {
                    number: group.number,
                    clusters: group.clusters.clone(),
                    min_size: group.min_size,
                    max_size: group.max_size,
                    languages: about.languages.clone(),
                };
                let group =
                    consultations::service::create_working_group(work, consultation.id, new)?;
                held.groups.insert(group.number, group.id);
            }
            add_sessions(work, event, &held)?;
            Ok(held)
        })
    }

    fn add_co_organizers(
        &self,
        work: &mut Work,
        event: &Event,
        consultation: &Consultation,
    ) -> Result<(), Problem> {
        for one in &event.co_organizers {
            let organization_id = self.organization(&one.organization)?;
            let new = NewCoOrganizer { organization_id, kind: one.kind, position: None };
            consultations::service::create_co_organizer(work, consultation.id, new)?;
            let Some(person) = self.speaks_for(event, &one.organization) else { continue };
            if one.kind != CoOrganizerKind::OverallGuidance {
                let grant = NewGrant {
                    role: Role::CoOrganizer,
                    scope_kind: ScopeKind::Consultation,
                    scope_id: Some(consultation.id.uuid()),
                };
                accounts::service::grant(work, self.person(&person.email)?, grant)?;
            }
        }
        Ok(())
    }

    /// The first of an organization who takes part.
    fn speaks_for(&self, event: &Event, organization: &str) -> Option<&Participant> {
        let ordinal = event.consultation.ordinal;
        self.content.people.participants.iter().find(|one| {
            one.organization.as_deref() == Some(organization)
                && one.consultations.contains(&ordinal)
                && one.outcome_at(ordinal) == Outcome::Confirmed
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

    // --- registrations ----------------------------------------------------------------------------------------------

    /// Everybody registers as themselves; the secretariat decides; who withdraws does so last and frees a place.
    fn register(&self, event: &Event, held: &Held) -> Result<(), String> {
        let people: Vec<&Participant> = self
            .content
            .people
            .participants
            .iter()
            .filter(|one| one.consultations.contains(&held.ordinal))
            .collect();
        self.step(held, &format!("{} registrations", people.len()));
        let mut registered = Vec::new();
        for one in &people {
            let id = self.run(
                self.account(&one.email)?,
                &format!("registration of {}", one.email),
                |work| {
                    let new = self.registration(event, held, one)?;
                    Ok(registrations::service::submit(work, held.id, new)?.id)
                },
            )?;
            registered.push((id, *one, one.outcome_at(held.ordinal)));
        }
        self.run(self.secretariat, "decisions on registrations", |work| {
            for (id, outcome) in in_order_of_decision(&registered) {
                decide(work, id, outcome)?;
            }
            Ok(())
        })?;
        for (id, one, outcome) in &registered {
            if *outcome == Outcome::Withdrawn {
                self.run(self.account(&one.email)?, "a withdrawal", |work| {
                    let version = registrations::service::load(work, *id)?.version;
                    registrations::service::withdraw(work, *id, version)
                })?;
            }
        }
        self.verify(held, &registered)
    }

    fn registration(
        &self,
        event: &Event,
        held: &Held,
        one: &Participant,
    ) -> Result<NewRegistration, Problem> {
        let organization =
            one.organization.as_deref().map(|key| self.organization(key)).transpose()?;
        // Preferences are given for the groups of the second consultation.
        let preferred = if event.consultation.ordinal == super::content::REFERENCE_CONSULTATION {
            one.preferences.iter().filter_map(|number| held.groups.get(number).copied()).collect()
        } else {
            Vec::new()
        };
        Ok(NewRegistration {
            person: None,
            organization_id: organization,
            sector: one.sector,
            country: Some(one.country),
            gender: one.gender,
            languages: one.languages.clone(),
            preferences: preferred,
            consents: Consents {
                processing: true,
                listed: one.named,
                named_attribution: one.named,
                ..Consents::default()
            },
        })
    }

    /// What was asked for is what came out: the places are given by the rules, not by this program.
    fn verify(
        &self,
        held: &Held,
        registered: &[(RegistrationId, &Participant, Outcome)],
    ) -> Result<(), String> {
        let found = self.app.read_blocking(&Credentials::Operator, |work| {
            let states = registered.iter().map(|(id, ..)| registrations::service::load(work, *id));
            states.map(|one| Ok(one?.state)).collect::<Result<Vec<_>, Problem>>()
        });
        let found = found.map_err(at("registrations"))?;
        for ((_, one, outcome), state) in registered.iter().zip(found) {
            let expected = match outcome {
                Outcome::Confirmed => RegistrationState::Confirmed,
                Outcome::Waitlisted => RegistrationState::Waitlisted,
                Outcome::Declined => RegistrationState::Declined,
                Outcome::Withdrawn => RegistrationState::Withdrawn,
            };
            if state != expected {
                let (name, email) = (&held.name, &one.email);
                return Err(format!(
                    "{name} consultation: {email} is {state} and should be {expected}"
                ));
            }
        }
        Ok(())
    }

    /// The groups get their hosts, and everybody a group for each round.
    fn assign(&self, event: &Event, held: &Held) -> Result<(), String> {
        self.step(held, "hosts and assignment to working groups");
        self.run(self.secretariat, "the hosts", |work| {
            for group in &event.working_groups {
                let Some(id) = held.groups.get(&group.number) else { continue };
                for host in &group.hosts {
                    groups::service::set_host(work, *id, self.person(&host.email)?, host.role)?;
                }
            }
            Ok(())
        })?;
        self.run(self.secretariat, "the assignment", |work| {
            let plan = groups::service::propose(work, held.id, SEED)?;
            groups::service::apply(work, plan.id, plan.version)
        })?;
        Ok(())
    }

    // --- inputs -----------------------------------------------------------------------------------------------------

    /// Rapporteurs record and participants submit; what each does in one go is one transaction.
    fn contribute(
        &self,
        event: &'a Event,
        held: &Held,
    ) -> Result<HashMap<&'a str, InputId>, String> {
        self.step(held, &format!("{} inputs", event.inputs.len()));
        let mut voices = self.voices(event, held)?;
        let mut by_account: BTreeMap<AccountId, Vec<&'a InputText>> = BTreeMap::new();
        for input in &event.inputs {
            let account = match (input.by, input.group) {
                (By::Rapporteur, Some(group)) => self.rapporteur(event, group)?,
                _ => voices.next(input)?,
            };
            by_account.entry(account).or_default().push(input);
        }
        let mut made = HashMap::new();
        for (account, texts) in by_account {
            let ids = self.run(account, "the inputs of one person", |work| {
                texts
                    .iter()
                    .map(|text| Ok((text.key.as_str(), self.bring_in(work, held, text)?)))
                    .collect::<Result<Vec<_>, Problem>>()
            })?;
            made.extend(ids);
        }
        Ok(made)
    }

    fn bring_in(&self, work: &mut Work, held: &Held, text: &InputText) -> Result<InputId, Problem> {
        let category = self.categories.get(&text.category);
        let new = NewInput {
            origin: text.origin,
            working_group_id: text.group.and_then(|number| held.groups.get(&number).copied()),
            round_id: text.round.and_then(|number| held.rounds.get(&number).copied()),
            objectives: text.objectives.clone(),
            category_id: *category.ok_or_else(|| Problem::not_found("input category"))?,
            body: text.text.clone(),
            language: "en".to_owned(),
            citations: text.citations.clone(),
        };
        let input = match text.by {
            By::Rapporteur => inputs::service::record(work, held.id, new)?,
            By::Participant => inputs::service::submit(work, held.id, new)?,
        };
        Ok(input.id)
    }

    fn rapporteur(&self, event: &Event, group: i32) -> Result<AccountId, String> {
        let found = event.working_groups.iter().find(|one| one.number == group);
        let email = found.and_then(|one| one.rapporteur());
        self.account(email.ok_or_else(|| format!("working group {group} has no rapporteur"))?)
    }

    /// Who can speak where: everybody confirmed who hosts nothing, in the order of `people.toml`.
    fn voices(&self, event: &Event, held: &Held) -> Result<Voices, String> {
        let places = self.app.read_blocking(&Credentials::Operator, |work| {
            let confirmed = registrations::service::confirmed(work, held.id)?;
            Ok((confirmed, groups::service::assignments(work, held.id)?))
        });
        let (confirmed, assignments) = places.map_err(at("the assignment"))?;
        let numbers = |group: WorkingGroupId, round: RoundId| {
            let group = held.groups.iter().find(|(_, id)| **id == group)?.0;
            Some((*group, *held.rounds.iter().find(|(_, id)| **id == round)?.0))
        };
        let mut voices = Voices::default();
        for one in &self.content.people.participants {
            let hosts = event.working_groups.iter().flat_map(|group| &group.hosts);
            let account = self.account(&one.email)?;
            let registration = confirmed.iter().find(|found| found.account_id == account);
            let Some(registration) =
                registration.filter(|_| hosts.clone().all(|host| host.email != one.email))
            else {
                continue;
            };
            voices.everybody.push(account);
            for seat in assignments.iter().filter(|seat| seat.registration_id == registration.id) {
                if let Some(place) = numbers(seat.working_group_id, seat.round_id) {
                    voices.seated.entry(place).or_default().push(account);
                }
            }
        }
        Ok(voices)
    }

    /// The rapporteurs decide on what was said in their groups, the secretariat on the rest.
    fn triage(
        &self,
        event: &Event,
        held: &Held,
        inputs: &HashMap<&str, InputId>,
    ) -> Result<(), String> {
        let places = std::iter::once(None)
            .chain(event.working_groups.iter().map(|group| Some(group.number)));
        for place in places {
            let who = match place {
                Some(group) => self.rapporteur(event, group)?,
                None => self.secretariat,
            };
            self.run(who, &format!("{} consultation, decisions on inputs", held.name), |work| {
                for text in event.inputs.iter().filter(|text| text.group == place) {
                    let id = *inputs
                        .get(text.key.as_str())
                        .ok_or_else(|| Problem::not_found("input"))?;
                    let decision = match text.decision {
                        Verdict::Accept => inputs::Decision::Accept,
                        Verdict::SetAside => inputs::Decision::SetAside {
                            reason: text.reason.clone().unwrap_or_default(),
                        },
                    };
                    // Nobody has changed it since it came.
                    inputs::service::decide(work, id, 1, decision)?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    // --- reports ----------------------------------------------------------------------------------------------------

    /// The rapporteurs draft the sections of their groups, the secretariat the rest.
    fn draft(
        &self,
        event: &'a Event,
        held: &Held,
        inputs: &HashMap<&str, InputId>,
    ) -> Result<(ReportId, HashMap<reports::ParagraphId, &'a str>), String> {
        self.step(held, &format!("{} paragraphs", event.paragraphs.len()));
        let step = format!("{} consultation, the report", held.name);
        let report = self.run(self.secretariat, &step, |work| {
            Ok(reports::service::open_summary(work, held.id)?.id)
        })?;
        let mut keys = HashMap::new();
        for group in &event.working_groups {
            let who = self.rapporteur(event, group.number)?;
            let made = self.run(who, &step, |work| {
                let sections = reports::service::sections(work, report)?;
                let own = event.paragraphs.iter().filter(|text| {
                    text.section == SectionKind::Cluster && group.clusters.contains(&text.cluster)
                });
                let added = own.map(|text| {
                    let new = new_paragraph(text, outcome_section(&sections, text)?, None, inputs)?;
                    Ok((reports::service::add_paragraph(work, report, new)?.id, text.key.as_str()))
                });
                added.collect::<Result<Vec<_>, Problem>>()
            })?;
            keys.extend(made);
        }
        let made = self.run(self.secretariat, &step, |work| {
            let sections = reports::service::sections(work, report)?;
            set_headings(work, event, &sections)?;
            omit(work, event, report, inputs)?;
            draft_outside_groups(work, event, report, &sections, inputs)
        })?;
        keys.extend(made);
        Ok((report, keys))
    }

    /// Publishes the report and notes where each paragraph is found in it.
    fn publish(
        &mut self,
        held: &Held,
        report: ReportId,
        keys: &HashMap<reports::ParagraphId, &'a str>,
    ) -> Result<(), String> {
        self.step(held, "clearance and publication");
        let step = format!("{} consultation, its publication", held.name);
        let (edition, outline) = self.run(self.secretariat, &step, |work| {
            let version = reports::service::see(work, report)?.version;
            reports::service::change_state(work, report, version, ReportState::Clearance)?;
            let outline = reports::service::outline(work, report)?;
            let version = reports::service::see(work, report)?.version;
            let edition = reports::service::publish(work, report, version, None)?;
            Ok((edition.id, outline))
        })?;
        let ordinal = held.ordinal;
        for (key, source) in sources(&outline, edition, keys) {
            self.published.insert((ordinal, key), source);
        }
        Ok(())
    }

    /// The conference room paper: carried over, introduced, merged, published.
    fn write_paper(&self) -> Result<(), String> {
        let paper = &self.content.paper;
        let (introduced, merged) = (paper.introduction.len(), paper.merged.len());
        self.progress.step(&format!(
            "Conference room paper: {introduced} opening and {merged} merged paragraphs"
        ));
        let step = "the conference room paper";
        let report = self.run(self.secretariat, step, |work| {
            let new = NewPaper {
                symbol: Some(PAPER_SYMBOL.to_owned()),
                title: None,
                agenda_items: Some(AGENDA_ITEMS.to_owned()),
                dated_on: NaiveDate::from_ymd_opt(2021, 2, 26),
                distribution: Some(PAPER_DISTRIBUTION.to_owned()),
                summary: Some(PAPER_SUMMARY.to_owned()),
            };
            Ok(reports::service::open_paper(work, self.review.id, new)?.id)
        })?;
        self.run(self.secretariat, step, |work| {
            let sections = reports::service::sections(work, report)?;
            let opening = section_of(&sections, SectionKind::Introduction)?;
            for one in &paper.introduction {
                let new = NewParagraph {
                    section: opening,
                    position: None,
                    text: one.text.clone(),
                    objective: None,
                    inputs: Vec::new(),
                    editorial_reason: None,
                };
                reports::service::add_paragraph(work, report, new)?;
            }
            Ok(())
        })?;
        self.run(self.secretariat, step, |work| self.merge(work, report))?;
        self.run(self.secretariat, step, |work| {
            let version = reports::service::see(work, report)?.version;
            let cleared =
                reports::service::change_state(work, report, version, ReportState::Clearance)?;
            reports::service::publish(work, report, cleared.version, Some(PAPER_SYMBOL.to_owned()))
        })?;
        Ok(())
    }

    fn merge(&self, work: &mut Work, report: ReportId) -> Result<(), Problem> {
        let sections = reports::service::sections(work, report)?;
        let carried: HashMap<Source, reports::ParagraphId> =
            reports::service::paragraphs(work, report)?
                .iter()
                .flat_map(|one| one.sources.iter().map(|source| (*source, one.id)))
                .collect();
        for one in &self.content.paper.merged {
            let keys = one
                .sources
                .iter()
                .flat_map(|from| from.keys.iter().map(|key| (from.consultation, key.as_str())));
            let paragraphs = keys.map(|(ordinal, key)| {
                let source = self.published.get(&(ordinal, key));
                let found = source.and_then(|source| carried.get(source)).copied();
                found.ok_or_else(|| {
                    missing(&format!("carried paragraph {key} of consultation {ordinal}"))
                })
            });
            let section = match one.objectives.first() {
                Some(objective) => category_section(&sections, &[*objective], &one.category)?,
                None => section_of(&sections, one.section.unwrap_or(SectionKind::OverallProgress))?,
            };
            let merge = Merge {
                paragraphs: paragraphs.collect::<Result<_, Problem>>()?,
                text: one.text.clone(),
                section: Some(section),
                position: None,
                objective: None,
            };
            reports::service::merge_paragraphs(work, report, merge)?;
        }
        Ok(())
    }
}

/// Who speaks next: everybody in turn, in the room where an input was made.
#[derive(Default)]
struct Voices {
    everybody: Vec<AccountId>,
    seated: BTreeMap<(i32, i32), Vec<AccountId>>,
    turns: BTreeMap<(i32, i32), usize>,
}

impl Voices {
    fn next(&mut self, input: &InputText) -> Result<AccountId, String> {
        let place = (input.group.unwrap_or(0), input.round.unwrap_or(0));
        let room = match input.origin {
            Origin::Group => self.seated.get(&place).map_or(&[][..], Vec::as_slice),
            Origin::Written | Origin::Plenary => &self.everybody,
        };
        let turn = self.turns.entry(place).or_default();
        let next = room.get(*turn % room.len().max(1)).copied();
        *turn += 1;
        next.ok_or_else(|| format!("nobody is in working group {} in round {}", place.0, place.1))
    }
}

fn new_consultation(event: &Event) -> NewConsultation {
    let about = &event.consultation;
    NewConsultation {
        ordinal: about.ordinal,
        theme: about.theme.clone(),
        held_on: about.date,
        starts_at: when(event, about.start),
        ends_at: when(event, about.end),
        zone: about.zone,
        mode: about.mode,
        venue: None,
        objectives: about.objectives.clone(),
        languages: about.languages.clone(),
        capacity: about.capacity,
        admission: Admission::Vetted,
    }
}

/// A local time of the consultation's day as a moment.
fn when(event: &Event, time: Option<LocalTime>) -> Option<Timestamp> {
    let about = &event.consultation;
    let time: NaiveTime = time?.0;
    let local = about.date?.and_time(time).and_local_timezone(about.zone).earliest()?;
    Some(Timestamp::new(local.to_utc()))
}

fn add_sessions(work: &mut Work, event: &Event, held: &Held) -> Result<(), Problem> {
    for session in &event.sessions {
        let on_record = session.rule == AttributionRule::OnRecord;
        let new = NewSession {
            position: None,
            kind: session.kind,
            title: session.title.clone(),
            starts_at: when(event, session.start),
            ends_at: when(event, session.end),
            moderator: session.moderator.clone(),
            speakers: session.speakers.iter().map(|line| speaker(line, on_record)).collect(),
            attribution_rule: Some(session.rule),
            round_id: session.round.and_then(|number| held.rounds.get(&number).copied()),
            note: session.note.clone(),
        };
        consultations::service::create_session(work, held.id, new)?;
    }
    Ok(())
}

/// "Name, Affiliation". Who speaks on record has agreed to be named.
fn speaker(line: &str, on_record: bool) -> Speaker {
    let (name, affiliation) = match line.split_once(", ") {
        Some((name, affiliation)) => (name, Some(affiliation.to_owned())),
        None => (line, None),
    };
    Speaker { name: name.to_owned(), affiliation, named_consent: on_record }
}

/// The order in which the secretariat decides. As many of the confirmed as will withdraw come after those who fill the
/// last places: they wait first in line, and get a place when it is freed.
fn in_order_of_decision(
    registered: &[(RegistrationId, &Participant, Outcome)],
) -> Vec<(RegistrationId, Outcome)> {
    let of = |wanted: Outcome| {
        let found = registered.iter().filter(move |(.., outcome)| *outcome == wanted);
        found.map(|(id, _, outcome)| (*id, *outcome)).collect::<Vec<_>>()
    };
    let (mut order, withdrawn) = (of(Outcome::Confirmed), of(Outcome::Withdrawn));
    let late = order.split_off(order.len().saturating_sub(withdrawn.len()));
    [order, withdrawn, late, of(Outcome::Waitlisted), of(Outcome::Declined)].concat()
}

fn decide(work: &mut Work, id: RegistrationId, outcome: Outcome) -> Result<(), Problem> {
    let decision = match outcome {
        Outcome::Declined => {
            registrations::Decision::Decline { reason: ReasonCode::Full, note: DECLINED.to_owned() }
        }
        // Whether there is a place is for the service to say.
        _ => registrations::Decision::Confirm { note: None },
    };
    let version = registrations::service::load(work, id)?.version;
    registrations::service::decide(work, id, version, decision).map(drop)
}

fn new_paragraph(
    text: &ParagraphText,
    section: SectionId,
    position: Option<u32>,
    inputs: &HashMap<&str, InputId>,
) -> Result<NewParagraph, Problem> {
    let cited = text.inputs.iter().map(|key| {
        inputs.get(key.as_str()).copied().ok_or_else(|| missing(&format!("input {key}")))
    });
    Ok(NewParagraph {
        section,
        position,
        text: text.text.clone(),
        objective: text.objective,
        inputs: cited.collect::<Result<_, Problem>>()?,
        editorial_reason: text.editorial.clone(),
    })
}

fn set_headings(work: &mut Work, event: &Event, sections: &[Section]) -> Result<(), Problem> {
    for heading in &event.headings {
        let id = category_section(sections, &heading.cluster, &heading.category)?;
        let version = sections.iter().find(|one| one.id == id).map_or(0, |one| one.version);
        reports::service::set_heading(work, id, version, Some(heading.text.clone()))?;
    }
    Ok(())
}

fn omit(
    work: &mut Work,
    event: &Event,
    report: ReportId,
    inputs: &HashMap<&str, InputId>,
) -> Result<(), Problem> {
    for input in &event.inputs {
        let Some(reason) = &input.omit else { continue };
        let id = *inputs
            .get(input.key.as_str())
            .ok_or_else(|| missing(&format!("input {}", input.key)))?;
        reports::service::omit(work, report, Omitted::Input(id), reason.clone())?;
    }
    Ok(())
}

fn draft_outside_groups<'e>(
    work: &mut Work,
    event: &'e Event,
    report: ReportId,
    sections: &[Section],
    inputs: &HashMap<&str, InputId>,
) -> Result<Vec<(reports::ParagraphId, &'e str)>, Problem> {
    let mut beside = Beside::default();
    let outside = event.paragraphs.iter().filter(|text| text.section != SectionKind::Cluster);
    let added = outside.map(|text| {
        let section = section_of(sections, text.section)?;
        let new = new_paragraph(text, section, beside.position(text), inputs)?;
        Ok((reports::service::add_paragraph(work, report, new)?.id, text.key.as_str()))
    });
    added.collect()
}

/// The order of section II while paragraphs are put between the computed ones.
struct Beside(Vec<Slot>);

#[derive(PartialEq, Eq)]
enum Slot {
    Computed(ComputedText),
    Before,
    After(ComputedText),
}

impl Default for Beside {
    fn default() -> Self {
        Self(ComputedText::OF_ORGANIZATION.into_iter().map(Slot::Computed).collect())
    }
}

impl Beside {
    /// The place of a paragraph, from 1; none for a section without computed paragraphs.
    fn position(&mut self, text: &ParagraphText) -> Option<u32> {
        let find =
            |order: &[Slot], what| order.iter().position(|slot| *slot == Slot::Computed(what));
        let (index, slot) = match (text.before, text.after) {
            (Some(what), _) => (find(&self.0, what)?, Slot::Before),
            (None, Some(what)) => {
                let start = find(&self.0, what)? + 1;
                let slot = Slot::After(what);
                let further = self.0.get(start..)?.iter().take_while(|one| **one == slot).count();
                (start + further, slot)
            }
            (None, None) => return None,
        };
        self.0.insert(index, slot);
        u32::try_from(index + 1).ok()
    }
}

fn outcome_section(sections: &[Section], text: &ParagraphText) -> Result<SectionId, Problem> {
    let category = text.category.as_ref().ok_or_else(|| missing("category of a paragraph"))?;
    category_section(sections, &text.cluster, category)
}

fn category_section(
    sections: &[Section],
    cluster: &[ObjectiveNumber],
    category: &CategoryCode,
) -> Result<SectionId, Problem> {
    let found = sections.iter().find(|section| {
        section.kind == SectionKind::Category
            && section.objectives == cluster
            && section.category.as_ref() == Some(category)
    });
    found
        .map(|section| section.id)
        .ok_or_else(|| missing(&format!("section {category} on objectives {cluster:?}")))
}

fn section_of(sections: &[Section], kind: SectionKind) -> Result<SectionId, Problem> {
    let found = sections.iter().find(|section| section.kind == kind);
    found.map(|section| section.id).ok_or_else(|| missing(&format!("section {kind}")))
}

fn missing(what: &str) -> Problem {
    Problem::not_found(what)
}

/// Where each paragraph with a key is found in an edition.
fn sources<'k>(
    outline: &Outline,
    edition_id: EditionId,
    keys: &HashMap<reports::ParagraphId, &'k str>,
) -> Vec<(&'k str, Source)> {
    fn collect<'k>(
        sections: &[OutlineSection],
        edition_id: EditionId,
        keys: &HashMap<reports::ParagraphId, &'k str>,
        found: &mut Vec<(&'k str, Source)>,
    ) {
        for section in sections {
            for one in &section.paragraphs {
                let key = keys.get(&one.paragraph.id).copied();
                found.extend(
                    key.zip(one.number).map(|(key, number)| (key, Source { edition_id, number })),
                );
            }
            collect(&section.sections, edition_id, keys, found);
        }
    }
    let mut found = Vec::new();
    collect(&outline.sections, edition_id, keys, &mut found);
    found
}
