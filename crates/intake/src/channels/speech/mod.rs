//! What people say to one another, whatever program wrote it down and whatever it is held in: who speaks becomes a number,
//! what is private is passed over, what only surrounds the turns is told. It must never show who speaks, nor take a document
//! for one speaker's turn without saying so.
//!
//! Captions and Zoom's chats have readers of their own ([`super::webvtt`], [`super::zoom_chat`]); all others are told by the
//! shape of the row that begins a turn, whose words may be of any language:
//!
//! | shape | by |
//! |---|---|
//! | `[10:15 AM] Pat One: text`, `28/11/2026, 10:15 - Pat One: text`, `10:15 <pat> text` | WhatsApp, Teams, Signal, Webex |
//! | `[10:15] Pat One`, the text below | Teams, copied from its window |
//! | `Pat One   0:03`, the text below or behind a colon | transcripts by Teams, Otter and others |
//! | a name and a moment on two rows, the text below | older transcripts by Teams; Meet |
//! | `Pat One: text` below a list of who was there | transcripts by Google Meet |
//! | `Pat One: text` and nothing else | nobody is sure: read only once somebody says that people speak in it |

mod address;
mod plausible;
mod stamp;

pub(super) use address::{Common, To, addressed, heard, is_everyone};
pub(super) use turns::{named, names_before_colon};

mod turns;

use std::collections::HashSet;

use super::gather::Gather;
use super::text::Row;
use super::unreadable::Signs;
use super::{Kind, Unreadable, webvtt, zoom_chat};
use crate::names::Register;
use crate::terms::fold::fold;
use plausible::is_like_name;
use turns::{Head, Shape, Turns, names_somebody};

/// What shows that people speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Captions,
    Zoom,
    Turns(Shape),
}

/// The form in which people speak in these rows; nothing when it cannot be told that they do.
pub(super) fn recognized(rows: &[Row<'_>], by_paragraph: bool) -> Option<Form> {
    let header =
        rows.iter().find(|row| !row.is_blank()).is_some_and(|row| row.text.starts_with("WEBVTT"));
    if !header && is_strong(rows, Shape::Stacked, by_paragraph) {
        return Some(Form::Turns(Shape::Stacked));
    }
    if webvtt::recognized(rows) {
        return Some(Form::Captions);
    }
    if rows.iter().any(|row| zoom_chat::begins_message(row.text)) {
        return Some(Form::Zoom);
    }
    let timed = Shape::TIMED.into_iter().filter(|shape| is_strong(rows, *shape, by_paragraph));
    let many = |shape: &Shape| Turns::of(rows, *shape, by_paragraph).heads().count();
    if let Some(shape) = timed.max_by_key(many) {
        return Some(Form::Turns(shape));
    }
    let listed = Turns::of(rows, Shape::Untimed, by_paragraph).attendees().next().is_some();
    listed.then_some(Form::Turns(Shape::Untimed))
}

/// Whether rows of this shape are more than chance.
fn is_strong(rows: &[Row<'_>], shape: Shape, by_paragraph: bool) -> bool {
    let turns = Turns::of(rows, shape, by_paragraph);
    let heads: Vec<&Head<'_>> = turns.heads().collect();
    let like =
        heads.iter().filter(|head| shape.has_colon(head) || names_somebody(head.names)).count();
    let seen = rows.iter().filter(|row| !row.is_blank()).count();
    let mut names = HashSet::new();
    let again = heads.iter().any(|head| !names.insert(fold(head.names)));
    let dense = heads.len() * 5 >= seen;
    let alone = seen <= 3
        && matches!(heads[..], [head] if shape.has_colon(head) && is_like_name(head.names));
    2 * like >= heads.len() && (heads.len() >= 2 && (dense || again) || alone)
}

/// Reads rows of this form.
pub(super) fn read(
    form: Form,
    rows: &[Row<'_>],
    by_paragraph: bool,
    gather: &mut Gather,
) -> Result<Kind, Unreadable> {
    match form {
        Form::Captions => webvtt::read(rows, gather),
        Form::Zoom => zoom_chat::read(rows, gather).map(|()| Kind::Chat),
        Form::Turns(shape) => Turns::of(rows, shape, by_paragraph).read(gather),
    }
}

/// Reads rows of which somebody says that people speak in them, though nothing but colons tells.
pub(super) fn read_untimed(
    rows: &[Row<'_>],
    by_paragraph: bool,
    registrants: &[String],
    gather: &mut Gather,
) -> Result<(), Unreadable> {
    let many = |shape: Shape| Turns::of(rows, shape, by_paragraph).heads().count();
    let known: HashSet<String> = registrants.iter().map(|name| fold(name)).collect();
    let untimed = Turns::of(rows, Shape::Untimed, by_paragraph).with_known(&known);
    let timed =
        Shape::TIMED.into_iter().max_by_key(|shape| many(*shape)).filter(|shape| many(*shape) > 0);
    match timed {
        Some(shape) if many(shape) >= untimed.heads().count() => {
            Turns::of(rows, shape, by_paragraph).read(gather).map(drop)
        }
        _ if untimed.heads().next().is_some() => untimed.read(gather).map(drop),
        _ => Err(Unreadable::NobodySpeaks),
    }
}

/// Whether the words are one person's name and whom that person speaks to.
fn between_people(names: &str) -> bool {
    let common = Common::default();
    let parts = heard(names, &common);
    match addressed(names, &common).1 {
        To::Everyone => true,
        To::Others => parts.len() > 1 && parts.iter().all(|name| is_like_name(name.trim())),
        To::Unsaid => false,
    }
}

/// What in these rows looks as if people spoke; nothing when nothing does.
pub(super) fn signs(rows: &[Row<'_>], registrants: &[String]) -> Option<Signs> {
    let (mut turns, mut timed, mut private) = (0, 0, 0);
    for (at, row) in rows.iter().enumerate() {
        if let Some((names, _)) = names_before_colon(row.text) {
            private += usize::from(address::is_marked_alone(names));
            turns += usize::from(is_like_name(names) || between_people(names));
        }
        let beside = Shape::TIMED.into_iter().any(|shape| {
            let head = shape.head(rows, at, true);
            head.is_some_and(|head| is_like_name(head.names) || between_people(head.names))
        });
        timed += usize::from(beside);
    }
    let register = Register::of(registrants.iter().map(String::as_str));
    let known = !register.is_empty() && rows.iter().any(|row| register.has_whole_name_in(row.text));
    let told = turns > 1 || timed > 0 || private > 0 || known;
    told.then_some(Signs { turns, timed, private, registrants: known })
}
