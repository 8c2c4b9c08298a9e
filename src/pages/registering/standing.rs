//! Where somebody stands who has registered: what their state means and what comes next, their groups and times, and what they can do.
//! What is on now comes first: people look at it on a phone, in the call.

use maud::{Markup, html};

use super::i18n::{self, Words};
use super::service::{Place, Standing};
use crate::consultations::{Activity, Phase, Session, SessionKind, WorkingGroup};
use crate::db::types::Timestamp;
use crate::i18n::Language;
use crate::pages::naming::{self, Of};
use crate::pages::visit::Signed;
use crate::registrations::{Registration, RegistrationState};
use crate::ways;

/// The steps of the course, with the one that somebody is at; none of them before the form was sent.
pub fn course(registration: Option<(&Registration, Phase)>, words: &Words) -> Markup {
    let at = match registration {
        None => 0,
        Some((own, _)) if own.state != RegistrationState::Confirmed => 1,
        Some((_, Phase::Planning | Phase::OpenCall | Phase::RegistrationClosed)) => 2,
        Some((_, Phase::InSession)) => 3,
        Some(_) => 4,
    };
    let steps = [
        words.course_form,
        words.course_decision,
        words.course_groups,
        words.course_day,
        words.course_report,
    ];
    html! {
        ol .steps { @for (place, step) in steps.iter().enumerate() {
            li aria-current=[(place == at).then_some("step")] { (place + 1) ". " (step) }
        } }
    }
}

/// What a working group is called.
pub fn group_title(group: &WorkingGroup, language: Language) -> String {
    i18n::number(i18n::of(language).group, group.number)
}

/// What a group is about, in everyday words.
pub fn objectives(group: &WorkingGroup, language: Language) -> Markup {
    let plain = |number: crate::reference::ObjectiveNumber| {
        let number = number.to_string();
        let said = naming::find(Of::ObjectiveInPlainWords, &number, language).unwrap_or_default();
        format!("{number}. {said}")
    };
    html! { ul .plain .small { @for number in group.objectives() { li { (plain(number)) } } } }
}

