//! The rules of consultations and their programmes, as sentences and as properties.

use crate::db::types::Id;
use proptest::prelude::*;
use uuid::Uuid;

use super::programme::check_still_covered;
use super::*;
use crate::access::{HeldRole, Role, ScopeKind};
use crate::ids::Ids;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn objectives(numbers: &[u8]) -> Vec<ObjectiveNumber> {
    numbers.iter().map(|number| ObjectiveNumber::try_from(*number).unwrap()).collect()
}

fn new() -> NewConsultation {
    NewConsultation {
        ordinal: 2,
        theme: "Border governance".into(),
        held_on: NaiveDate::from_ymd_opt(2020, 11, 19),
        starts_at: Some(at("2020-11-19T04:00:00Z")),
        ends_at: Some(at("2020-11-19T07:30:00Z")),
        zone: chrono_tz::Asia::Bangkok,
        mode: Mode::Virtual,
        venue: None,
        objectives: objectives(&[4, 8, 9, 10, 11, 13, 21]),
        languages: vec!["en".into()],
        capacity: Some(80),
        admission: Admission::Vetted,
    }
}

fn consultation() -> Consultation {
    let ids = Ids::sequence();
    Consultation::new(ids.next(), ids.next(), new(), at("2020-10-01T00:00:00Z"))
}

fn in_phase(phase: Phase) -> Consultation {
    Consultation { phase, ..consultation() }
}

fn pointers(result: Result<(), Problem>) -> Vec<String> {
    let problem = result.unwrap_err();
    assert_eq!(problem.code(), Code::InvalidValue);
    problem.errors().iter().map(|error| error.pointer.clone()).collect()
}

fn group(consultation: &Consultation, number: i32, clusters: &[&[u8]]) -> WorkingGroup {
    let id = Id::new(Uuid::from_u128(u128::from(number.unsigned_abs())));
    WorkingGroup {
        id,
        consultation_id: consultation.id,
        number,
        clusters: clusters.iter().map(|cluster| objectives(cluster)).collect(),
        min_size: 20,
        max_size: 35,
        languages: vec!["en".into()],
        version: 1,
        created_at: consultation.created_at,
        updated_at: consultation.created_at,
    }
}

fn session(consultation: &Consultation, kind: SessionKind) -> Session {
    Session {
        id: Id::new(Uuid::from_u128(1)),
        consultation_id: consultation.id,
        position: 1,
        kind,
        title: "First round".into(),
        starts_at: Some(at("2020-11-19T04:30:00Z")),
        ends_at: Some(at("2020-11-19T05:35:00Z")),
        moderator: None,
        speakers: Vec::new(),
        attribution_rule: kind.default_rule(),
        round_id: None,
        note: None,
        joining_url: None,
        version: 1,
        created_at: consultation.created_at,
        updated_at: consultation.created_at,
    }
}

fn round(consultation: &Consultation, number: i32) -> Round {
    Round {
        id: Id::new(Uuid::from_u128(u128::from(number.unsigned_abs()))),
        consultation_id: consultation.id,
        number,
        starts_at: None,
        ends_at: None,
        version: 1,
        created_at: consultation.created_at,
        updated_at: consultation.created_at,
    }
}

fn any_phase() -> impl Strategy<Value = Phase> {
    prop::sample::select(Phase::ALL)
}

fn any_activity() -> impl Strategy<Value = Activity> {
    prop::sample::select(Activity::ALL)
}

// ---------------------------------------------------------------------------------------------- phases

#[test]
fn a_consultation_goes_from_planning_to_published_one_phase_at_a_time() {
    let way = [OpenCall, RegistrationClosed, InSession, Synthesis, Clearance, Published];
    let end = way.into_iter().try_fold(Planning, Phase::advance).unwrap();
    assert_eq!(end, Published);
}

#[test]
fn it_is_cancelled_from_any_phase_before_published() {
    for phase in Phase::ALL {
        let open = !matches!(phase, Published | Cancelled);
        assert_eq!(phase.advance(Cancelled).is_ok(), open, "{phase}");
    }
}

