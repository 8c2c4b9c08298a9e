//! One lifecycle of consultation and report: every sequence of steps against a model, what stands in the way, and that nothing becomes
//! public by another way than an edition.

use std::collections::BTreeMap;

use rapporteur::access::{Role, ScopeKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, Request, World, consultation, id, registration};
use crate::on_both;

/// Steps in a row that are tried.
const LONGEST: usize = 6;

/// What stands, as a model has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Model {
    phase: &'static str,
    report: Option<&'static str>,
}

/// What somebody can try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Phase(&'static str),
    OpenReport,
    Report(&'static str),
    Publish,
}

const PHASES: [&str; 8] = [
    "planning",
    "open_call",
    "registration_closed",
    "in_session",
    "synthesis",
    "clearance",
    "published",
    "cancelled",
];

fn steps() -> Vec<Step> {
    let phases = PHASES.iter().map(|phase| Step::Phase(phase));
    let reports = ["clearance", "drafting"].map(Step::Report);
    phases.chain([Step::OpenReport, Step::Publish]).chain(reports).collect()
}

impl Model {
    const BEGINNING: Self = Self { phase: "planning", report: None };

    /// What stands after a step; none when it is refused.
    fn after(&self, step: Step) -> Option<Self> {
        let Self { phase, report } = self.clone();
        match (step, phase, report) {
            (Step::Phase("cancelled"), "published" | "cancelled", _) => None,
            (Step::Phase(to @ "cancelled"), ..) => Some(Self { phase: to, report }),
            (Step::Phase(to @ "clearance"), "synthesis", Some(_)) => {
                Some(Self { phase: to, report: Some("clearance") })
            }
            (Step::Phase("clearance" | "published"), ..) => None,
            (Step::Phase(to @ "synthesis"), "clearance", _) => {
                Some(Self { phase: to, report: Some("drafting") })
            }
            (Step::Phase(to), ..) => {
                let place = |one: &str| PHASES.iter().position(|phase| *phase == one).unwrap();
                let by_one = place(to).abs_diff(place(phase)) == 1
                    && !["published", "cancelled"].contains(&phase);
                by_one.then_some(Self { phase: to, report })
            }
            (Step::OpenReport, "in_session" | "synthesis" | "clearance", None) => {
                Some(Self { phase, report: Some("drafting") })
            }
            (Step::OpenReport, ..) => None,
            (Step::Report(to @ "clearance"), "synthesis", Some("drafting")) => {
                Some(Self { phase: "clearance", report: Some(to) })
            }
            (Step::Report(to @ "clearance"), "published", Some("drafting")) => {
                Some(Self { phase, report: Some(to) })
            }
            (Step::Report(to @ "drafting"), "clearance", Some("clearance")) => {
                Some(Self { phase: "synthesis", report: Some(to) })
            }
            (Step::Report(to @ "drafting"), _, Some("clearance" | "published")) => {
                Some(Self { phase, report: Some(to) })
            }
            (Step::Report(_), ..) => None,
            (Step::Publish, "clearance" | "published", Some("clearance")) => {
                Some(Self { phase: "published", report: Some("published") })
            }
            (Step::Publish, ..) => None,
        }
    }
}

/// A review in which consultations are made one after the other, each taken along another way.
struct Ground {
    secretariat: Person,
    review: String,
    made: i64,
    /// The working group of the latest consultation.
    group: String,
    /// Who confirms what is proposed, once there is somebody.
    second: Option<Person>,
}

impl Ground {
    async fn new(world: &World) -> Self {
        let (secretariat, review, _) = world.consultation(None, "automatic").await;
        Self {
            secretariat,
            review: id(&review).to_owned(),
            made: 10,
            group: String::new(),
            second: None,
        }
    }

