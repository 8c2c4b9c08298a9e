//! What waits in the reports of a review, for whom and since when.

use maud::{Markup, html};

use super::i18n::{self, Words, put};
use super::service::{Awaited, AwaitedOfReview};
use super::{head, waits};
use crate::db::types::Timestamp;
use crate::i18n::Language;
use crate::pages::visit::Signed;
use crate::reports::ParagraphId;
use crate::reports::waiting::{WaitingCode, Waits, Whom};
use crate::ways;

/// Several things of one kind that wait for the same.
struct Pile<'a> {
    code: WaitingCode,
    whom: &'a Whom,
    /// Paragraphs, each once, with their numbers.
    places: Vec<(ParagraphId, Option<u32>)>,
    /// Since when the oldest waits.
    since: Option<Timestamp>,
}

fn piles(waits: &[Waits]) -> Vec<Pile<'_>> {
    let mut piles: Vec<Pile<'_>> = Vec::new();
    for one in waits {
        let at = piles.iter().position(|pile| pile.code == one.code && *pile.whom == one.whom);
        let at = at.unwrap_or_else(|| {
            let (code, whom) = (one.code, &one.whom);
            piles.push(Pile { code, whom, places: Vec::new(), since: None });
            piles.len() - 1
        });
        let Some(pile) = piles.get_mut(at) else { continue };
        let place = one.paragraph_id.map(|id| (id, one.number));
        pile.places.extend(place.filter(|place| !pile.places.contains(place)));
        pile.since = [pile.since, one.since].into_iter().flatten().min();
    }
    piles
}

/// The page.
pub fn of(signed: &Signed, found: &AwaitedOfReview) -> Markup {
    let words = i18n::of(signed.language());
    let waits = |one: &&Awaited| !one.waits.is_empty();
    html! {
        p .over { a href=(signed.link(ways::DRAFTS)) { (words.all_drafts) } }
        h1 { (words.what_waits) }
        p .lead dir="auto" { (found.review.title) }
        @if !found.reports.iter().any(|one| waits(&one)) { p .o { (words.nothing_waits) } }
        @for one in found.reports.iter().filter(waits) { (report(signed, found, one)) }
    }
}

fn report(signed: &Signed, found: &AwaitedOfReview, one: &Awaited) -> Markup {
    let (words, report) = (i18n::of(signed.language()), &one.report);
    html! {
        h2 dir="auto" { a href=(signed.link(&ways::draft(report.id))) lang=(report.language) { (report.title) } }
        p { span .tag { (head::state(report.state, words)) } " " span .soft { (head::kind(report.kind, words)) } }
        ul .story { @for pile in piles(&one.waits) { li { (line(signed, found, one, &pile)) } } }
    }
}

fn line(signed: &Signed, found: &AwaitedOfReview, one: &Awaited, pile: &Pile) -> Markup {
    let (words, language) = (i18n::of(signed.language()), signed.language());
    let mails = crate::i18n::mails(language);
    let way = |id: ParagraphId| {
        let (of, beside) = match pile.code {
            WaitingCode::CommentUnanswered | WaitingCode::ObjectionStands => {
                (ways::clearance(one.report.id), format!("#at-{id}"))
            }
            _ => (ways::draft(one.report.id), format!("?at={id}#at-{id}")),
        };
        signed.link(&format!("{of}{beside}"))
    };
    html! {
        p {
            (said(pile, words, language)) " "
            span .places { @for (id, number) in &pile.places {
                a href=(way(*id)) { (number.map_or_else(|| "–".to_owned(), |number| number.to_string())) } " "
            } }
        }
        p .soft {
            @match pile.whom {
                Whom::Party(party) => bdi { (found.parties.called(party).unwrap_or_else(|| words.somebody.to_owned())) },
                Whom::May(permission) => (put(words.who_can, "roles", head::roles(*permission, language))),
            }
            @if let Some(since) = pile.since { " · " (put(words.since, "time", mails.moment(one.zone, since))) }
        }
    }
}

/// What waits, in words.
fn said(pile: &Pile, words: &Words, language: Language) -> String {
    let count = pile.places.len();
    match pile.code {
        WaitingCode::SuggestionOpen => words.have_suggestions.of(language, count),
        WaitingCode::CitationUnaccepted => words.cite_unaccepted.of(language, count),
        WaitingCode::CoverageIncomplete => words.block_coverage.to_owned(),
        WaitingCode::ChecksUnmet => words.block_checks.to_owned(),
        code => waits::said(code, words).unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Permission;
    use crate::reports::ReportId;

    #[test]
    fn what_is_alike_and_waits_for_the_same_is_told_once() {
        let at = |id: u128| ParagraphId::new(uuid::Uuid::from_u128(id));
        let time = |hour: u32| {
            let day = chrono::NaiveDate::from_ymd_opt(2020, 10, 12).unwrap();
            Some(Timestamp::new(day.and_hms_opt(hour, 0, 0).unwrap().and_utc()))
        };
        let wait = |code, paragraph_id: Option<ParagraphId>, since, permission| Waits {
            code,
            what: String::new(),
            report_id: ReportId::new(uuid::Uuid::nil()),
            paragraph_id,
            number: paragraph_id.map(|_| 4),
            whom: Whom::May(permission),
            since,
        };
        let (open, drafts) = (WaitingCode::SuggestionOpen, Permission::DraftReports);
        let all = [
            wait(open, Some(at(1)), time(9), drafts),
            wait(open, Some(at(1)), time(7), drafts),
            wait(open, Some(at(2)), None, drafts),
            wait(WaitingCode::CommentUnanswered, Some(at(1)), time(8), drafts),
            wait(open, Some(at(1)), None, Permission::ClearReports),
        ];
        let piles = piles(&all);
        assert_eq!(piles.len(), 3);
        assert_eq!((piles[0].places.len(), piles[0].since), (2, time(7)));
    }
}