#[test]
fn a_refusal_names_the_phases_that_lead_there() {
    let refusal = Planning.advance(InSession).unwrap_err();
    assert_eq!(refusal.code(), Code::InvalidTransition);
    let expected = "The phase in_session is reached from registration_closed, synthesis; the consultation is in planning.";
    assert_eq!(refusal.detail(), expected);
    let back = InSession.advance(Planning).unwrap_err();
    let expected =
        "The phase planning is reached from open_call; the consultation is in in_session.";
    assert_eq!(back.detail(), expected);
}

#[test]
fn every_activity_has_its_row_and_only_one() {
    let rows: Vec<Activity> = TABLE.iter().map(|(activity, _)| *activity).collect();
    assert_eq!(rows, Activity::ALL);
    assert!(Activity::ALL.iter().all(|activity| !activity.phases().is_empty()));
}

proptest! {
    #[test]
    fn a_step_goes_by_one_or_ends_it(from in any_phase(), to in any_phase()) {
        let order = |phase: Phase| Phase::ALL.iter().position(|other| *other == phase);
        match from.advance(to) {
            Ok(next) => {
                prop_assert_eq!(next, to);
                let ended = matches!(from, Published | Cancelled);
                prop_assert!(!ended);
                let by_one = order(to).zip(order(from)).is_some_and(|(to, from)| to.abs_diff(from) == 1);
                prop_assert!(to == Cancelled || by_one);
                prop_assert_eq!(from.is_back(to), order(to) < order(from));
            }
            Err(refusal) => {
                prop_assert_eq!(refusal.code(), Code::InvalidTransition);
                for phase in Phase::ALL.iter().filter(|phase| phase.next().contains(&to)) {
                    prop_assert!(refusal.detail().contains(phase.as_str()));
                }
            }
        }
    }

    #[test]
    fn no_walk_leaves_the_end_and_every_other_phase_has_a_way_on(walk in prop::collection::vec(any_phase(), 0..40)) {
        let mut phase = Planning;
        for to in walk {
            if let Ok(next) = phase.advance(to) {
                prop_assert!(!matches!(phase, Published | Cancelled));
                phase = next;
            }
        }
        let ended = matches!(phase, Published | Cancelled);
        prop_assert_eq!(phase.next().is_empty(), ended);
    }

    #[test]
    fn what_a_phase_does_not_allow_is_refused_with_the_phases_that_do(
        phase in any_phase(), activity in any_activity(),
    ) {
        match in_phase(phase).require(activity) {
            Ok(()) => prop_assert!(activity.phases().contains(&phase)),
            Err(refusal) => {
                prop_assert_eq!(refusal.code(), Code::NotInThisPhase);
                prop_assert!(!activity.phases().contains(&phase));
                for allowed in activity.phases() {
                    prop_assert!(refusal.detail().contains(allowed.as_str()));
                }
            }
        }
    }

    #[test]
    fn nothing_happens_any_more_at_the_end(activity in any_activity()) {
        prop_assert!(in_phase(Published).require(activity).is_err());
        prop_assert!(in_phase(Cancelled).require(activity).is_err());
    }

    #[test]
    fn allowed_actions_are_allowed_by_the_phase(phase in any_phase(), role in prop::sample::select(Role::ALL)) {
        let consultation = in_phase(phase);
        let scope_kind = role.scopes()[0];
        let scope_id = match scope_kind {
            ScopeKind::Instance => Uuid::nil(),
            ScopeKind::Review => consultation.review_id.uuid(),
            ScopeKind::Consultation => consultation.id.uuid(),
            ScopeKind::WorkingGroup => Uuid::from_u128(1),
        };
        let held = HeldRole { role, scope_kind, scope_id, consultation: Some(consultation.id.uuid()) };
        let caller = Caller::account(Id::new(Uuid::from_u128(9)), vec![held]);
        let actions = consultation.allowed_actions(&caller);
        for action in &actions {
            let activity: Activity = action.parse().unwrap();
            prop_assert!(consultation.require(activity).is_ok());
        }
        for action in consultation.allowed_actions(&Caller::anonymous()) {
            prop_assert!(actions.contains(&action));
        }
    }
}

