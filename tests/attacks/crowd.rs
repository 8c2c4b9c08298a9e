//! Those who are attacked: people with receipts who say what can be found again, one after the other.

use chrono::{DateTime, Duration, Utc};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, World, id, registration};

/// A consultation that takes contributions.
pub struct Crowd {
    pub secretariat: Person,
    pub review: Value,
    pub consultation: Value,
    pub category: Value,
    pub members: Vec<Member>,
}

/// Somebody confirmed, with their receipt.
pub struct Member {
    pub person: Person,
    pub registration: String,
    pub receipt: String,
}

/// A word that stands in one text and nowhere else, and tells nothing of when it was said. Each test has its own: they share a server
/// of PostgreSQL, and its log.
pub fn word(number: usize) -> String {
    let own = std::thread::current().name().map_or(0, |name| {
        name.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()))
    });
    format!("q{:08x}z", (number as u32 + 1).wrapping_mul(2_654_435_761) ^ own)
}

/// Every deed has a moment of its own, by which it could be found.
pub fn tick(world: &World) -> DateTime<Utc> {
    world.app.clock.advance(Duration::seconds(7));
    world.app.clock.now().utc()
}

impl Crowd {
    /// So many people, registered and given receipts one after the other.
    pub async fn gather(world: &World, size: usize) -> Self {
        let (secretariat, review, consultation) = world.consultation(None, "automatic").await;
        world.phases(&secretariat, id(&consultation), &["open_call"]).await;
        let path = format!("/api/v1/reviews/{}/input-categories", id(&review));
        let categories = world.get(Some(&secretariat), &path).await.json;
        let category = categories["items"][1].clone();
        let mut crowd = Self { secretariat, review, consultation, category, members: Vec::new() };
        for number in 0..size {
            let member = crowd.join(world, &format!("Victim No{number}")).await;
            crowd.members.push(member);
        }
        crowd
    }

    /// The path of something of the consultation.
    pub fn of(&self, what: &str) -> String {
        format!("/api/v1/consultations/{}/{what}", id(&self.consultation))
    }

    /// Somebody more.
    pub async fn join(&self, world: &World, name: &str) -> Member {
        tick(world);
        let person = world.person(name);
        let path = self.of("registrations");
        let made = world.make(&person, &path, registration("civil_society", "TH")).await;
        assert_eq!(made["state"], "confirmed", "{made}");
        let receipt = self.receipt(world, &person).await;
        Member { person, registration: id(&made).to_owned(), receipt }
    }

    /// A receipt.
    pub async fn receipt(&self, world: &World, person: &Person) -> String {
        tick(world);
        let given = world.make(person, &self.of("receipts"), json!({})).await;
        given["receipt"].as_str().unwrap().to_owned()
    }

    /// What the text with this number says.
    pub fn said(&self, number: usize) -> Value {
        let word = word(number);
        let body = format!(
            "Offices are far from where people work, says {word}, and closed when they are free."
        );
        self.saying(&body)
    }

    /// A contribution of these words.
    pub fn saying(&self, body: &str) -> Value {
        json!({ "objectives": [4], "category_id": self.category["id"], "body": body })
    }

    /// A request by receipt alone.
    pub async fn by_receipt(
        &self,
        world: &World,
        receipt: &str,
        method: Method,
        what: &str,
        body: Option<Value>,
    ) -> Answer {
        world.send_by_receipt(&self.consultation, receipt, method, what, body).await
    }

    /// Contributes the text with this number; when that was.
    pub async fn contribute(&self, world: &World, receipt: &str, number: usize) -> DateTime<Utc> {
        let moment = tick(world);
        let (what, said) = ("contributions", Some(self.said(number)));
        let answer = self.by_receipt(world, receipt, Method::POST, what, said).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        moment
    }

    /// Everybody contributes so often, in the order in which they came: member `n % size` says text `n`.
    pub async fn speak(&self, world: &World, times: usize) -> Vec<DateTime<Utc>> {
        let mut moments = Vec::new();
        for number in 0..times * self.members.len() {
            let member = &self.members[number % self.members.len()];
            moments.push(self.contribute(world, &member.receipt, number).await);
        }
        moments
    }

    /// Everything of a receipt.
    pub async fn own(&self, world: &World, receipt: &str) -> Value {
        let answer = self.by_receipt(world, receipt, Method::GET, "contributions", None).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json
    }

    /// Who runs the consultation, with a token of now.
    pub fn team(&self, world: &World) -> Person {
        world.signed_in_again(&self.secretariat)
    }

    /// The inputs as the team reads them.
    pub async fn read(&self, world: &World) -> Vec<Value> {
        let (team, mut found, mut cursor) = (self.team(world), Vec::new(), String::new());
        loop {
            let path = format!("{}?limit=100{cursor}", self.of("inputs"));
            let page = world.get(Some(&team), &path).await;
            assert_eq!(page.status, 200, "{}", page.text);
            found.extend(page.json["items"].as_array().unwrap().clone());
            match page.json["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return found,
            }
        }
    }

    /// The input that says the text with this number, as the team reads it.
    pub async fn input(&self, world: &World, number: usize) -> Value {
        let word = word(number);
        let read = self.read(world).await;
        let found = read.iter().find(|input| input["body"].as_str().unwrap().contains(&word));
        found.unwrap_or_else(|| panic!("no input says {word}")).clone()
    }

    /// Accepts an input, for the team.
    pub async fn accept(&self, world: &World, input: &Value) -> Value {
        let path = format!("/api/v1/inputs/{}/decision", id(input));
        let (version, body) = (input["version"].as_i64().unwrap(), json!({ "decision": "accept" }));
        world.change(&self.team(world), Method::POST, &path, version, body).await
    }

    /// The next fixed time comes.
    pub fn next_mixing(&self, world: &World) {
        world.next_mixing(&self.consultation);
    }

    /// The last window is over, and what is left is let in.
    pub fn close(&self, world: &World) {
        world.last_mixing(&self.consultation);
    }

    /// The keys of what waits.
    pub fn pool_keys(&self, world: &World) -> usize {
        let names = std::fs::read_dir(world.app.settings.keys_folder()).unwrap();
        let names = names.map(|one| one.unwrap().file_name().to_string_lossy().into_owned());
        names.filter(|name| name.starts_with("pool-")).count()
    }
}