/// The page of somebody who has registered.
pub fn of(
    signed: &Signed,
    standing: &Standing,
    own: &Registration,
    allowed: &[&'static str],
) -> Markup {
    let (language, words) = (signed.language(), i18n::of(signed.language()));
    let consultation = &standing.opened.consultation;
    let now = signed.app.clock.now();
    let confirmed = own.state == RegistrationState::Confirmed;
    let page = signed.link(&ways::registration(consultation.id));
    let may = |action: &str| allowed.contains(&action);
    html! {
        @if confirmed { (on_now(standing, words, language, now, &page)) }
        (course(Some((own, consultation.phase)), words))
        (state(own, standing, words, language))
        @if may("accept") {
            form method="post" action=(page) { button .m name="action" value="accept" { (words.accept) } }
        }
        @if standing.can_begin {
            form method="post" action=(page) { button .m name="action" value="again" { (words.again) } }
        }
        @if confirmed {
            (groups(standing, words, language))
            (programme(standing, words, language))
            (contributing(signed, standing, words))
        }
        @if !standing.announcements.is_empty() {
            h2 { (words.announcements) }
            @for one in &standing.announcements {
                @let told = one.language(Some(language), &consultation.languages);
                @if let Some(text) = one.texts.get(&told) {
                    article .card lang=(told) dir="auto" { h3 { (text.title) } @for part in text.text.split("\n\n") { p { (part) } } }
                }
            }
        }
        h2 { (words.summary) }
        (summary(own, standing, words, language))
        @if may("update") { p { a .button href={ (signed.link(&format!("{}/edit", ways::registration(consultation.id)))) } { (words.change) } } }
        p { a href={ "/api/v1/consultations/" (consultation.id) "/programme.ics" } { (words.calendar) } }
        @if own.holds_place() {
            form method="post" action=(page) { button name="action" value="calendar" { (words.calendar_make) } }
        }
        @if own.state == RegistrationState::Declined { (appeal(words, &page)) }
        @if may("withdraw") {
            details {
                summary { (words.withdraw) }
                p { (words.withdraw_sure) }
                form method="post" action=(page) { button .risk name="action" value="withdraw" { (words.withdraw) } }
            }
        }
    }
}

fn state(own: &Registration, standing: &Standing, words: &Words, language: Language) -> Markup {
    let consultation = &standing.opened.consultation;
    let until = own.accept_by.map(|at| crate::i18n::mails(language).moment(consultation.zone, at));
    let number = own.waiting_number.map(|number| number.to_string()).unwrap_or_default();
    let (said, next) = match own.state {
        RegistrationState::Submitted => {
            (words.submitted.to_owned(), words.next_submitted.to_owned())
        }
        RegistrationState::Offered => (
            words.offered.replace("{until}", &until.unwrap_or_default()),
            words.next_offered.to_owned(),
        ),
        RegistrationState::Confirmed => {
            (words.confirmed.to_owned(), words.next_confirmed.to_owned())
        }
        RegistrationState::Waitlisted => {
            (words.waitlisted.to_owned(), words.next_waitlisted.replace("{number}", &number))
        }
        RegistrationState::Declined => (words.declined.to_owned(), words.next_declined.to_owned()),
        RegistrationState::Withdrawn if standing.can_begin => {
            (words.withdrawn.to_owned(), words.next_withdrawn.to_owned())
        }
        RegistrationState::Withdrawn => (words.withdrawn.to_owned(), String::new()),
    };
    let awaited = own.guardian.as_ref().is_some_and(|one| one.consented_at.is_none());
    let told_groups = own.state == RegistrationState::Confirmed && !standing.places.is_empty();
    html! {
        div .n {
            p { strong { (said) } }
            @if !told_groups && !next.is_empty() { p { (next) } }
            @if awaited && own.state.is_active() { p { (words.guardian_waits) } }
            @if let Some(code) = own.reason_code { p { (words.reason) ": " (crate::i18n::mails(language).reason(code)) } }
            @if let Some(note) = &own.note { p { (words.secretariat_writes) } p dir="auto" { (note) } }
        }
    }
}

fn groups(standing: &Standing, words: &Words, language: Language) -> Markup {
    let consultation = &standing.opened.consultation;
    html! {
        h2 { (words.my_groups) }
        @if standing.places.is_empty() { p { (words.nothing_assigned) } }
        ul .cards { @for Place { round, group, hosts } in &standing.places {
            @let time = crate::i18n::mails(language).span(consultation.zone, round.starts_at, round.ends_at);
            li .card {
                h3 { (i18n::number(words.round, round.number)) ": " (group_title(group, language)) }
                @if let Some(time) = time { p { (time) } }
                (objectives(group, language))
                (with(hosts, words, language))
            }
        } }
    }
}

/// When what is held, and where to join it.
fn programme(standing: &Standing, words: &Words, language: Language) -> Markup {
    let zone = standing.opened.consultation.zone;
    let time = |one: &Session| crate::i18n::mails(language).span(zone, one.starts_at, one.ends_at);
    html! {
        h2 { (words.course_day) }
        div .scroll { table { tbody { @for one in &standing.sessions {
            tr {
                td { (time(one).unwrap_or_default()) }
                th scope="row" dir="auto" { (one.title) }
                td { (join(one, words)) }
            }
        } } } }
    }
}

fn join(session: &Session, words: &Words) -> Markup {
    html! { @if let Some(address) = &session.joining_url { a href=(address) rel="noreferrer" { (words.join) } } }
}

/// The session that is on, or else the next one of the day.
fn on_now(
    standing: &Standing,
    words: &Words,
    language: Language,
    now: Timestamp,
    page: &str,
) -> Markup {
    if standing.opened.consultation.phase != Phase::InSession {
        return html! {};
    }
    let is_on = |one: &&Session| {
        one.starts_at.is_some_and(|at| at <= now) && one.ends_at.is_some_and(|at| now < at)
    };
    let on = standing.sessions.iter().find(is_on);
    let next = standing
        .sessions
        .iter()
        .filter(|one| one.starts_at.is_some_and(|at| at > now))
        .min_by_key(|one| one.starts_at);
    let zone = standing.opened.consultation.zone;
    html! {
        @if let Some(session) = on {
            section .card {
                p .tag .go { (words.now) }
                h2 dir="auto" { (session.title) }
                @if let Some(Place { group, hosts, .. }) = place(standing, session) {
                    p .big { (group_title(group, language)) }
                    (objectives(group, language))
                    (with(hosts, words, language))
                }
                @if let Some(address) = &session.joining_url { p { a .button .m href=(address) rel="noreferrer" { (words.join) } } }
                @if let Some(moderator) = &session.moderator { p { (words.hosts) " " bdi { (moderator) } } }
                @if let Some(ends) = session.ends_at {
                    p { (crate::i18n::mails(language).span(zone, session.starts_at, session.ends_at).unwrap_or_default())
                        span hidden data-script { " · " span data-left=(ends.utc().signed_duration_since(now.utc()).num_seconds()) aria-hidden="true" {} " " (words.time_left) } }
                }
                @if session.kind != SessionKind::Break {
                    form method="post" action=(page) {
                        input type="hidden" name="session" value=(session.id);
                        div .f {
                            label for="code" { (words.check_in_code) }
                            input #code name="code" type="text" autocomplete="off" inputmode="text" dir="ltr" required;
                        }
                        button name="action" value="check_in" { (words.check_in) }
                    }
                }
            }
        }
        @if let Some(session) = next {
            p { strong { (words.next_session) ": " } bdi { (session.title) } " "
                (crate::i18n::mails(language).span(zone, session.starts_at, session.ends_at).unwrap_or_default()) }
        }
    }
}

fn place<'s>(standing: &'s Standing, session: &Session) -> Option<&'s Place> {
    let round = session.round_id?;
    standing.places.iter().find(|place| place.round.id == round)
}