    /// A consultation that was taken along a way.
    async fn taken(&mut self, world: &World, way: &[Step]) -> String {
        self.made += 1;
        let mut new = consultation();
        new["ordinal"] = json!(self.made);
        let path = format!("/api/v1/reviews/{}/consultations", self.review);
        let made = world.make(&self.secretariat, &path, new).await;
        let of = id(&made).to_owned();
        let path = format!("/api/v1/consultations/{of}/working-groups");
        let group = json!({ "number": 1, "clusters": [[4]], "min_size": 1, "max_size": 9, "languages": ["en"] });
        self.group = id(&world.make(&self.secretariat, &path, group).await).to_owned();
        for step in way {
            let answer = agreed_and_taken(world, &self.secretariat, &of, *step).await;
            assert!(answer.status < 300, "{way:?}, {step:?}: {} {}", answer.status, answer.text);
            if let Some(second) = self.second.as_ref().filter(|_| answer.status == 202) {
                world.confirmed(second, answer).await;
            }
        }
        of
    }
}

/// A resource in the version that `who` sees, or nothing.
async fn seen(world: &World, who: &Person, path: &str) -> Option<Value> {
    let answer = world.get(Some(who), path).await;
    (answer.status == 200).then_some(answer.json)
}

/// Tries a step, with a reason and despite whatever can be waived.
async fn take(world: &World, who: &Person, consultation: &str, step: Step) -> Answer {
    let of = format!("/api/v1/consultations/{consultation}");
    let on = match step {
        Step::Phase(_) => of.clone(),
        Step::OpenReport => return world.post(who, &format!("{of}/report"), json!({})).await,
        Step::Report(_) | Step::Publish => match seen(world, who, &format!("{of}/report")).await {
            Some(report) => format!("/api/v1/reports/{}", id(&report)),
            None => "/api/v1/reports/00000000-0000-4000-8000-000000000000".to_owned(),
        },
    };
    let version = seen(world, who, &on).await.map_or(1, |one| one["version"].as_i64().unwrap());
    let despite =
        json!(["no_date", "no_capacity", "no_groups", "no_assignment", "figures_released"]);
    let (path, body) = match step {
        Step::Phase(to) => {
            (format!("{on}/phase"), json!({ "to": to, "reason": "A test.", "despite": despite }))
        }
        Step::Report(to) => (format!("{on}/state"), json!({ "to": to, "reason": "A test." })),
        Step::OpenReport | Step::Publish => (format!("{on}/publish"), json!({})),
    };
    world.send(Request::new(Method::POST, &path).by(Some(who)).version(version).body(body)).await
}

/// As [`take`]; what is published was agreed to before.
async fn agreed_and_taken(world: &World, who: &Person, consultation: &str, step: Step) -> Answer {
    if matches!(step, Step::Publish) {
        agree(world, who, consultation).await;
    }
    take(world, who, consultation, step).await
}

/// Has somebody agree to the report of a consultation, if there is one.
async fn agree(world: &World, who: &Person, consultation: &str) {
    let report = format!("/api/v1/consultations/{consultation}/report");
    if let Some(report) = seen(world, who, &report).await {
        world.clear(who, &format!("/api/v1/reports/{}", id(&report))).await;
    }
}

/// What stands there.
async fn stands(world: &World, who: &Person, consultation: &str) -> (String, Option<String>) {
    let of = format!("/api/v1/consultations/{consultation}");
    let phase = seen(world, who, &of).await.unwrap()["phase"].as_str().unwrap().to_owned();
    let report = seen(world, who, &format!("{of}/report")).await;
    (phase, report.map(|one| one["state"].as_str().unwrap().to_owned()))
}

