//! Participants are asked about a draft that is cleared: everybody is told in the same words, who is confirmed reads what was frozen, and
//! what they say by receipt stands among the comments as a participant's, of whom nobody knows anything.

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::{Browser, hidden, is_page, says};
use crate::clearance::Table;
use crate::drafting::version;
use crate::harness::{Answer, Person, Request, World, id};
use crate::on_both;
use crate::page_access::signed_in;

/// A table at which participants are asked, with people who hold receipts.
pub struct Hall {
    pub table: Table,
    pub round: String,
    /// Those who are confirmed, with a receipt each.
    pub people: Vec<(Person, String)>,
}

/// The last day on which participants can say something: the clock stands on 1 October 2020.
const UNTIL: &str = "2020-10-08";

impl Hall {
    pub async fn open(world: &World) -> Self {
        let table = Table::laid(world).await;
        let receipt = table.desk.scene.receipt(world, &table.desk.person).await;
        let people = vec![(table.desk.person.clone(), receipt)];
        let round = table.opened(world).await;
        let round = format!("/api/v1/clearance-rounds/{}", id(&round));
        Self { table, round, people }
    }

    pub async fn ask(&self, world: &World, who: &Person, until: &str) -> Answer {
        let now = version(&world.get(Some(self.table.by()), &self.round).await.json);
        let path = format!("{}/participants", self.round);
        let request = Request::new(Method::POST, &path).by(Some(who)).version(now);
        world.send(request.body(json!({ "ends_on": until }))).await
    }

    pub async fn asked(world: &World) -> Self {
        let hall = Self::open(world).await;
        let asked = hall.ask(world, hall.table.by(), UNTIL).await;
        assert_eq!(asked.status, 200, "{}", asked.text);
        hall
    }

    pub fn of(&self, what: &str) -> String {
        self.table.desk.scene.of(what)
    }

    pub async fn by_receipt(
        &self,
        world: &World,
        method: Method,
        what: &str,
        body: Option<Value>,
    ) -> Answer {
        let scene = &self.table.desk.scene;
        scene.by_receipt(world, &self.people[0].1, method, what, body).await
    }

    pub async fn observe(&self, world: &World, body: Value) -> Answer {
        self.by_receipt(world, Method::POST, "observations", Some(body)).await
    }

    /// The only observation of the receipt.
    pub async fn own(&self, world: &World) -> Value {
        let own = self.by_receipt(world, Method::GET, "contributions", None).await;
        assert_eq!(own.status, 200, "{}", own.text);
        own.json["observations"][0].clone()
    }

    /// The hearing ends, and what waits is let in.
    pub fn end(&self, world: &World) {
        world.app.clock.advance(chrono::Duration::days(8));
        self.table.desk.scene.next_mixing(world);
    }

    pub async fn comments(&self, world: &World) -> Vec<Value> {
        let by = world.signed_in_again(self.table.by());
        let listed = world.get(Some(&by), &self.table.of("clearance/comments")).await;
        listed.json["items"].as_array().unwrap_or_else(|| panic!("{}", listed.text)).clone()
    }

    pub async fn blocking(&self, world: &World) -> Vec<String> {
        let by = world.signed_in_again(self.table.by());
        let steps = world.get(Some(&by), &self.table.of("steps")).await.json;
        let next = steps["next"].as_array().unwrap_or_else(|| panic!("{steps}")).iter();
        let publish = next.clone().find(|one| one["to"] == "published").unwrap();
        let codes = publish["blocking"].as_array().unwrap().iter();
        codes.map(|one| one["code"].as_str().unwrap().to_owned()).collect()
    }
}