#[test]
fn the_public_may_register_in_the_open_call_and_nothing_else() {
    for phase in Phase::ALL {
        let actions = in_phase(*phase).allowed_actions(&Caller::anonymous());
        let expected = if *phase == OpenCall { vec!["register"] } else { vec![] };
        assert_eq!(actions, expected, "{phase}");
    }
}

#[test]
fn only_planning_is_hidden() {
    for phase in Phase::ALL {
        assert_eq!(phase.is_public(), *phase != Planning);
    }
}

// ---------------------------------------------------------------------------------------------- values

#[test]
fn the_reference_consultation_is_accepted() {
    consultation().check().unwrap();
}

#[test]
fn a_date_and_times_may_be_unknown() {
    let unknown = Consultation { held_on: None, starts_at: None, ends_at: None, ..consultation() };
    unknown.check().unwrap();
    let day_only = Consultation { starts_at: None, ends_at: None, ..consultation() };
    day_only.check().unwrap();
}

#[test]
fn the_day_is_the_day_in_the_zone() {
    // 23:30 in London is the next morning in Bangkok.
    let late = Some(at("2020-11-18T23:30:00Z"));
    let bangkok = Consultation { starts_at: late, ..consultation() };
    bangkok.check().unwrap();
    let london = Consultation { zone: chrono_tz::Europe::London, ..bangkok };
    assert_eq!(pointers(london.check()), ["/starts_at"]);
}

#[test]
fn everything_wrong_is_reported_at_its_place() {
    let wrong = Consultation {
        ordinal: 0,
        theme: String::new(),
        ends_at: Some(at("2020-11-19T04:00:00Z")),
        objectives: objectives(&[8, 4, 4]),
        languages: vec!["en".into(), "English".into(), "en".into()],
        capacity: Some(0),
        ..consultation()
    };
    let expected = [
        "/ordinal",
        "/theme",
        "/capacity",
        "/objectives/1",
        "/objectives/2",
        "/languages/1",
        "/languages/2",
        "/ends_at",
    ];
    assert_eq!(pointers(wrong.check()), expected);
}

#[test]
fn a_zone_is_an_iana_name() {
    assert_eq!(zone("Asia/Bangkok").unwrap(), chrono_tz::Asia::Bangkok);
    for bad in ["", "Bangkok", "+07:00", "UTC+7"] {
        assert_eq!(zone(bad).unwrap_err().errors()[0].pointer, "/zone", "{bad}");
    }
}

#[test]
fn a_time_is_shown_in_its_zone_with_its_name() {
    let shown = consultation().local_time();
    assert_eq!(shown.as_deref(), Some("11:00–14:30 hrs. (Bangkok time)"));
    let open_end = Consultation { ends_at: None, ..consultation() };
    assert_eq!(open_end.local_time().as_deref(), Some("11:00 hrs. (Bangkok time)"));
    let zone = chrono_tz::America::New_York;
    let shown = Consultation { zone, ..consultation() }.local_time();
    assert_eq!(shown.as_deref(), Some("23:00–02:30 hrs. (New York time)"));
    assert_eq!(Consultation { starts_at: None, ..consultation() }.local_time(), None);
}

#[test]
fn a_language_is_a_tag() {
    for good in ["en", "fil", "zh-Hant", "pt-BR", "sl-rozaj-biske"] {
        assert!(is_language_tag(good), "{good}");
    }
    for bad in ["", "e", "English", "EN", "en-", "en_GB", "en--GB", "ไทย"] {
        assert!(!is_language_tag(bad), "{bad}");
    }
}

proptest! {
    #[test]
    fn objectives_are_accepted_in_order_and_once(numbers in prop::collection::vec(1u8..=23, 0..6)) {
        let sorted = numbers.windows(2).all(|pair| pair[0] < pair[1]);
        let consultation = Consultation { objectives: objectives(&numbers), ..consultation() };
        prop_assert_eq!(consultation.check().is_ok(), sorted && !numbers.is_empty());
    }

    #[test]
    fn no_two_groups_share_an_objective(
        first in prop::collection::vec(1u8..=23, 1..4), second in prop::collection::vec(1u8..=23, 1..4),
    ) {
        let consultation = Consultation { objectives: ObjectiveNumber::all().collect(), ..consultation() };
        let one = group(&consultation, 1, &[&first]);
        let other = group(&consultation, 2, &[&second]);
        let once = |numbers: &[u8]| {
            let set: BTreeSet<_> = numbers.iter().collect();
            set.len() == numbers.len()
        };
        let apart = second.iter().all(|number| !first.contains(number));
        prop_assert_eq!(one.check(&consultation, &[]).is_ok(), once(&first));
        prop_assert_eq!(other.check(&consultation, &[one]).is_ok(), once(&second) && apart);
    }
}

