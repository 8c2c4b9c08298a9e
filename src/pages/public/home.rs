//! The first page: what one can take part in, what is coming, and what came of the rest.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::i18n::{self, Words};
use super::service::{Announced, Call, Home, Now};
use crate::consultations::{Mode, Phase};
use crate::pages::recommended;
use crate::pages::visit::Visit;
use crate::reports::{Issue, Report, ReportKind};
use crate::reviews::{Review, ReviewId};
use crate::ways;

/// The page, with its title.
pub fn of(visit: &Visit, home: &Home) -> Markup {
    let words = i18n::of(visit.language());
    let reviews = || home.reviews.iter().filter(|(_, all)| !all.is_empty());
    // For which review something is held is said where there is more than one.
    let several = reviews().nth(1).is_some();
    let all = || {
        reviews()
            .flat_map(|(review, all)| all.iter().map(move |one| (several.then_some(review), one)))
    };
    let now = |now| all().filter(|(_, one)| one.now() == now).collect::<Vec<_>>();
    let (open, upcoming, held) = (now(Now::Open), now(Now::Upcoming), now(Now::Held));
    let nothing = all().next().is_none() && home.published.is_empty();
    html! {
        div .hero { h1 { (words.home) } p .lead { (words.what) } }
        @if nothing { p .n { (words.nothing_yet) } }
        (cards(visit, words.open, &open))
        (cards(visit, words.held_now, &held))
        (cards(visit, words.upcoming, &upcoming))
        (publications(visit, &home.published))
        (past(visit, home))
    }
}

fn cards(visit: &Visit, title: &str, all: &[(Option<&Review>, &Announced)]) -> Markup {
    html! { @if !all.is_empty() {
        h2 { (title) }
        ul .cards { @for (review, one) in all { li .card { (card(visit, *review, one)) } } }
    } }
}

fn card(visit: &Visit, review: Option<&Review>, one: &Announced) -> Markup {
    let consultation = &one.consultation;
    html! {
        h3 dir="auto" { a href=(visit.link(&ways::consultation(consultation.id))) { (consultation.theme) } }
        @if let Some(review) = review { p .soft.small dir="auto" { (review.title) } }
        (when_and_where(visit, one))
        (call(visit, one))
    }
}

fn when_and_where(visit: &Visit, one: &Announced) -> Markup {
    let (consultation, words) = (&one.consultation, i18n::of(visit.language()));
    let when = crate::i18n::mails(visit.language()).when(consultation.when());
    html! { p .soft {
        @if !when.is_empty() { (when) " · " }
        (mode(consultation.mode, words))
        @if let Some(venue) = &consultation.venue { " · " bdi { (venue) } }
    } }
}

/// How people meet.
pub fn mode(mode: Mode, words: &Words) -> &str {
    match mode {
        Mode::Virtual => words.online,
        Mode::InPerson => words.in_person,
        Mode::Hybrid => words.hybrid,
    }
}

/// Whether one can register, and the way there.
pub fn call(visit: &Visit, one: &Announced) -> Markup {
    let (consultation, words) = (&one.consultation, i18n::of(visit.language()));
    let moment = |at| crate::i18n::mails(visit.language()).moment(consultation.zone, at);
    let until = |at: Option<_>| at.map(|at| words.until.replace("{when}", &moment(at)));
    match one.call {
        Call::Open(closes) => html! { p .row {
            a .button.m href=(visit.link(&ways::call(consultation.id))) { (words.register) }
            @if let Some(until) = until(closes) { span .soft { (until) } }
        } },
        Call::Invited(closes) => {
            html! { p { (words.invited) " " @if let Some(until) = until(closes) { (until) } } }
        }
        Call::Opens(at) => html! { p { (words.opens.replace("{when}", &moment(at))) } },
        Call::Closed => html! {},
    }
}

fn publications(visit: &Visit, all: &[(Report, Issue)]) -> Markup {
    let words = i18n::of(visit.language());
    html! { @if !all.is_empty() {
        h2 { (words.publications) }
        ul .shelf { @for (report, issue) in all {
            li {
                a lang=(report.language) dir=(report.language.direction()) href=(visit.link(&ways::report(report.id))) { (report.title) }
                p .soft.small {
                    (kind(report.kind, words))
                    @if let Some(symbol) = &issue.symbol { " · " bdi { (symbol) } }
                    " · " (crate::i18n::mails(visit.language()).date(issue.published_at.utc().date_naive()))
                    @if report.language != visit.language() { " · " span lang=(report.language) { (crate::frame::own_name(report.language)) } }
                }
            }
        } }
        @for review in reviews_of(all) {
            p { a href=(visit.link(&ways::register(review))) { (recommended::words(visit.language()).title) } }
        }
    } }
}

/// The reviews of what is published, each once.
fn reviews_of(all: &[(Report, Issue)]) -> BTreeSet<ReviewId> {
    all.iter().map(|(report, _)| report.review_id).collect()
}

/// What a report is called.
pub fn kind(kind: ReportKind, words: &Words) -> &str {
    match kind {
        ReportKind::SummaryReport => words.summary_report,
        ReportKind::ConferenceRoomPaper => words.paper,
    }
}

fn past(visit: &Visit, home: &Home) -> Markup {
    let words = i18n::of(visit.language());
    let past = |all: &[Announced]| all.iter().any(|one| one.now() == Now::Past);
    let reviews: Vec<_> = home.reviews.iter().filter(|(_, all)| past(all)).collect();
    html! { @if !reviews.is_empty() {
        h2 { (words.past) }
        @for (review, all) in reviews {
            h3 dir="auto" { (review.title) }
            ol .shelf.old { @for one in all.iter().filter(|one| one.now() == Now::Past) { li { (over(visit, one)) } } }
        }
    } }
}

fn over(visit: &Visit, one: &Announced) -> Markup {
    let (consultation, words) = (&one.consultation, i18n::of(visit.language()));
    let day = consultation.held_on.map(|day| crate::i18n::mails(visit.language()).date(day));
    html! {
        a dir="auto" href=(visit.link(&ways::consultation(consultation.id))) { (consultation.theme) }
        p .soft.small {
            @if let Some(day) = day { (day) " · " }
            @match (consultation.phase, one.report) {
                (Phase::Cancelled, _) => (words.cancelled),
                (_, Some(report)) => a href=(visit.link(&ways::report(report))) aria-label={ (words.read_report) ": " (consultation.theme) } { (words.read_report) },
                (_, None) => (words.being_written),
            }
        }
    }
}