on_both!(every_sequence_of_steps_is_what_the_model_says, |world: World| async move {
    let mut ground = Ground::new(&world).await;
    // Each state that is reached, with the shortest way to it; and every way of up to six steps.
    let mut reached: BTreeMap<Model, Vec<Step>> = BTreeMap::from([(Model::BEGINNING, vec![])]);
    let (mut ways, mut sequences) = (vec![(Model::BEGINNING, vec![])], 0);
    for _ in 0..LONGEST {
        let mut longer: Vec<(Model, Vec<Step>)> = Vec::new();
        for (model, way) in ways {
            for step in steps() {
                sequences += 1;
                let Some(after) = model.after(step) else { continue };
                let way: Vec<Step> = way.iter().copied().chain([step]).collect();
                reached.entry(after.clone()).or_insert_with(|| way.clone());
                longer.push((after, way));
            }
        }
        ways = longer;
    }
    // What leads further than six steps, so that the end is reached as well.
    let way_out = [
        Step::Phase("open_call"),
        Step::Phase("registration_closed"),
        Step::Phase("in_session"),
        Step::OpenReport,
        Step::Phase("synthesis"),
        Step::Report("clearance"),
        Step::Publish,
        Step::Report("drafting"),
        Step::Report("clearance"),
    ];
    let mut model = Model::BEGINNING;
    for at in 0..way_out.len() {
        model = model.after(way_out[at]).unwrap();
        reached.entry(model.clone()).or_insert_with(|| way_out[..=at].to_vec());
    }
    // Where two ways lead to the same state, what can be done there is the same: each state is tried once with everything, and every
    // fortieth way is walked to its end.
    for (model, way) in &reached {
        for step in steps() {
            let of = ground.taken(&world, way).await;
            let answer = agreed_and_taken(&world, &ground.secretariat, &of, step).await;
            let expected = model.after(step);
            let said = format!("{model:?}, {step:?}: {} {}", answer.status, answer.text);
            assert_eq!(answer.status < 300, expected.is_some(), "{said}");
            assert!(answer.status < 300 || [404, 409].contains(&answer.status), "{said}");
            let now = expected.as_ref().unwrap_or(model);
            let (phase, report) = stands(&world, &ground.secretariat, &of).await;
            assert_eq!((phase.as_str(), report.as_deref()), (now.phase, now.report), "{said}");
        }
        // No state without a way on, but those at the end.
        let on = steps().into_iter().any(|step| model.after(step).is_some());
        assert!(on || model.phase == "cancelled", "{model:?} has no way on");
    }
    for (model, way) in ways.iter().step_by(40) {
        let of = ground.taken(&world, way).await;
        let (phase, report) = stands(&world, &ground.secretariat, &of).await;
        assert_eq!((phase.as_str(), report.as_deref()), (model.phase, model.report), "{way:?}");
    }
    println!("{sequences} sequences, {} states, {} ways of {LONGEST}", reached.len(), ways.len());
});

on_both!(what_is_said_to_be_allowed_is_allowed_and_nothing_else, |world: World| async move {
    let mut ground = Ground::new(&world).await;
    let to_session =
        [Step::Phase("open_call"), Step::Phase("registration_closed"), Step::Phase("in_session")];
    let to_draft = [&to_session[..], &[Step::OpenReport]].concat();
    let to_synthesis = [&to_draft[..], &[Step::Phase("synthesis")]].concat();
    let to_clearance = [&to_synthesis[..], &[Step::Report("clearance")]].concat();
    let to_published = [&to_clearance[..], &[Step::Publish]].concat();
    let to_corrigendum = [&to_published[..], &[Step::Report("drafting")]].concat();
    // In clearance, before anybody agreed and afterwards.
    let ways: [(&[Step], bool); 9] = [
        (&[], false),
        (&to_session[..1], false),
        (&to_session, false),
        (&to_draft, false),
        (&to_synthesis, false),
        (&to_clearance, false),
        (&to_clearance, true),
        (&to_published, false),
        (&to_corrigendum, false),
    ];
    let organization =
        json!({ "name": "A network of refugees", "sector": "civil_society", "country": "TH" });
    let organization = world.make(&ground.secretariat, "/api/v1/organizations", organization).await;
    ground.second = Some(world.deputy("Dara Deputy", &ground.review, id(&organization)));
    let mut tried = 0;
    for (way, agreed) in ways {
        for (role, kind) in [
            (Role::Secretariat, ScopeKind::Instance),
            (Role::CoOrganizer, ScopeKind::Consultation),
            (Role::CoHost, ScopeKind::WorkingGroup),
            (Role::Rapporteur, ScopeKind::WorkingGroup),
            (Role::Deputy, ScopeKind::Review),
            (Role::Administrator, ScopeKind::Instance),
        ] {
            for (action, steps) in [
                ("advance", PHASES.map(Step::Phase).to_vec()),
                ("clear", vec![Step::Report("clearance")]),
                ("reopen", vec![Step::Report("drafting")]),
                ("publish", vec![Step::Publish]),
            ] {
                let of = ground.taken(&world, way).await;
                if agreed {
                    agree(&world, &ground.secretariat, &of).await;
                }
                let on = match kind {
                    ScopeKind::Consultation => of.clone(),
                    ScopeKind::Review => ground.review.clone(),
                    ScopeKind::WorkingGroup => ground.group.clone(),
                    ScopeKind::Instance => String::new(),
                };
                let who = world.person(&format!("{role} number {}", ground.made));
                world.grant(&who, role, kind, &on);
                let path = format!("/api/v1/consultations/{of}");
                let path = if action == "advance" { path } else { format!("{path}/report") };
                let shown = seen(&world, &who, &path).await;
                let actions = shown.map(|one| one["allowed_actions"].clone()).unwrap_or_default();
                let allowed =
                    actions.as_array().is_some_and(|all| all.iter().any(|one| one == action));
                let mut works = false;
                for step in steps {
                    let answer = take(&world, &who, &of, step).await;
                    assert!(answer.status < 500, "{}", answer.text);
                    works |= answer.status < 300;
                    tried += 1;
                    if works {
                        break;
                    }
                }
                assert_eq!(allowed, works, "{role} after {way:?}: {action}, of {actions}");
            }
        }
    }
    println!("{tried} steps tried");
});

