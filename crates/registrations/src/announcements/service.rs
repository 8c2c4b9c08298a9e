//! What a caller may do about announcements, and what other services announce: at the next 08:00 in the consultation's zone, or at
//! once where a person says so. A moment at which somebody contributed or answered is never one at which others are told.

use serde_json::json;

use super::{
    Announcement, AnnouncementId, AnnouncementKind, Texts, What, check, mails, next_hour, store,
};
use crate::access::Permission;
use crate::app::App;
use crate::consultations::{self, Consultation, ConsultationId, Phase};
use crate::db::types::Timestamp;
use crate::http::page::{Listing, Paging};
use crate::problem::{Code, Problem};
use crate::registrations::{self, RegistrationState};
use crate::work::{Credentials, Work};

/// Tells everybody who is confirmed in a consultation, now or at the next fixed hour. For other services: no permission is asked.
/// What is there for that hour already is not said twice.
pub fn announce(
    work: &mut Work,
    consultation: ConsultationId,
    what: What,
) -> Result<Announcement, Problem> {
    let consultation = consultations::service::locked(work, consultation)?;
    let hour = next_hour(work.now, consultation.zone);
    let (mut texts, mut due_at, mut until) = (Texts::new(), hour, None);
    let (kind, made_by) = match what {
        What::QuestionsOpen => {
            if let Some(there) = store::of_questions(work.conn, consultation.id, hour)? {
                return Ok(there);
            }
            (AnnouncementKind::QuestionsOpen, None)
        }
        What::DraftOpen { until: day } => {
            until = Some(day);
            (AnnouncementKind::DraftOpen, work.caller.id())
        }
        What::Written { texts: written, at_once } => {
            texts = written;
            if at_once {
                due_at = work.now;
            }
            (AnnouncementKind::Written, work.caller.id())
        }
    };
    let mut announcement = Announcement {
        id: work.ids.unlinkable(),
        consultation_id: consultation.id,
        kind,
        texts,
        made_by,
        due_at,
        sent_at: None,
        until,
    };
    store::insert(work.conn, &announcement)?;
    if announcement.due_at <= work.now {
        send(work, &consultation, &mut announcement)?;
    }
    Ok(announcement)
}

fn send(
    work: &mut Work,
    consultation: &Consultation,
    announcement: &mut Announcement,
) -> Result<(), Problem> {
    mails::announced(work, consultation, announcement)?;
    announcement.sent_at = Some(work.now);
    store::sent(work.conn, announcement.id, work.now)?;
    let details = json!({ "consultation_id": consultation.id, "kind": announcement.kind });
    work.audit_with("announcement.sent", "announcement", announcement.id, details);
    Ok(())
}

/// Sends what is due; how much. Every process may: the consultation's lock keeps two apart, and what one has sent the other finds
/// sent.
pub(super) async fn sweep(app: &App) -> Result<usize, Problem> {
    let now = app.clock.now();
    let due = app.db.read(move |conn| store::due(conn, now)).await?;
    let count = due.len();
    for (id, consultation) in due {
        app.write(Credentials::Operator, move |work| send_due(work, id, consultation)).await?;
    }
    Ok(count)
}

/// That questions are open is told while they are, and again the next day.
fn send_due(
    work: &mut Work,
    id: AnnouncementId,
    consultation: ConsultationId,
) -> Result<(), Problem> {
    work.lock(consultation.uuid())?;
    let Some(mut announcement) = Problem::or_refused(store::load(work.conn, id))? else {
        return Ok(());
    };
    if announcement.sent_at.is_some() {
        return Ok(());
    }
    let consultation = consultations::service::load(work, consultation)?;
    if announcement.kind == AnnouncementKind::QuestionsOpen {
        let registry = work.registry;
        if !registry.questions_open(work, consultation.id)? {
            return store::delete(work.conn, id);
        }
        announce(work, consultation.id, What::QuestionsOpen)?;
    }
    send(work, &consultation, &mut announcement)
}

