//! What a list of features must be like, and that events are handled in the transaction of what they tell.

use super::{Doing, Event, Feature, Job, Moved, Reaction, Reacts, Registry, moved_of};
use crate::clock::Clock;
use crate::i18n::{Language, Template};
use crate::ids::Ids;
use crate::outbox::{self, Mail};
use crate::problem::{Code, Problem};
use crate::settings::Settings;
use crate::work::app::App;
use crate::work::tasks::JobKind;
use crate::work::{Credentials, Work};

const JOBS: &[Job] = &[
    (JobKind::ProposeAssignmentPlan, idle),
    (JobKind::ImportRegistrations, idle),
    (JobKind::ImportInputs, idle),
    (JobKind::RenderDocument, idle),
    (JobKind::Purge, idle),
];

fn idle(_: &crate::work::tasks::Task) -> Doing {
    Doing::Reads(|_, _| Ok(serde_json::Value::Null))
}

/// A feature that owns all that must be owned.
const OWNER: Feature = Feature {
    jobs: JOBS,
    mails: Template::ALL,
    holds_mail: Some(|_, _| Ok(false)),
    ties_of: Some(|_, _| Ok(Vec::new())),
    questions_open: Some(|_, _| Ok(false)),
    ..Feature::named("owner")
};

fn refusal(features: &'static [Feature]) -> String {
    Registry::of(features).err().unwrap_or_default()
}

#[test]
fn everything_belongs_to_one_feature() {
    static SOUND: &[Feature] = &[OWNER, Feature::named("other")];
    static NAMESAKES: &[Feature] = &[OWNER, Feature::named("owner")];
    static NOBODY: &[Feature] = &[Feature { jobs: &[], ..OWNER }];
    static TWO: &[Feature] =
        &[OWNER, Feature { mails: &[Template::SignInLink], ..Feature::named("other") }];
    static ANSWERS: &[Feature] =
        &[OWNER, Feature { ties_of: OWNER.ties_of, ..Feature::named("other") }];
    assert_eq!(refusal(SOUND), "");
    assert_eq!(refusal(NAMESAKES), "two features have the same name");
    assert_eq!(refusal(NOBODY), "the job import_inputs belongs to 0 features");
    assert_eq!(refusal(TWO), "the mail sign_in_link belongs to 2 features");
    assert_eq!(refusal(ANSWERS), "2 features answer ties_of");
}

/// Something happened; whether those who hear of it last must refuse it.
struct Happened {
    refused: bool,
}

impl Event for Happened {
    const NAME: &'static str = "happened";
}

struct Writes;

impl Reacts<Happened> for Writes {
    fn react(work: &mut Work, _: &Happened) -> Result<Moved, Problem> {
        work.mail(Mail {
            recipient: "asha.example@example.org".to_owned(),
            subject: "It happened".to_owned(),
            body: "It did.\n".to_owned(),
            template: Template::SignInLink.as_str(),
            html: None,
            language: Language::English,
            secret: None,
            about: None,
        })?;
        Ok(vec![("outbox_mails", 1)])
    }
}

struct Refuses;

impl Reacts<Happened> for Refuses {
    fn react(_: &mut Work, event: &Happened) -> Result<Moved, Problem> {
        if event.refused {
            Err(Problem::new(Code::InUse, "Not now."))
        } else {
            Ok(vec![("outbox_mails", 2), ("others", 5)])
        }
    }
}

#[test]
fn an_event_is_handled_by_all_or_nothing_of_it_happened() {
    static FEATURES: &[Feature] = &[
        OWNER,
        Feature { on_event: &[Reaction::to::<Happened, Writes>()], ..Feature::named("writes") },
        Feature { on_event: &[Reaction::to::<Happened, Refuses>()], ..Feature::named("refuses") },
    ];
    let folder = tempfile::tempdir().unwrap();
    let mut settings = Settings::defaults().unwrap();
    settings.data.folder = folder.path().join("data");
    let app = App::open(settings, Clock::System, Ids::sequence(), FEATURES).unwrap();
    let tell = |refused| {
        app.write_blocking(&Credentials::Operator, |work| work.tell(&Happened { refused }))
    };
    let waiting = || app.db.read_blocking(outbox::pending).unwrap();
    assert_eq!(tell(true).unwrap_err().code(), Code::InUse);
    assert_eq!(waiting(), 0, "what the first did is undone with what the last refused");
    let moved = tell(false).unwrap();
    assert_eq!((moved_of(&moved, "outbox_mails"), moved_of(&moved, "others")), (3, 5));
    assert_eq!(waiting(), 1);
    assert!(app.shared::<Happened>().is_err(), "nobody shares it");
}
