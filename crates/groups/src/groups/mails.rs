//! What people are told by mail about their working groups, with their own link to where they stand. Pure.

use crate::accounts::Account;
use crate::consultations::{Consultation, Round, WorkingGroup};
use crate::i18n::{self, Language, Placeholder, Template, Words};
use crate::outbox::{About, Letter, Mail};
use crate::problem::Problem;
use crate::registrations::Registration;

/// Which group somebody is in now, round by round.
pub fn assigned(
    person: &Account,
    consultation: &Consultation,
    registration: &Registration,
    places: &[(&Round, &WorkingGroup)],
    link: String,
) -> Result<Mail, Problem> {
    let language = Language::choose(person.language, &consultation.languages);
    let words = i18n::mails(language);
    let lines: Vec<String> =
        places.iter().map(|(round, group)| line(words, consultation, round, group)).collect();
    Letter {
        template: Template::WorkingGroupsAssigned,
        language,
        recipient: person.email.as_str(),
        values: vec![
            (Placeholder::Name, person.name.clone()),
            (Placeholder::Theme, consultation.theme.clone()),
            (Placeholder::Groups, lines.join("\n")),
        ],
        secret: Some(link),
        about: Some(About::of(consultation.id, "registration", registration.id)),
    }
    .write()
}

fn line(words: &Words, consultation: &Consultation, round: &Round, group: &WorkingGroup) -> String {
    let time = words.span(consultation.zone, round.starts_at, round.ends_at);
    let objectives: Vec<String> =
        group.clusters.iter().flatten().map(|objective| objective.to_string()).collect();
    words.working_group(round.number, group.number, &objectives, time.as_deref())
}