/// What the secretariat wants everybody to be told. 409 once the consultation was cancelled.
pub fn write(
    work: &mut Work,
    consultation: ConsultationId,
    texts: Texts,
    at_once: bool,
) -> Result<Announcement, Problem> {
    let consultation = consultations::service::see(work, consultation)?;
    work.require(Permission::Announce, &consultation.scope())?;
    if matches!(consultation.phase, Phase::Cancelled) {
        let detail = "The consultation was cancelled: nobody takes part in it.";
        return Err(Problem::new(Code::NotInThisPhase, detail));
    }
    check(&texts)?;
    let made = announce(work, consultation.id, What::Written { texts, at_once })?;
    work.audit("announcement.written", "announcement", made.id);
    Ok(made)
}

/// How a caller stands to the announcements of a consultation.
enum Reader {
    /// One of the team: sees what waits, too.
    Team,
    /// Confirmed: sees what went.
    Confirmed,
}

/// 404 for one who may not know of the consultation, 403 for one who is neither of the team nor confirmed.
fn reader(work: &mut Work, consultation: &Consultation) -> Result<Reader, Problem> {
    if work.may(Permission::ReadPlans, &consultation.scope()) {
        return Ok(Reader::Team);
    }
    let caller = work.caller.signed_in()?;
    let own = registrations::service::of_account(work, consultation.id, caller)?;
    if own.is_some_and(|own| own.state == RegistrationState::Confirmed) {
        return Ok(Reader::Confirmed);
    }
    let detail = "Announcements are for those who are confirmed in the consultation.";
    Err(Problem::new(Code::Forbidden, detail))
}

/// A page of the announcements of a consultation in the order in which they go out: for the team all, for who is confirmed what went.
pub fn list(
    work: &mut Work,
    consultation: ConsultationId,
    paging: &Paging,
) -> Result<Listing<Announcement>, Problem> {
    let consultation = consultations::service::see(work, consultation)?;
    let only_sent = matches!(reader(work, &consultation)?, Reader::Confirmed);
    let after: Option<(Timestamp, AnnouncementId)> = paging.after_two()?;
    let rows = store::list(work.conn, consultation.id, only_sent, after, paging.load())?;
    Ok(paging.finish(rows, |one| vec![one.due_at.to_string(), one.id.to_string()]))
}

/// One announcement, by the rule of [`list`].
pub fn see(work: &mut Work, id: AnnouncementId) -> Result<Announcement, Problem> {
    work.caller.signed_in()?;
    let one = store::load(work.conn, id)?;
    let missing = || Problem::not_found("announcement");
    let consultation = consultations::service::see(work, one.consultation_id)
        .map_err(|problem| problem.missing_as(missing))?;
    match reader(work, &consultation).map_err(|problem| problem.hidden_as(missing))? {
        Reader::Confirmed if one.sent_at.is_none() => Err(missing()),
        Reader::Team | Reader::Confirmed => Ok(one),
    }
}

/// Takes back what did not go yet. 409 once it went, or when it is not a person's.
pub fn take_back(work: &mut Work, id: AnnouncementId) -> Result<(), Problem> {
    let one = see(work, id)?;
    let consultation = consultations::service::load(work, one.consultation_id)?;
    work.require(Permission::Announce, &consultation.scope())?;
    work.lock(consultation.id.uuid())?;
    let one = store::load(work.conn, id)?;
    if one.sent_at.is_some() || one.kind != AnnouncementKind::Written {
        let detail = "It can be taken back while it waits, if somebody wrote it.";
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    store::delete(work.conn, id)?;
    work.audit("announcement.taken_back", "announcement", id);
    Ok(())
}

/// What the caller may do with an announcement.
pub fn allowed_actions(
    work: &Work,
    one: &Announcement,
    consultation: &Consultation,
) -> Vec<&'static str> {
    let waits = one.sent_at.is_none() && one.kind == AnnouncementKind::Written;
    if waits && work.may(Permission::Announce, &consultation.scope()) {
        vec!["take_back"]
    } else {
        Vec::new()
    }
}
