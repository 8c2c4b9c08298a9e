//! What is asked of whoever looks, what members of their body propose to say, and the form by which they agree.

use maud::{Markup, html};

use super::i18n::put;
use super::scene::Scene;
use super::service::Remark;
use super::{forms, leaves};
use crate::pages::writing::history::story;
use crate::pages::writing::i18n as writing;
use crate::reports::ReportState;
use crate::reports::clearance::Asked;
use crate::reports::clearance::positions::service::Mine;
use crate::reports::clearance::positions::{Position, PositionKind};
use crate::ways;

/// The head: which report, until when, and for whom one speaks.
pub fn head(scene: &Scene) -> Markup {
    let (words, room) = (scene.words(), scene.room);
    let (report, draft) = (room.report(), ways::draft(room.report().id));
    let mails = crate::i18n::mails(scene.language());
    html! {
        p .over dir="auto" { a href=(scene.signed.link(&draft)) lang=(report.language) { (report.title) } }
        h1 { (words.title) }
        (scene.told(None))
        p {
            @match &room.standing.round {
                None if report.state == ReportState::Published => { (words.is_published) }
                None => { (words.no_round) }
                Some(round) if round.closed_at.is_some() => { (words.round_closed) }
                Some(round) => { strong { (put(words.until, "day", mails.date(round.ends_on))) } }
            }
            @if report.state == ReportState::Drafting && room.is_open() { " " (words.being_changed) }
        }
        @match scene.mine() {
            Some(mine) => {
                (asked(scene, mine))
                @if scene.answers().is_some() { p { a href=(scene.way(&format!("/template?for={}", mine.seat.party.id))) { (words.template_title) } } }
            }
            None => { @if room.standing.round.is_some() { p .soft { (words.not_asked) } } }
        }
    }
}

fn asked(scene: &Scene, mine: &Mine) -> Markup {
    let (words, seat) = (scene.words(), &mine.seat);
    let others = scene.room.mine.iter().filter(|one| one.seat.party.id != seat.party.id);
    html! {
        h2 #asked { (words.asked_of_you) }
        p {
            @match seat.party.asked {
                Asked::Body(_) => { (named(words.for_body, &scene.called(&seat.party))) }
                Asked::Person(_) => { (words.for_yourself) }
            }
            " " @if seat.asking.needed { (words.is_needed) } @else { (words.not_needed) }
        }
        @for other in others {
            p { a href=(scene.signed.link(&format!("?for={}#asked", other.seat.party.id))) {
                (named(words.answer_for, &scene.called(&other.seat.party)))
            } }
        }
        @if seat.outstanding.is_empty() { p .o { (words.all_agreed) } }
        @else {
            p {
                @if seat.has_agreed { (words.changed_left.of(scene.language(), mine.left.len())) }
                @else { (words.never_agreed) }
                " " a href="#text" { (words.to_text) }
            }
        }
        @for (position, actions) in &scene.room.proposed {
            @if position.party_id == seat.party.id { (proposed(scene, position, actions)) }
        }
    }
}

/// A sentence with a name in it, in whatever direction that is written.
fn named(text: &str, name: &str) -> Markup {
    let (before, behind) = text.split_once("{name}").unwrap_or((text, ""));
    html! { (before) bdi { (name) } (behind) }
}

/// What somebody says, in words.
pub fn kind(kind: PositionKind, scene: &Scene) -> &'static str {
    let words = scene.words();
    match kind {
        PositionKind::Agreement => words.agreement,
        PositionKind::Objection => words.objection,
        PositionKind::Comments => words.comments_only,
        PositionKind::TakingBack => words.taking_back,
    }
}

/// What a member of the body proposes to say.
fn proposed(scene: &Scene, one: &Position, actions: &[&str]) -> Markup {
    let (words, spot) = (scene.words(), format!("position-{}", one.id));
    let may = |action: &str| actions.contains(&action);
    let about = html! {
        input type="hidden" name="position" value=(one.id);
        input type="hidden" name="version" value=(one.version);
    };
    html! { div .suggestion id=(spot) {
        p { strong { (words.proposed) ": " (kind(one.kind, scene)) } " "
            @if let Some(at) = one.paragraph_id { (leaves::way(scene, at)) } }
        p .soft { bdi { (scene.name(one.proposed_by)) } " · " (scene.moment(one.proposed_at)) }
        @if let Some(reason) = &one.reason { p .said dir="auto" { (reason) } }
        (scene.notice(&spot))
        form method="post" action=(scene.way(&format!("#{spot}"))) {
            (about)
            @if may("confirm") { button .m name="action" value="confirm" { (words.confirm) } }
            @if may("withdraw") { button name="action" value="withdraw" { (words.take_back) } }
        }
        @if may("reject") { details open[scene.sent(&spot, "note")] {
            summary { (words.reject) }
            form method="post" action=(scene.way(&format!("#{spot}"))) {
                (about)
                (forms::area(scene, &spot, "note", words.reason_if_any, false))
                button name="action" value="reject" { (words.reject) }
            }
        } }
    } }
}

/// Agreeing to everything as the page shows it, and sending comments without agreeing.
pub fn agree(scene: &Scene) -> Markup {
    let Some(mine) = scene.answers() else { return html! {} };
    let (words, room) = (scene.words(), scene.room);
    let party = mine.seat.party.id;
    let kept =
        |one: &Remark| one.comment.party_id == Some(party) && one.comment.released_at.is_none();
    let unsent = room.remarks.iter().any(kept) || room.unsent.contains(&party);
    html! {
        h2 #agree { (words.agree_title) }
        (scene.notice("agree"))
        @if mine.seat.outstanding.is_empty() { p { (words.all_agreed) } }
        @else {
            p { (words.agree_text) }
            form method="post" action=(scene.way("#text")) {
                (forms::party(scene))
                input type="hidden" name="sha256" value=(room.whole.sha256);
                @for portion in &room.whole.portions { input type="hidden" name="shown" value=(room.shown(portion).code()); }
                label .c { input type="checkbox" name="unnamed" value="1" checked[mine.seat.party.unnamed]; (words.unnamed) }
                button .m name="action" value="agree" { (words.agree) }
            }
            p .soft.small { "SHA-256 " code dir="ltr" { (room.whole.sha256) } }
        }
        @if unsent {
            p { (words.send_text) }
            form method="post" action=(scene.way("#agree")) {
                (forms::party(scene))
                button name="action" value="send" { (words.send) }
            }
        }
    }
}

/// A difference, word by word, as the pages of writing show it.
pub fn marked(scene: &Scene, pieces: &[crate::reports::history::difference::Piece]) -> Markup {
    story::marked(pieces, writing::of(scene.language()))
}
