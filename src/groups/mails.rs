//! What people are told by mail about their working groups: plain text. Pure.

use crate::accounts::Account;
use crate::consultations::{Consultation, Round, WorkingGroup};
use crate::outbox::Mail;
use crate::registrations::mails::one_line;

/// Which group somebody is in now, round by round.
pub fn assigned(
    person: &Account,
    consultation: &Consultation,
    places: &[(&Round, &WorkingGroup)],
) -> Mail {
    let theme = one_line(&consultation.theme);
    let lines: Vec<String> =
        places.iter().map(|(round, group)| line(consultation, round, group)).collect();
    let body = format!(
        "Dear {},\n\nthese are your working groups in the consultation “{theme}”:\n\n{}\n\nThey replace what we may have \
         told you before.\n",
        one_line(&person.name),
        lines.join("\n")
    );
    Mail {
        recipient: person.email.as_str().to_owned(),
        subject: format!("Your working groups: {theme}"),
        body,
        template: "working_groups_assigned",
    }
}

fn line(consultation: &Consultation, round: &Round, group: &WorkingGroup) -> String {
    let time = crate::consultations::local_time(consultation.zone, round.starts_at, round.ends_at);
    let time = time.map_or(String::new(), |time| format!(", {time}"));
    let objectives: Vec<String> =
        group.clusters.iter().flatten().map(|objective| objective.to_string()).collect();
    format!(
        "Round {}{time}: working group {} (objectives {})",
        round.number,
        group.number,
        objectives.join(", ")
    )
}