on_both!(a_participant_is_told_what_they_can_do, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    let of = format!("/api/v1/consultations/{}", id(&consultation));
    let one = world.person("Pat Icipant");
    let told = async |expected: Value| {
        let seen = world.get(Some(&one), &of).await.json;
        assert_eq!(seen["allowed_actions"], expected, "{seen}");
    };
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    told(json!(["register"])).await;
    let registrations = format!("{of}/registrations");
    let made = world.make(&one, &registrations, registration("media", "TH")).await;
    told(json!(["change_preferences", "take_receipt"])).await;
    world
        .post(&one, &registrations, registration("media", "TH"))
        .await
        .is_problem(409, "already_registered");
    let receipts = format!("{of}/receipts");
    world.make(&one, &receipts, json!({})).await;
    told(json!(["change_preferences", "take_receipt"])).await;
    world.make(&one, &receipts, json!({})).await;
    told(json!(["change_preferences"])).await;
    world.post(&one, &receipts, json!({})).await.is_problem(409, "no_more_receipts");
    world.phases(&secretariat, id(&consultation), &["registration_closed", "in_session"]).await;
    told(json!([])).await;
    // Withdrawn, and the call open again: they may come back.
    world.phases(&secretariat, id(&consultation), &["registration_closed", "open_call"]).await;
    let path = format!("/api/v1/registrations/{}", id(&made));
    let version = world.get(Some(&one), &path).await.json["version"].as_i64().unwrap();
    world.change(&one, Method::POST, &format!("{path}/withdrawal"), version, json!({})).await;
    told(json!(["register"])).await;
    world.make(&one, &registrations, registration("media", "TH")).await;
});