/// Who hosts a group, of those who may be named.
fn with(hosts: &[String], words: &Words, language: Language) -> Markup {
    let listed = crate::i18n::mails(language).list(hosts);
    html! { @if !hosts.is_empty() { p { (words.hosts) " " bdi { (listed) } } } }
}

fn contributing(signed: &Signed, standing: &Standing, words: &Words) -> Markup {
    let consultation = &standing.opened.consultation;
    let mine = signed.link(&format!("{}/mine", ways::say(consultation.id)));
    // No page of contributors learns where somebody came from.
    let to_mine = |text: &str| html! { p { a .button href=(mine) rel="noreferrer" { (text) } } };
    let takes = Activity::SubmitInputs.phases().contains(&consultation.phase);
    html! {
        @if standing.has_draft {
            p { a .button .m href=(signed.link(&ways::draft_to_read(consultation.id))) { (words.draft_open) } }
        }
        @if takes {
            h2 { (words.speak) }
            p { (words.speak_text) }
            p { a .button .m href=(signed.link(&ways::receipt(consultation.id))) { (words.speak) } }
        } @else { (to_mine(words.what_became)) }
        // It is given by receipt, too.
        @if matches!(consultation.phase, Phase::Synthesis | Phase::Clearance) { (to_mine(words.how_was_it)) }
    }
}

fn summary(own: &Registration, standing: &Standing, words: &Words, language: Language) -> Markup {
    let mails = crate::i18n::mails(language);
    let languages: Vec<String> =
        own.languages.iter().map(|tag| naming::language(tag, language).to_owned()).collect();
    let wished: Vec<String> = own
        .preferences
        .iter()
        .filter_map(|id| standing.groups.iter().find(|group| group.id == *id))
        .map(|group| group_title(group, language))
        .collect();
    html! {
        dl {
            @if !standing.organization.is_empty() { dt { (words.organization) } dd dir="auto" { (standing.organization) } }
            @if let Some(position) = &own.position { dt { (words.position) } dd dir="auto" { (position) } }
            dt { (words.sector) } dd { (naming::name(Of::Sector, own.sector.as_str(), language)) }
            dt { (words.country) } dd { (naming::name(Of::Country, own.country.as_str(), language)) }
            dt { (words.spoken) } dd { (mails.list(&languages)) }
            @if !wished.is_empty() { dt { (words.preferences) } dd { (mails.list(&wished)) } }
        }
    }
}

fn appeal(words: &Words, page: &str) -> Markup {
    html! {
        details {
            summary { (words.appeal) }
            form method="post" action=(page) {
                div .f {
                    label for="text" { (words.appeal_text) }
                    textarea #text name="text" rows="5" dir="auto" required {}
                }
                button name="action" value="appeal" { (words.appeal_send) }
            }
        }
    }
}
