//! Those who are attacked: people with receipts who say what can be found again, one after the other.

use chrono::{DateTime, Duration, Utc};
use rapporteur::work::{Credentials, Work};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, Request, World, id, registration, typed};

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
        let request = Request::new(method, &self.of(what)).header("Receipt", receipt);
        world.send(Request { body, ..request }).await
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

    /// Lets the next fixed time come.
    pub fn next_mixing(&self, world: &World) {
        let consultation = typed(&self.consultation);
        let next = world.app.read_blocking(&Credentials::Anonymous, |work| {
            Ok(rapporteur::voices::mixing::service::schedule(work, consultation)?.next)
        });
        let now = world.app.clock.now().utc();
        world.app.clock.advance(next.unwrap().utc() - now);
        rapporteur::voices::mixing::service::mix_due(&world.app).unwrap();
    }

    /// The last window is over, and what is left is let in.
    pub fn close(&self, world: &World) {
        use rapporteur::inputs::windows::{Moment, Window, replace};
        let consultation = typed(&self.consultation);
        let closed = world.app.write_blocking(&Credentials::Operator, |work: &mut Work| {
            let closes_at = work.now.plus(Duration::hours(72));
            let opens_at = work.now.plus(Duration::minutes(-1));
            replace(work, consultation, &[Window { moment: Moment::During, opens_at, closes_at }])
        });
        closed.unwrap();
        world.app.clock.advance(Duration::hours(72));
        self.next_mixing(world);
    }

    /// The keys of what waits.
    pub fn pool_keys(&self, world: &World) -> usize {
        let names = std::fs::read_dir(world.app.settings.keys_folder()).unwrap();
        let names = names.map(|one| one.unwrap().file_name().to_string_lossy().into_owned());
        names.filter(|name| name.starts_with("pool-")).count()
    }
}