on_both!(what_stands_in_the_way_is_told_and_waived_for_a_reason, |world: World| async move {
    let secretariat = world.person_with("Sec Retariat", Role::Secretariat, ScopeKind::Instance, "");
    let review = world.make(&secretariat, "/api/v1/reviews", crate::harness::review()).await;
    let mut new = consultation();
    for field in ["held_on", "starts_at", "ends_at", "capacity"] {
        new.as_object_mut().unwrap().remove(field);
    }
    let path = format!("/api/v1/reviews/{}/consultations", id(&review));
    let made = world.make(&secretariat, &path, new).await;
    let of = format!("/api/v1/consultations/{}", id(&made));
    let go = async |body: Value| {
        let version = world.get(Some(&secretariat), &of).await.json["version"].as_i64().unwrap();
        let request = Request::new(Method::POST, &format!("{of}/phase")).by(Some(&secretariat));
        world.send(request.version(version).body(body)).await
    };
    let steps = format!("{of}/steps");
    let next = world.get(Some(&secretariat), &steps).await.json["next"].clone();
    let codes: Vec<&str> = next[0]["blocking"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["code"].as_str().unwrap())
        .collect();
    assert_eq!(
        (next[0]["to"].as_str(), codes),
        (Some("open_call"), vec!["no_date", "no_capacity", "no_groups"])
    );
    assert!(
        next[0]["blocking"][0]["who_can"]
            .as_array()
            .unwrap()
            .iter()
            .any(|role| role == "secretariat"),
        "{next}"
    );
    let refused = go(json!({ "to": "open_call" })).await;
    refused.is_problem(409, "step_blocked");
    assert_eq!(refused.json["errors"].as_array().unwrap().len(), 3, "{}", refused.text);
    // Waived in part is not waived, and not without a reason.
    go(json!({ "to": "open_call", "reason": "Soon.", "despite": ["no_date"] }))
        .await
        .is_problem(409, "step_blocked");
    let all = json!(["no_date", "no_capacity", "no_groups"]);
    let silent = go(json!({ "to": "open_call", "despite": all })).await;
    silent.is_problem(422, "invalid_value");
    silent.points_to("/reason");
    assert_eq!(
        go(json!({ "to": "open_call", "reason": "The day is announced later.", "despite": all }))
            .await
            .status,
        200
    );
    // Back, as long as nobody answered.
    let silent = go(json!({ "to": "planning" })).await;
    silent.points_to("/reason");
    assert_eq!(go(json!({ "to": "planning", "reason": "Too early." })).await.status, 200);
    assert_eq!(
        go(json!({ "to": "open_call", "reason": "Now.", "despite": all })).await.status,
        200
    );
    let somebody = world.person("Some Body");
    world.make(&somebody, &format!("{of}/registrations"), registration("media", "TH")).await;
    let heard = go(json!({ "to": "planning", "reason": "Too early.", "despite": all })).await;
    heard.is_problem(409, "step_blocked");
    assert_eq!(heard.json["errors"][0]["code"], "registered");
    // A call is extended after it was closed.
    assert_eq!(go(json!({ "to": "registration_closed" })).await.status, 200);
    assert_eq!(
        go(json!({ "to": "open_call", "reason": "Two countries asked for time." })).await.status,
        200
    );
    let taken = world.get(Some(&secretariat), &steps).await.json["taken"].clone();
    assert_eq!(taken[0]["reason"], "Two countries asked for time.");
    assert_eq!(taken.as_array().unwrap().len(), 5, "{taken}");
    assert_eq!(taken[4]["despite"], all, "the first is last: {taken}");
    // Those who do not read plans learn of no reason.
    world.get(Some(&somebody), &steps).await.is_problem(403, "forbidden");
    world.get(None, &steps).await.is_problem(401, "unauthenticated");
    // What people were told they have time for is not cut short.
    go(json!({ "to": "registration_closed" })).await;
    let opens = world.app.clock.now();
    let windows = json!({ "windows": [{ "moment": "during", "opens_at": opens, "closes_at": opens.plus(chrono::Duration::hours(80)) }] });
    let set = Request::new(Method::PUT, &format!("{of}/input-windows"))
        .by(Some(&secretariat))
        .body(windows);
    let set = world.send(set).await;
    assert_eq!(set.status, 200, "{}", set.text);
    let body = json!({ "to": "in_session", "reason": "No groups.", "despite": ["no_assignment"] });
    assert_eq!(go(body).await.status, 200);
    let early = go(json!({ "to": "synthesis" })).await;
    early.is_problem(409, "step_blocked");
    assert_eq!(early.json["errors"][0]["code"], "window_open", "{}", early.text);
});