on_both!(everybody_is_told_and_who_is_confirmed_reads_what_was_frozen, |world: World| async move {
    let hall = Hall::open(&world).await;
    let (table, person) = (&hall.table, &hall.people[0].0);
    let draft = hall.of("draft");
    world.get(Some(person), &draft).await.is_problem(404, "not_found");
    hall.ask(&world, &table.rapporteur, UNTIL).await.is_problem(403, "forbidden");
    let soon = hall.ask(&world, table.by(), "2020-10-03").await;
    soon.is_problem(422, "invalid_value");
    soon.points_to("/ends_on");
    let asked = hall.ask(&world, table.by(), UNTIL).await;
    assert_eq!(asked.status, 200, "{}", asked.text);
    let participants = &asked.json["participants"];
    assert_eq!(
        (&participants["ends_on"], &participants["asked_by"]["account_id"]),
        (&json!(UNTIL), &json!(table.by().id))
    );
    hall.ask(&world, table.by(), UNTIL).await.is_problem(409, "already_exists");
    let entry =
        &table.desk.audited(&world, "clearance_round.participants_asked", &asked.json).await;
    assert_eq!(entry.len(), 1);
    // Who looks for the round's end finds it: it is not closed before people had the time that they were told.
    let close = Request::new(Method::POST, &format!("{}/close", hall.round));
    let close = close.by(Some(table.by())).version(version(&asked.json));
    world.send(close).await.is_problem(409, "invalid_transition");

    let read = world.get(Some(person), &draft).await;
    assert_eq!(read.status, 200, "{}", read.text);
    assert_eq!(read.header("cache-control"), "no-store");
    assert!(read.header("x-robots-tag").contains("noindex"));
    let whole = world.get(Some(table.by()), &table.of("clearance/text")).await.json;
    let paragraphs = |draft: &Value| {
        let portions = draft["portions"].as_array().unwrap().iter();
        portions.filter(|one| one["kind"] == "paragraph").cloned().collect::<Vec<_>>()
    };
    assert_eq!(paragraphs(&read.json), paragraphs(&whole), "as bodies see it");
    assert!(!read.text.contains("[](#"), "not in which order it stands: {}", read.text);
    for input in &table.desk.inputs {
        assert!(!read.text.contains(id(input)), "{}", read.text);
    }
    let stranger = world.person("Stran Ger");
    world.get(Some(&stranger), &draft).await.is_problem(403, "forbidden");
    world.get(None, &draft).await.is_problem(401, "unauthenticated");

    // A later change is none of theirs.
    table.go(&world, "drafting").await;
    table.write(&world, &table.rapporteur, &table.own, "Fees for passports differ widely.").await;
    let again = world.get(Some(person), &draft).await;
    assert_eq!(again.json["portions"], read.json["portions"]);

    let admin = &table.desk.administrator;
    let mails = async || {
        let admin = world.signed_in_again(admin);
        world.get(Some(&admin), "/api/v1/outbox?template=draft_open").await.json
    };
    assert_eq!(mails().await["items"], json!([]), "at the next fixed hour");
    world.app.clock.advance(chrono::Duration::hours(23));
    world.sweep().await;
    let sent = mails().await["items"].as_array().unwrap().clone();
    assert_eq!(sent.len(), 1, "to all who are confirmed: {sent:?}");
    let by = world.signed_in_again(table.by());
    let mail = world.get(Some(&by), &format!("/api/v1/outbox/{}", id(&sent[0]))).await.text;
    assert!(mail.contains("/draft?lang=") && mail.contains("8 October 2020"), "{mail}");
    assert!(!mail.contains("Pat One") && !mail.contains("Fees"), "{mail}");
});

