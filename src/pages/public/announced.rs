//! A consultation with its programme, as everybody sees it.

use maud::{Markup, html};

use super::home;
use super::i18n::{self, Words};
use super::service::{Event, Hosting};
use crate::consultations::{
    AttributionRule, CoOrganizerKind, Consultation, Phase, Session, SpeakerKind, WorkingGroup,
};
use crate::i18n::{Language, clock, place};
use crate::pages::naming::{self, Of};
use crate::pages::visit::Visit;
use crate::ways;

/// The page, with its title.
pub fn of(visit: &Visit, event: &Event) -> Markup {
    let (language, words) = (visit.language(), i18n::of(visit.language()));
    let consultation = &event.announced.consultation;
    html! {
        p .over dir="auto" { (event.review.title) }
        h1 dir="auto" { (consultation.theme) }
        (standing(event, words))
        (facts(consultation, language, words))
        (home::call(visit, &event.announced))
        @if let Some(report) = event.announced.report {
            p { a .button.m href=(visit.link(&ways::report(report))) { (words.read_report) } }
        }
        (organizers(&event.organizers, words))
        (groups(&event.groups, language, words))
        (programme(consultation, &event.sessions, words))
        p { a .button href={ "/api/v1/consultations/" (consultation.id) "/programme.ics" } { (words.calendar) } }
    }
}

fn standing(event: &Event, words: &Words) -> Markup {
    let said = match event.announced.consultation.phase {
        Phase::Cancelled => words.cancelled,
        Phase::InSession => words.held_now,
        Phase::Synthesis | Phase::Clearance => words.being_written,
        Phase::RegistrationClosed => words.registration_closed,
        Phase::Planning | Phase::OpenCall | Phase::Published => return html! {},
    };
    html! { p { span .tag { (said) } } }
}

fn facts(consultation: &Consultation, language: Language, words: &Words) -> Markup {
    let mails = crate::i18n::mails(language);
    let when = mails.when(consultation.when());
    let languages: Vec<String> = consultation
        .languages
        .iter()
        .map(|tag| naming::language(tag, language).to_owned())
        .collect();
    html! { dl {
        @if !when.is_empty() { dt { (words.when) } dd { (when) } }
        dt { (words.place) } dd {
            (home::mode(consultation.mode, words))
            @if let Some(venue) = &consultation.venue { br; bdi { (venue) } }
        }
        dt { (words.spoken) } dd { (mails.list(&languages)) }
    } }
}

fn organizers(all: &[(CoOrganizerKind, String)], words: &Words) -> Markup {
    let kinds = CoOrganizerKind::ALL.iter().map(|kind| {
        let of_it = all.iter().filter(|(one, _)| one == kind).map(|(_, name)| name);
        (*kind, of_it.collect::<Vec<_>>())
    });
    html! { @if !all.is_empty() {
        h2 { (words.organizers) }
        dl { @for (kind, names) in kinds { @if !names.is_empty() {
            dt { (part(kind, words)) }
            dd { ul .plain { @for name in names { li dir="auto" { (name) } } } }
        } } }
    } }
}

fn part(kind: CoOrganizerKind, words: &Words) -> &str {
    match kind {
        CoOrganizerKind::Stakeholder => words.stakeholder,
        CoOrganizerKind::UnNetwork => words.un_network,
        CoOrganizerKind::OverallGuidance => words.overall_guidance,
    }
}

fn groups(all: &[(WorkingGroup, Vec<Hosting>)], language: Language, words: &Words) -> Markup {
    html! { @if !all.is_empty() {
        h2 { (words.groups) }
        p { (words.groups_text) }
        ul .groups { @for (group, hosting) in all { li {
            h3 { (i18n::number(words.group, group.number)) }
            ul .plain { @for objective in group.objectives() { (self::objective(&objective.to_string(), language)) } }
            p .soft.small { (spoken(group, language)) }
            (hosts(hosting, words))
        } } }
    } }
}

/// Who hosts a group, with their affiliations, and who is to be confirmed.
fn hosts(all: &[Hosting], words: &Words) -> Markup {
    html! { @if !all.is_empty() {
        p .small { (words.hosts) }
        ul .plain { @for one in all { li dir="auto" { (match one {
            Hosting::Named(name) => name.clone(),
            Hosting::Of(organization) => words.representative.replace("{organization}", organization),
            Hosting::Open => words.to_be_confirmed.to_owned(),
        }) } } }
    } }
}

/// In everyday words, and what it is officially called.
fn objective(number: &str, language: Language) -> Markup {
    html! { li {
        (naming::find(Of::ObjectiveInPlainWords, number, language).unwrap_or_default())
        details {
            summary { (i18n::number(i18n::of(language).objective, number)) }
            (naming::find(Of::Objective, number, language).unwrap_or_default())
        }
    } }
}

fn spoken(group: &WorkingGroup, language: Language) -> String {
    let all = group.languages.iter().map(|tag| naming::language(tag, language).to_owned());
    crate::i18n::mails(language).list(&all.collect::<Vec<_>>())
}

fn programme(consultation: &Consultation, sessions: &[Session], words: &Words) -> Markup {
    let confidential =
        sessions.iter().any(|one| one.attribution_rule == AttributionRule::ChathamHouse);
    html! {
        h2 #programme { (words.programme) }
        @if sessions.is_empty() { p { (words.no_programme) } } @else {
            p { (words.times_of.replace("{place}", &place(consultation.zone))) @if confidential { " " (words.confidential) } }
            div .scroll role="region" tabindex="0" aria-labelledby="programme" { table .programme {
                thead { tr { th scope="col" { (words.time) } th scope="col" { (words.part) } } }
                tbody { @for session in sessions { tr {
                    td { (time(consultation, session)) }
                    td { (row(session, words)) }
                } } }
            } }
        }
    }
}

fn time(consultation: &Consultation, session: &Session) -> Markup {
    let at = |at: crate::db::types::Timestamp| html! { time datetime=(at.utc().to_rfc3339()) { (clock(consultation.zone, at)) } };
    html! {
        @if let Some(starts) = session.starts_at { (at(starts)) @if let Some(ends) = session.ends_at { "–" (at(ends)) } }
    }
}

fn row(session: &Session, words: &Words) -> Markup {
    let on_record = session.attribution_rule == AttributionRule::OnRecord;
    html! {
        strong dir="auto" { (session.title) }
        @if let Some(moderator) = &session.moderator { p .small { (words.moderator) ": " bdi { (moderator) } } }
        @if !session.speakers.is_empty() { ul .plain.small { @for speaker in &session.speakers { li {
            @match speaker.kind {
                SpeakerKind::Speaker => {}
                SpeakerKind::Keynote => { (words.keynote) ": " }
                SpeakerKind::Panellist => { (words.panellist) ": " }
            }
            bdi { (speaker.name) } @if let Some(affiliation) = &speaker.affiliation { " · " bdi { (affiliation) } }
        } } } }
        @if let Some(note) = &session.note { p .small.soft dir="auto" { (note) } }
        @if on_record && !session.speakers.is_empty() { p .small.soft { (words.on_record) } }
    }
}
