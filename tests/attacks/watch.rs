//! A colleague who reads everything, again and again, and looks at what changed: every operation that only reads, its answers with
//! their ETags, the audit log and the figures of the program.

use std::collections::{BTreeMap, BTreeSet};

use rapporteur::access::{Role, ScopeKind};
use rapporteur::work::Credentials;
use serde_json::Value;

use crate::crowd::Crowd;
use crate::harness::{Person, World, id};

/// Who watches, and what.
pub struct Watch {
    watchers: Vec<Person>,
    templates: Vec<String>,
    ids: Vec<(&'static str, Vec<String>)>,
}

/// All that is seen at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen(pub BTreeMap<String, String>);

impl Seen {
    /// Where something else is seen than before.
    pub fn differences(&self, before: &Self) -> Vec<String> {
        let places: BTreeSet<&String> = self.0.keys().chain(before.0.keys()).collect();
        let differs = |place: &&&String| self.0.get(**place) != before.0.get(**place);
        places.iter().filter(differs).map(|place| (*place).clone()).collect()
    }
}

impl Watch {
    /// The secretariat, and somebody who has every role there is.
    pub fn over(world: &World, crowd: &Crowd) -> Self {
        let all = world.person_with("All Powers", Role::Administrator, ScopeKind::Instance, "");
        world.grant(&all, Role::Secretariat, ScopeKind::Instance, "");
        world.grant(&all, Role::CoOrganizer, ScopeKind::Consultation, id(&crowd.consultation));
        let document = serde_json::to_value(rapporteur::server::openapi()).unwrap();
        let paths = document["paths"].as_object().unwrap();
        let read = paths.iter().filter(|(_, methods)| methods.get("get").is_some());
        // The audit log is read whole, without what the watching itself adds to it; its end and one's own data hold that, too.
        let by_watching = ["/api/v1/audit", "/api/v1/audit/checkpoint", "/api/v1/me/data"];
        let read = read.map(|(path, _)| path.clone());
        let templates = read.filter(|path| !by_watching.contains(&path.as_str())).collect();
        let of = |one: &dyn Fn(&crate::crowd::Member) -> String| {
            crowd.members.iter().take(6).map(one).collect::<Vec<_>>()
        };
        let ids = vec![
            ("consultation_id", vec![id(&crowd.consultation).to_owned()]),
            ("review_id", vec![id(&crowd.review).to_owned()]),
            ("category_id", vec![id(&crowd.category).to_owned()]),
            ("code", vec!["gcm".to_owned()]),
            ("account_id", of(&|member| member.person.id.to_string())),
            ("registration_id", of(&|member| member.registration.clone())),
        ];
        Self { watchers: vec![crowd.secretariat.clone(), all], templates, ids }
    }

    /// With what is called so to be read, too.
    pub fn with(mut self, name: &'static str, called: &str) -> Self {
        self.ids.push((name, vec![called.to_owned()]));
        self
    }

    /// Reads everything.
    pub async fn see(&self, world: &World, crowd: &Crowd) -> Seen {
        let mut ids = self.ids.clone();
        let inputs = crowd.read(world).await;
        ids.push(("input_id", inputs.iter().map(|input| id(input).to_owned()).take(12).collect()));
        let mut seen = BTreeMap::new();
        for path in self.templates.iter().flat_map(|template| filled(template, &ids)) {
            let watchers = self.watchers.iter().map(|one| world.signed_in_again(one));
            for watcher in watchers.map(Some).chain([None]) {
                let answer = world.get(watcher.as_ref(), &path).await;
                let by = watcher.as_ref().map_or("nobody", |one| one.email.as_str());
                let told = match answer.status {
                    200..300 => format!("{} {}", answer.header("etag"), answer.text),
                    // A problem names the request.
                    status => format!("{status} {}", answer.json["type"]),
                };
                seen.insert(format!("{path} by {by}"), told);
            }
        }
        seen.insert("audit".to_owned(), self.audit(world));
        Seen(seen)
    }

    /// The audit log, without what the watchers did.
    fn audit(&self, world: &World) -> String {
        let rows = world.app.read_blocking(&Credentials::Operator, |work| {
            rapporteur::audit::list(work.conn, 0, 100_000)
        });
        let others = |actor| !self.watchers.iter().any(|one| Some(one.id) == actor);
        let rows = rows.unwrap().into_iter().filter(|row| others(row.actor_id));
        let told = |row: rapporteur::audit::Row| {
            let details: Value = row.details.0;
            format!(
                "{:?} {} {} {:?} {details}\n",
                row.at, row.action, row.subject_kind, row.subject_id
            )
        };
        rows.map(told).collect()
    }

    /// All that one person is told.
    pub async fn told(&self, world: &World, person: &Person) -> Vec<String> {
        let mut told = Vec::new();
        for path in self.templates.iter().flat_map(|template| filled(template, &self.ids)) {
            told.push(world.get(Some(person), &path).await.text);
        }
        told
    }

    /// How many answers are read each time.
    pub fn size(seen: &Seen) -> usize {
        seen.0.values().filter(|told| told.starts_with(['"', ' '])).count()
    }
}

/// A path with every id that there is; none when one is missing.
fn filled(template: &str, ids: &[(&'static str, Vec<String>)]) -> Vec<String> {
    let mut paths = vec![template.to_owned()];
    for (name, values) in ids {
        let place = format!("{{{name}}}");
        if template.contains(&place) {
            let with = |path: &String| {
                values.iter().map(|value| path.replace(&place, value)).collect::<Vec<_>>()
            };
            paths = paths.iter().flat_map(with).collect();
        }
    }
    paths.retain(|path| !path.contains('{'));
    paths
}
