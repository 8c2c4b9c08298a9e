//! A round: until when, who is asked and has answered; and for whoever clears, how it is opened, changed and closed.

use maud::{Markup, html};

use super::i18n::put;
use super::scene::Scene;
use super::{forms, spoken};
use crate::reports::clearance::asking::Round;
use crate::reports::clearance::hearing::HeardRound;
use crate::reports::clearance::{Asked, Party, Seat};

/// The part of the page that is about the round.
pub fn of(scene: &Scene) -> Markup {
    let (words, room) = (scene.words(), scene.room);
    let round = room.standing.round.as_ref();
    let opens = room.actions.contains(&"open_clearance_round");
    html! { @if round.is_some() || opens {
        h2 #round { (words.round) }
        (scene.notice("round"))
        @if round.is_some() { ul .story { @for seat in &room.standing.seats { li id={ "seat-" (seat.party.id) } { (one(scene, seat)) } } } }
        @if let Some(heard) = &room.standing.heard { (participants(scene, heard)) }
        @if let Some(round) = round { (change(scene, round)) }
        @if opens { (open(scene)) }
    } }
}

fn one(scene: &Scene, seat: &Seat) -> Markup {
    let (words, spot) = (scene.words(), format!("seat-{}", seat.party.id));
    let left = seat.outstanding.len();
    html! {
        p {
            strong { bdi { (scene.called(&seat.party)) } } " "
            span .tag {
                @if left == 0 { (words.has_agreed) }
                @else if seat.has_agreed { (words.some_left.of(scene.language(), left)) }
                @else { (words.has_not_agreed) }
            }
            @if seat.asking.needed { " " span .soft { (words.needed) } }
        }
        @if let Some(despite) = &seat.overridden {
            p { strong { (words.overridden) } " " span .soft { bdi { (scene.name(despite.made_by)) } ": " } span .said dir="auto" { (despite.reason) } }
        }
        (scene.notice(&spot))
        @if seat.is_missing() { (forms::overriding(scene, &spot, ("missing", &seat.party.id.to_string()))) }
    }
}

fn change(scene: &Scene, round: &Round) -> Markup {
    let (words, actions) = (scene.words(), &scene.room.round_actions);
    let about = html! {
        input type="hidden" name="round" value=(round.id);
        input type="hidden" name="version" value=(round.version);
    };
    let may = |action: &str| actions.contains(&action);
    let asks = scene.sent("round", "asked") || scene.sent("round", "needed");
    html! {
        @if may("update") { details open[scene.sent("round", "ends_on")] {
            summary { (words.move_end) }
            form method="post" action=(scene.way("#round")) {
                (about)
                (day(scene, &round.ends_on.to_string()))
                button name="action" value="end" { (words.move_end) }
            }
        } }
        @if may("ask") && !unasked(scene).is_empty() { details open[asks] {
            summary { (words.ask_more) }
            form method="post" action=(scene.way("#round")) {
                (about)
                (people(scene))
                button name="action" value="ask" { (words.ask_more) }
            }
        } }
        @if may("ask_participants") { details open[scene.sent("round", "participants")] {
            summary { (words.ask_participants) }
            form method="post" action=(scene.way("#round")) {
                (about)
                (until(scene, true))
                button name="action" value="participants" { (words.ask_participants) }
            }
        } }
        @if may("close") { details {
            summary { (words.close_round) }
            p { (words.close_text) }
            form method="post" action=(scene.way("#round")) { (about) button .risk name="action" value="close" { (words.close_round) } }
        } }
    }
}

fn open(scene: &Scene) -> Markup {
    let words = scene.words();
    html! { details open[scene.room.standing.round.is_none() || scene.refused_at("round").is_some()] {
        summary { (words.open_round) }
        form method="post" action=(scene.way("#round")) {
            (day(scene, ""))
            (people(scene))
            @if scene.room.consultation.is_some() { (until(scene, false)) }
            button .m name="action" value="open" { (words.open_round) }
        }
    } }
}

fn day(scene: &Scene, there: &str) -> Markup {
    let typed = scene.typed("round", "ends_on");
    let value = if typed.is_empty() { there } else { typed };
    html! { div .f {
        label for="ends_on" { (scene.words().ends_on) }
        input #ends_on name="ends_on" type="date" required value=(value);
    } }
}

/// Until when participants are asked: with a day they are, without one they are not.
fn until(scene: &Scene, required: bool) -> Markup {
    let words = scene.words();
    html! { div .f {
        label for="participants" { (words.participants_until) }
        p .h #participants-h { (words.participants_text) }
        input #participants name="participants" type="date" required[required] aria-describedby="participants-h"
            value=(scene.typed("round", "participants"));
    } }
}

/// That participants are asked, and until when.
fn participants(scene: &Scene, heard: &HeardRound) -> Markup {
    let words = scene.words();
    let day = crate::i18n::mails(scene.language()).date(heard.hearing.ends_on);
    let said = if heard.settled { words.participants_settled } else { words.participants_asked };
    html! { p .n { (put(said, "day", day)) } }
}

/// Whoever can be asked and is not yet.
fn unasked(scene: &Scene) -> Vec<Asked> {
    let room = scene.room;
    let here = room.standing.seats.iter().filter(|_| room.is_open());
    let asked: Vec<Asked> = here.map(|seat| seat.party.asked).collect();
    let bodies = room.askable.bodies.iter().map(|id| Asked::Body(*id));
    let people = room.askable.people.iter().map(|id| Asked::Person(Some(*id)));
    bodies.chain(people).filter(|one| !asked.contains(one)).collect()
}

fn people(scene: &Scene) -> Markup {
    let words = scene.words();
    let ticked = |name: &str, code: &str| {
        let sent = scene.refused_at("round").map(|refused| refused.fields);
        sent.is_some_and(|fields| fields.all(name).any(|one| one == code))
    };
    html! { @for asked in unasked(scene) { @if let Some(code) = spoken::code(asked) {
        fieldset {
            legend { bdi { (name(scene, asked)) } }
            label .c { input type="checkbox" name="asked" value=(code) checked[ticked("asked", &code)]; (words.ask) }
            label .c { input type="checkbox" name="needed" value=(code) checked[ticked("needed", &code)]; (words.ask_needed) }
        }
    } } }
}

fn name(scene: &Scene, asked: Asked) -> String {
    let report_id = scene.room.report().id;
    let id = crate::vocabulary::PartyId::new(report_id.uuid());
    let name = scene.called(&Party { id, report_id, asked, unnamed: true });
    match asked {
        Asked::Body(_) => name,
        Asked::Person(_) => put(scene.words().person, "name", name),
    }
}