on_both!(a_comment_by_receipt_waits_is_mixed_and_is_answered, |world: World| async move {
    let hall = Hall::asked(&world).await;
    let own = id(&hall.table.own);
    let said = |body: &str| json!({ "portion_id": own, "quote": "differ widely", "body": body });
    // What cannot be taken says why.
    let wrong = json!({ "portion_id": own, "quote": "differ a little", "body": "" });
    let wrong = hall.observe(&world, wrong).await;
    wrong.is_problem(422, "invalid_value");
    wrong.points_to("/quote");
    let none = json!({ "portion_id": hall.round.rsplit('/').next(), "body": "Why?" });
    hall.observe(&world, none).await.points_to("/portion_id");
    // The same again is the same; it can be changed and deleted while it waits.
    let made = hall.observe(&world, said("Not in the north.")).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(hall.observe(&world, said("Not in the north.")).await.status, 200);
    let slip = hall.observe(&world, said("A slip.")).await.json;
    let path = format!("observations/{}", id(&slip));
    assert_eq!(hall.by_receipt(&world, Method::DELETE, &path, None).await.status, 204);
    let path = format!("observations/{}", id(&made.json));
    let changed = Some(said("Not in the south."));
    let changed = hall.by_receipt(&world, Method::PUT, &path, changed).await;
    assert_eq!(changed.json["said"]["body"], "Not in the south.", "{}", changed.text);
    let waiting = hall.own(&world).await;
    assert_eq!(
        (&waiting["waits"], &waiting["allowed_actions"]),
        (&json!(true), &json!(["update", "delete"]))
    );
    assert!(hall.comments(&world).await.is_empty(), "nobody sees what waits");
    // One alone is not mixed before the hearing is over, and nothing is published before.
    hall.table.desk.scene.next_mixing(&world);
    assert!(hall.comments(&world).await.is_empty());
    assert!(hall.blocking(&world).await.contains(&"participants_asked".to_owned()));
    hall.end(&world);
    let comments = hall.comments(&world).await;
    assert_eq!(comments.len(), 1, "{comments:?}");
    let one = &comments[0];
    assert_eq!(
        (&one["text"], &one["words"], &one["by_participant"]),
        (&json!("Not in the south."), &json!("differ widely"), &json!(true))
    );
    assert_eq!(one["paragraph_id"], hall.table.own["id"]);
    for unknown in ["party", "by", "at", "released_at"] {
        assert_eq!(one[unknown], Value::Null, "{unknown}: {one}");
    }
    let blocking = hall.blocking(&world).await;
    assert!(!blocking.contains(&"participants_asked".to_owned()), "{blocking:?}");
    assert!(blocking.contains(&"comment_unanswered".to_owned()), "{blocking:?}");
    // It is over: nothing is said any more, and what was mixed stays.
    let late = hall.observe(&world, said("Too late.")).await;
    late.is_problem(409, "not_in_this_phase");
    let mixed = hall.own(&world).await;
    assert_ne!(mixed["id"], made.json["id"]);
    let path = format!("observations/{}", id(&mixed));
    hall.by_receipt(&world, Method::DELETE, &path, None).await.is_problem(409, "in_use");
    // It is answered like every comment, and whoever holds the receipt reads it.
    let by = world.signed_in_again(hall.table.by());
    let answer = format!("/api/v1/clearance-comments/{}/answer", id(one));
    let text = json!({ "answer": "accepted", "text": "It will say so." });
    let answered = world.change(&by, Method::POST, &answer, 1, text.clone()).await;
    assert_eq!(
        (&answered["state"], &answered["answered_by"]["account_id"]),
        (&json!("accepted"), &json!(by.id))
    );
    let twice = Request::new(Method::POST, &answer).by(Some(&by)).version(2).body(text);
    world.send(twice).await.is_problem(409, "invalid_transition");
    let read = hall.own(&world).await;
    assert_eq!((&read["taken"], &read["answer"]), (&json!(true), &json!("It will say so.")));
    assert!(!hall.blocking(&world).await.contains(&"comment_unanswered".to_owned()));
    // It is no position of anybody.
    let positions = world.get(Some(&by), &hall.table.of("clearance/positions")).await.json;
    assert_eq!(positions["items"], json!([]));
    let minutes = world.get(Some(&by), &hall.table.of("clearance/minutes")).await.json;
    let kinds: Vec<&Value> =
        minutes["minutes"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
    assert!(kinds.contains(&&json!("participants_asked")), "{kinds:?}");
    assert!(kinds.contains(&&json!("comment_answered")), "{kinds:?}");
});

on_both!(a_receipt_says_only_so_much_and_no_account_says_anything, |world: World| async move {
    let hall = Hall::asked(&world).await;
    let (person, receipt) = &hall.people[0];
    let own = id(&hall.table.own);
    let said = |number: usize| json!({ "portion_id": own, "body": format!("Number {number}.") });
    let path = hall.of("observations");
    world.post(person, &path, said(0)).await.is_problem(404, "not_found");
    let both = Request::new(Method::POST, &path).by(Some(person)).header("Receipt", receipt);
    world.send(both.body(said(0))).await.is_problem(400, "receipt_beside_credentials");
    for number in 0..20 {
        assert_eq!(hall.observe(&world, said(number)).await.status, 201);
    }
    hall.observe(&world, said(20)).await.is_problem(409, "too_many_waiting");
    hall.end(&world);
    assert_eq!(hall.comments(&world).await.len(), 20);
});

on_both!(nothing_leads_from_a_comment_to_a_person_or_an_input, |world: World| async move {
    let hall = Hall::asked(&world).await;
    let own = id(&hall.table.own);
    let audited = async || {
        let admin = world.signed_in_again(&hall.table.desk.administrator);
        world.get(Some(&admin), "/api/v1/audit?limit=200").await.text
    };
    let before = audited().await;
    for number in 0..6 {
        let said = json!({ "portion_id": own, "body": format!("Number {number}.") });
        assert_eq!(hall.observe(&world, said).await.status, 201);
    }
    assert_eq!(audited().await, before, "nothing is noted of it");
    hall.end(&world);
    let comments = hall.comments(&world).await;
    let texts: Vec<&str> = comments.iter().filter_map(|one| one["text"].as_str()).collect();
    let as_made: Vec<String> = (0..6).map(|number| format!("Number {number}.")).collect();
    assert_eq!(texts.len(), 6);
    assert_ne!(texts, as_made, "they do not stand as they came");
    let audit = audited().await;
    assert!(!audit.contains("observation") && !audit.contains("Number"), "{audit}");
});

on_both!(participants_read_and_comment_on_pages, |world: World| async move {
    let hall = Hall::open(&world).await;
    let (person, receipt) = &hall.people[0];
    let consultation = id(&hall.table.desk.scene.consultation).to_owned();
    let own = id(&hall.table.own).to_owned();
    // Whoever clears asks them in the room.
    let room = hall.table.of("clearance").replace("/api/v1/reports", "/my/reports");
    let sari = signed_in(&world, hall.table.by()).await;
    is_page(&sari.get(&room).await, 200);
    let round = hall.round.rsplit('/').next().unwrap();
    let now = version(&world.get(Some(hall.table.by()), &hall.round).await.json).to_string();
    let ask = |until| {
        [
            ("action", "participants"),
            ("round", round),
            ("version", now.as_str()),
            ("participants", until),
        ]
    };
    let soon = sari.post(&room, &ask("2020-10-02")).await;
    is_page(&soon, 422);
    says(&soon, &["at least four days ahead"]);
    let asked = sari.post(&room, &ask(UNTIL)).await;
    is_page(&asked, 200);
    says(&asked, &["Participants are asked, too, until 8 October 2020.", "Participants asked"]);
    // It is on the page of whoever is confirmed, and read there.
    let pat = signed_in(&world, person).await;
    let page = format!("/my/consultations/{consultation}/draft");
    says(&pat.get(&format!("/my/consultations/{consultation}")).await, &[&page]);
    let read = pat.get(&page).await;
    is_page(&read, 200);
    says(&read, &["This is a draft.", "until 8 October 2020", "Fees differ widely."]);
    assert_eq!(read.header("cache-control"), "no-store");
    assert!(read.header("x-robots-tag").contains("noindex"));
    let stranger = signed_in(&world, &world.person("Stran Ger")).await;
    is_page(&stranger.get(&page).await, 404);
    // Without a receipt it is asked for; with it one comments, in a browser in which nobody is signed in.
    let holder = Browser::new(&world);
    let (say, page) = (format!("/say/{consultation}"), format!("/say/{consultation}/draft"));
    let closed = holder.get(&page).await;
    is_page(&closed, 200);
    assert!(!closed.text.contains("Fees differ"), "{}", closed.text);
    let enter = [("action", "enter"), ("receipt", receipt.as_str()), ("own", "yes")];
    says(&holder.post(&say, &enter).await, &[&page]);
    says(&holder.get(&page).await, &["Fees differ widely.", "Nobody here knows that it is you."]);
    let said = |action, quote| {
        [
            ("action", action),
            ("portion", own.as_str()),
            ("quote", quote),
            ("body", "Not in the north, says Ann Sample."),
        ]
    };
    let wrong = holder.post(&page, &said("look", "differ a lot")).await;
    is_page(&wrong, 422);
    says(
        &wrong,
        &["These words are not in that part of the draft.", "Not in the north, says Ann Sample."],
    );
    let look = holder.post(&page, &said("look", "differ widely")).await;
    is_page(&look, 200);
    says(&look, &["<mark>Ann Sample</mark>", "a comment may then stand alone", "8 October 2020"]);
    let sent = holder.post(&page, &said("send", "differ widely")).await;
    is_page(&sent, 200);
    says(&sent, &["We have your comment.", "Waits to be mixed", "Paragraph"]);
    let one = hidden(&sent, "observation").to_owned();
    let change = [
        ("action", "change"),
        ("observation", one.as_str()),
        ("portion", own.as_str()),
        ("quote", ""),
        ("body", "Not in the north."),
    ];
    says(&holder.post(&page, &change).await, &["Your change is kept.", "Not in the north."]);
    says(
        &holder.get(&format!("{say}/mine")).await,
        &["What I have said of the draft", "Not in the north."],
    );
    hall.end(&world);
    says(&holder.get(&page).await, &["No draft is open for comments", "Not answered yet"]);
    let sari = signed_in(&world, hall.table.by()).await;
    let shown = sari.get(&room).await;
    says(&shown, &["A participant", "Not in the north.", "All that they said is here."]);
    assert!(!shown.text.contains("Ann Sample"), "{}", shown.text);
});