on_both!(no_two_reports_carry_the_same_symbol, |world: World| async move {
    let mut ground = Ground::new(&world).await;
    let way = [
        Step::Phase("open_call"),
        Step::Phase("registration_closed"),
        Step::Phase("in_session"),
        Step::OpenReport,
        Step::Phase("synthesis"),
        Step::Phase("clearance"),
    ];
    let mut reports = Vec::new();
    for _ in 0..2 {
        let of = ground.taken(&world, &way).await;
        let path = format!("/api/v1/consultations/{of}/report");
        reports.push(seen(&world, &ground.secretariat, &path).await.unwrap());
    }
    let publish = async |report: &Value, symbol: &str| {
        let path = format!("/api/v1/reports/{}", id(report));
        world.clear(&ground.secretariat, &path).await;
        let version =
            seen(&world, &ground.secretariat, &path).await.unwrap()["version"].as_i64().unwrap();
        let request =
            Request::new(Method::POST, &format!("{path}/publish")).by(Some(&ground.secretariat));
        world.send(request.version(version).body(json!({ "symbol": symbol }))).await
    };
    let steps = format!("/api/v1/reports/{}/steps", id(&reports[0]));
    let steps = async || world.get(Some(&ground.secretariat), &steps).await.json;
    let told = steps().await;
    assert_eq!(
        (&told["next"][0]["to"], &told["next"][0]["blocking"][0]["code"]),
        (&json!("published"), &json!("no_clearance_round")),
        "{told}"
    );
    world.clear(&ground.secretariat, &format!("/api/v1/reports/{}", id(&reports[0]))).await;
    assert_eq!(steps().await["next"][0]["blocking"], json!([]));
    assert_eq!(told["taken"][0]["to"], "clearance", "it went with its consultation: {told}");
    assert_eq!(publish(&reports[0], "ESCAP/GCM/2020/1").await.status, 200);
    let told = steps().await;
    assert_eq!(
        (&told["taken"][0]["to"], &told["next"][0]["to"]),
        (&json!("published"), &json!("drafting")),
        "{told}"
    );
    let twice = publish(&reports[1], "ESCAP/GCM/2020/1").await;
    twice.is_problem(409, "already_exists");
    assert!(twice.text.contains("symbol"), "{}", twice.text);
    let papers = format!("/api/v1/reviews/{}/papers", ground.review);
    let open = async |symbol: &str| {
        let request = Request::new(Method::POST, &papers).by(Some(&ground.secretariat));
        world.send(request.body(json!({ "symbol": symbol }))).await
    };
    let taken = open("ESCAP/GCM/2020/1").await;
    taken.is_problem(409, "already_exists");
    assert_eq!(taken.json["errors"][0]["pointer"], "/symbol", "{}", taken.text);
    // Those of corrigenda and revisions follow by rule: no other report takes one before.
    for symbol in ["ESCAP/GCM/2020/1/Corr.1", "ESCAP/GCM/2020/1/Rev.1"] {
        open(symbol).await.is_problem(422, "invalid_value");
        publish(&reports[1], symbol).await.is_problem(422, "invalid_value");
    }
    assert_eq!(publish(&reports[1], "ESCAP/GCM/2020/2").await.status, 200);
    // Nor is it taken away from a report that was published under it.
    let path = format!("/api/v1/reports/{}", id(&reports[0]));
    let version = async || {
        seen(&world, &ground.secretariat, &path).await.unwrap()["version"].as_i64().unwrap()
    };
    let request =
        Request::new(Method::POST, &format!("{path}/state")).by(Some(&ground.secretariat));
    let again = json!({ "to": "drafting", "reason": "A word is wrong." });
    let reopened = world.send(request.version(version().await).body(again)).await;
    assert_eq!(reopened.status, 200, "{}", reopened.text);
    let request = Request::new(Method::PATCH, &path).by(Some(&ground.secretariat));
    let bare = world.send(request.version(version().await).body(json!({ "symbol": null }))).await;
    bare.is_problem(422, "invalid_value");
});