#[test]
fn the_groups_of_the_reference_consultation_are_accepted() {
    let consultation = consultation();
    let mut groups = Vec::new();
    for (number, clusters) in
        [(1, vec![&[4][..], &[8], &[21]]), (2, vec![&[9, 10][..]]), (3, vec![&[11, 13][..]])]
    {
        let group = group(&consultation, number, &clusters);
        group.check(&consultation, &groups).unwrap();
        groups.push(group);
    }
    // Changing one does not meet its own objectives.
    groups[0].check(&consultation, &groups).unwrap();
    check_still_covered(&consultation, &groups).unwrap();
    let fewer = Consultation { objectives: objectives(&[4, 8, 9, 11, 13, 21]), ..consultation };
    assert_eq!(pointers(check_still_covered(&fewer, &groups)), ["/objectives"]);
}

#[test]
fn a_group_is_told_which_of_its_values_are_wrong() {
    let consultation = consultation();
    let others = [group(&consultation, 2, &[&[9, 10]])];
    let wrong = WorkingGroup {
        min_size: 10,
        max_size: 9,
        languages: Vec::new(),
        ..group(&consultation, 1, &[&[4], &[], &[4, 10, 23]])
    };
    let expected = [
        "/max_size",
        "/languages",
        "/clusters/1",
        "/clusters/2/0",
        "/clusters/2/1",
        "/clusters/2/2",
    ];
    assert_eq!(pointers(wrong.check(&consultation, &others)), expected);
}

#[test]
fn what_is_said_in_groups_plenary_and_questions_is_under_the_chatham_house_rule_by_default() {
    for kind in SessionKind::ALL {
        let on_record =
            matches!(kind, SessionKind::Opening | SessionKind::Closing | SessionKind::Arrival);
        assert_eq!(kind.default_rule() == AttributionRule::OnRecord, on_record, "{kind}");
    }
}

#[test]
fn a_session_holds_a_round_of_its_own_consultation_or_none() {
    let consultation = consultation();
    let rounds = [round(&consultation, 1)];
    let holds = |kind, round| Session {
        round_id: Some(Id::new(Uuid::from_u128(round))),
        ..session(&consultation, kind)
    };
    holds(SessionKind::WorkingGroups, 1).check(&consultation, &rounds).unwrap();
    let foreign = holds(SessionKind::WorkingGroups, 7).check(&consultation, &rounds);
    assert_eq!(pointers(foreign), ["/round_id"]);
    let opening = holds(SessionKind::Opening, 1).check(&consultation, &rounds);
    assert_eq!(pointers(opening), ["/round_id"]);
}

#[test]
fn a_session_and_a_round_are_on_the_day() {
    let consultation = consultation();
    let next_day = Some(at("2020-11-19T18:00:00Z"));
    let late = Session { ends_at: next_day, ..session(&consultation, SessionKind::Plenary) };
    assert_eq!(pointers(late.check(&consultation, &[])), ["/ends_at"]);
    let late = Round { ends_at: next_day, ..round(&consultation, 1) };
    assert_eq!(pointers(late.check(&consultation)), ["/ends_at", "/ends_at"]);
}

#[test]
fn only_speakers_who_agreed_are_named_to_everybody() {
    let consultation = consultation();
    let speaker = |name: &str, named_consent| Speaker {
        name: name.into(),
        affiliation: None,
        kind: SpeakerKind::Speaker,
        named_consent,
    };
    let speakers = vec![speaker("Asha Example", true), speaker("Omar Sample", false)];
    let session = Session { speakers, ..session(&consultation, SessionKind::Opening) };
    let named: Vec<_> = session.named_speakers().map(|speaker| speaker.name.as_str()).collect();
    assert_eq!(named, ["Asha Example"]);
}
