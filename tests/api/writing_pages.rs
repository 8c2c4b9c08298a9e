//! Writing a report on pages, walked as a browser without a script would: a drafter does everything there, whoever may only suggest
//! suggests, whoever may read nothing finds nothing, and where two write at once no word is lost.

use rapporteur::access::{Role, ScopeKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::{Sitting, is_page, says};
use crate::crawl::{self, HOSTILE, LANGUAGES};
use crate::drafting::{Desk, desk, paragraph, version};
use crate::harness::{Answer, Person, Request, World, id};
use crate::on_both;
use crate::page_access::signed_in;

/// Somebody at the page of a draft.
pub async fn sitting<'w>(world: &'w World, desk: &Desk, person: &Person) -> Sitting<'w> {
    let page = desk.report.replace("/api/v1/reports", "/my/reports");
    Sitting { browser: signed_in(world, person).await, page }
}

/// What a page says of one paragraph, up to the next.
fn of<'a>(answer: &'a Answer, one: &Value) -> &'a str {
    let start = format!("id=\"at-{}\"", id(one));
    let (_, rest) =
        answer.text.split_once(&start).unwrap_or_else(|| panic!("no {one}: {}", answer.text));
    rest.split("id=\"at-").next().unwrap()
}

async fn co_organizer(world: &World, desk: &Desk) -> Person {
    let held = id(&desk.scene.consultation);
    world.person_with("Cora Co", Role::CoOrganizer, ScopeKind::Consultation, held)
}

/// The newest paragraph of a section.
async fn last(world: &World, desk: &Desk, section: &Value) -> Value {
    let last = desk.order(world, section).await.pop().unwrap();
    desk.read(world, &json!({ "id": last })).await.json
}

on_both!(a_drafter_does_everything_on_pages, |world: World| async move {
    let desk = desk(&world).await;
    let [fees, offices, registers, hours] = &desk.inputs[..] else { panic!() };
    let sari = sitting(&world, &desk, desk.by()).await;
    let mine = sari.browser.get("/my").await;
    says(&mine, &["href=\"/my/reports\"", "1 draft that you may read"]);
    let list = sari.browser.get("/my/reports").await;
    is_page(&list, 200);
    says(&list, &[&sari.page, "Being drafted", "You may write in it"]);

    // What nothing uses yet becomes a paragraph, or is left out.
    let empty = sari.look("").await;
    says(
        &empty,
        &["4 things that were accepted are used nowhere yet", "Fees.", "Send it to clearance"],
    );
    let open = sari.look(&format!("?use={}", id(fees))).await;
    says(&open, &["Make a", "name=\"omitted\""][1..]);
    let add = [
        ("action", "add"),
        ("section", id(&desk.own)),
        ("source", id(fees)),
        ("input", id(fees)),
        ("text", "Fees differ widely."),
    ];
    let added = sari.does(&add, "added").await;
    let first = last(&world, &desk, &desk.own).await;
    assert_eq!(
        (&first["text"], &first["inputs"]),
        (&json!("Fees differ widely."), &json!([fees["id"]]))
    );
    let beside = of(&added, &first);
    assert!(
        beside.contains("Rests on 1 input") && beside.contains("The paragraph was added."),
        "{beside}"
    );
    let wrong = [("action", "omit"), ("omitted", id(hours)), ("reason", " ")];
    says(&sari.refused(&wrong, 422).await, &["Please say why, in a sentence or two."]);
    let omit = [("action", "omit"), ("omitted", id(hours)), ("reason", HOSTILE)];
    let omitted = sari.does(&omit, "omitted").await;
    says(&omitted, &["Left out", "ประเทศไทย"]);
    assert!(!omitted.text.contains("<script>alert"), "{}", omitted.text);

    // Another after it, which rests on two; wrong first, and nothing of it is lost.
    let page = sari.look(&format!("?after={}", id(&first))).await;
    says(&page, &["name=\"after\"", "Accepted, about the same, and used nowhere yet:"]);
    let text = "Offices close.\r\n\r\nA second one.";
    let mut after = vec![
        ("action", "add"),
        ("section", id(&desk.own)),
        ("after", id(&first)),
        ("text", text),
        ("input", id(offices)),
        ("input", id(registers)),
    ];
    let refused = sari.refused(&after, 422).await;
    says(
        &refused,
        &["It cannot be read from here on: “A second one.”", "Offices close.\n\nA second one."],
    );
    assert_eq!(refused.text.matches("checked").count(), 2, "what was ticked: {}", refused.text);
    after[3].1 = "Offices close early.";
    let added = sari.does(&after, "added").await;
    let second = last(&world, &desk, &desk.own).await;
    assert_eq!(second["inputs"].as_array().unwrap().len(), 2);
    assert!(of(&added, &second).contains("Rests on 2 inputs"));

    // Edited, moved, removed, and brought back from its history.
    let at = id(&first);
    let page = sari.look(&format!("?at={at}")).await;
    assert!(of(&page, &first).contains("name=\"version\" value=\"1\""), "{}", of(&page, &first));
    let edit = [
        ("action", "edit"),
        ("at", at),
        ("version", "1"),
        ("text", "Fees vary widely."),
        ("input", id(fees)),
    ];
    let saved = sari.does(&edit, "saved").await;
    assert!(
        of(&saved, &first).contains("Saved.") && of(&saved, &first).contains("Fees vary widely.")
    );
    let place = format!("{}.1", id(&desk.other));
    let moved = [("action", "move"), ("at", at), ("version", "2"), ("place", place.as_str())];
    sari.does(&moved, "moved").await;
    assert_eq!(desk.order(&world, &desk.other).await, [at]);
    sari.does(&[("action", "delete"), ("at", at), ("version", "3")], "deleted").await;
    let history = format!("{}/paragraphs/{at}/history", sari.page);
    let story = sari.browser.get(&history).await;
    is_page(&story, 200);
    says(
        &story,
        &[
            "It is no more in the draft.",
            "<del><span class=\"unseen\"> removed: </span>differ</del>",
            "<ins><span class=\"unseen\"> added: </span>vary</ins>",
            "Sari Secretariat",
            "Version 4",
        ],
    );
    let old = [("number", "1"), ("version", "3")];
    is_page(&sari.browser.post(&history, &old).await, 412);
    let back = sari.browser.post(&history, &[("number", "1"), ("version", "4")]).await;
    is_page(&back, 200);
    says(&back, &["It was brought back, as a new version."]);
    assert_eq!(desk.read(&world, &first).await.json["text"], "Fees differ widely.");

    // A section is headed otherwise, and tells it.
    let section = [
        ("action", "head"),
        ("section", id(&desk.own)),
        ("version", "1"),
        ("heading", "What hinders people"),
    ];
    says(&sari.does(&section, "saved").await, &["What hinders people"]);
    let story = format!("{}/sections/{}/history", sari.page, id(&desk.own));
    let story = sari.browser.get(&story).await;
    is_page(&story, 200);
    says(&story, &["Headed otherwise", "What hinders people"]);

    // What is computed is written over, and given back to the data.
    let (computed, _) = desk.computed(&world).await;
    let over =
        [("action", "edit"), ("at", id(&computed)), ("version", "1"), ("text", "Written by hand.")];
    says(&sari.does(&over, "saved").await, &["Somebody wrote this in place of what the data say."]);
    sari.does(&[("action", "compute"), ("at", id(&computed)), ("version", "2")], "saved").await;
    assert_eq!(desk.read(&world, &computed).await.json["text"], Value::Null);

    // Frozen, looked at, compared with what is there now.
    let milestones = format!("{}/milestones", sari.page);
    is_page(&sari.browser.post(&milestones, &[("name", "")]).await, 422);
    let list = sari.browser.post(&milestones, &[("name", "As sent")]).await;
    is_page(&list, 200);
    let one = crawl::links(&list.text)
        .into_iter()
        .find(|link| link.starts_with(&format!("{milestones}/")));
    let one = one.unwrap();
    let frozen = sari.browser.get(&one).await;
    is_page(&frozen, 200);
    says(&frozen, &["1. As sent", "Fees differ widely.", "SHA-256"]);
    says(&sari.browser.get(&format!("{one}/changes")).await, &["Nothing has changed."]);
    let unomit = desk.report.clone() + "/omissions";
    let omission = world.get(Some(desk.by()), &unomit).await.json["items"][0].clone();
    sari.does(&[("action", "unomit"), ("omission", id(&omission)), ("version", "1")], "unomitted")
        .await;
    let use_it = [
        ("action", "add"),
        ("section", id(&desk.other)),
        ("input", id(hours)),
        ("text", "Hours are short."),
    ];
    sari.does(&use_it, "added").await;
    let changes = sari.browser.get(&format!("{one}/changes")).await;
    is_page(&changes, 200);
    says(&changes, &["Hours are short.", "Added"]);

    // On to clearance, and back for a reason.
    world.waive_findings(desk.by(), &desk.report).await;
    let page = sari.look("").await;
    says(&page, &["Nothing: every paragraph rests on something"]);
    let now = version(&world.get(Some(desk.by()), &desk.report).await.json).to_string();
    let step = [("action", "step"), ("to", "clearance"), ("version", "1")];
    says(&sari.refused(&step, 412).await, &["Somebody changed it while you were looking at it."]);
    let step = [("action", "step"), ("to", "clearance"), ("version", now.as_str())];
    says(
        &sari.does(&step, "stepped").await,
        &["Being cleared", "Take it back to drafting", "Steps so far"],
    );
    let edit = [("action", "edit"), ("at", at), ("version", "5"), ("text", "Too late.")];
    says(&sari.refused(&edit, 409).await, &["Too late."]);
    let now = version(&world.get(Some(desk.by()), &desk.report).await.json).to_string();
    let mut back = vec![("action", "step"), ("to", "drafting"), ("version", now.as_str())];
    says(&sari.refused(&back, 422).await, &["Please say why, in a sentence or two."]);
    back.push(("reason", "A figure is missing."));
    says(&sari.does(&back, "stepped").await, &["Send it to clearance", "Being drafted"]);

    // Every link of the page leads to something that is there.
    for behind in ["", "?lang=ar"] {
        let page = sari.look(behind).await;
        for link in crawl::links(&page.text) {
            let (there, id) = link.split_once('#').unwrap_or((&link, ""));
            let outside = ["/assets", "data:", "https:"].iter().any(|one| there.starts_with(one));
            if outside || link.starts_with("#main") {
                continue;
            }
            let there = match there {
                "" => format!("{}{behind}", sari.page),
                query if query.starts_with('?') => format!("{}{query}", sari.page),
                other => other.to_owned(),
            };
            let found = sari.browser.get(&there).await;
            assert_eq!(found.status, 200, "{link}: {}", found.text);
            assert!(id.is_empty() || found.text.contains(&format!("id=\"{id}\"")), "{link}");
        }
    }
    for language in LANGUAGES {
        for behind in ["", "/milestones"] {
            sari.look(&format!("{behind}?lang={language}")).await;
        }
        let open = sari.look(&format!("?lang={language}&at={at}")).await;
        assert!(
            open.text.contains(&format!("?lang={language}"))
                || open.text.contains(&format!("lang={language}#"))
        );
    }

    // To clearance again, and its publication proposed, once.
    world.waive_findings(desk.by(), &desk.report).await;
    let now = version(&world.get(Some(desk.by()), &desk.report).await.json).to_string();
    let step = [("action", "step"), ("to", "clearance"), ("version", now.as_str())];
    sari.does(&step, "stepped").await;
    world.clear(desk.by(), &desk.report).await;
    let now = version(&world.get(Some(desk.by()), &desk.report).await.json).to_string();
    let publish =
        [("action", "publish"), ("version", now.as_str()), ("symbol", "ESCAP/GCM/2020/1")];
    says(&sari.does(&publish, "proposed").await, &["Somebody else must confirm it."]);
    says(&sari.refused(&publish, 409).await, &["role=\"alert\"", "value=\"ESCAP/GCM/2020/1\""]);
});

on_both!(whoever_may_only_suggest_suggests, |world: World| async move {
    let desk = desk(&world).await;
    let [fees, ..] = &desk.inputs[..] else { panic!() };
    let first = desk.add(&world, &desk.own, "Fees differ widely.", &[fees]).await;
    let cora = co_organizer(&world, &desk).await;
    let cora = sitting(&world, &desk, &cora).await;
    let at = id(&first);
    let page = cora.look(&format!("?at={at}")).await;
    let own = of(&page, &first);
    assert!(own.contains("value=\"suggest\"") && own.contains("Fees."), "{own}");
    for not_theirs in ["edit", "delete", "move", "add", "omit", "accept"] {
        let button = format!("name=\"action\" value=\"{not_theirs}\"");
        assert!(!page.text.contains(&button), "{not_theirs}");
    }
    // What somebody sends all the same is refused, and their words are there.
    let edit = [("action", "edit"), ("at", at), ("version", "1"), ("text", "Mine.")];
    says(&cora.refused(&edit, 403).await, &["role=\"alert\"", ">Mine.<"]);
    let add = [("action", "add"), ("section", id(&desk.own)), ("text", "Mine alone.")];
    says(&cora.refused(&add, 403).await, &["role=\"alert\"", "Mine alone."]);

    let same = [
        ("action", "suggest"),
        ("at", at),
        ("version", "1"),
        ("kind", "replace"),
        ("text", "Fees differ widely."),
    ];
    says(&cora.refused(&same, 422).await, &["Please correct this."]);
    let suggest = [
        ("action", "suggest"),
        ("at", at),
        ("version", "1"),
        ("kind", "replace"),
        ("text", "Fees vary widely."),
        ("comment", "Plainer."),
    ];
    let suggested = cora.does(&suggest, "suggested").await;
    let own = of(&suggested, &first);
    for said in ["Cora Co", "Plainer.", "differ</del>", "vary</ins>", "Take it back"] {
        assert!(own.contains(said), "{said}: {own}");
    }
    assert!(!own.contains("value=\"accept\"") && !own.contains("value=\"reject\""), "{own}");
    let insert = [
        ("action", "suggest"),
        ("at", at),
        ("version", "1"),
        ("kind", "insert_after"),
        ("text", "Elsewhere too."),
    ];
    cora.does(&insert, "suggested").await;

    let path = format!("{}/suggestions", desk.report);
    let all = world.get(Some(desk.by()), &path).await.json;
    let [replace, insert] = &all["items"].as_array().unwrap()[..] else { panic!("{all}") };
    let sari = sitting(&world, &desk, desk.by()).await;
    let page = sari.look("").await;
    says(&page, &["1 paragraph has suggestions that wait:"]);
    let about =
        |action, one| [("action", action), ("at", at), ("suggestion", id(one)), ("version", "1")];
    let comment = [&about("comment", replace)[..], &[("comment", "Agreed.")]].concat();
    says(&sari.does(&comment, "decided").await, &["Agreed."]);

    // The text changes: the three are shown, and what shall stand is asked for.
    desk.patch(&world, desk.by(), &first, json!({ "text": "Fees differ greatly." })).await;
    let overtaken = sari.refused(&about("accept", replace), 409).await;
    says(
        &overtaken,
        &[
            "The paragraph says something else since this was suggested.",
            "Fees differ widely.",
            "Fees differ greatly.",
            "name=\"seen\" value=\"2\"",
        ],
    );
    let settle =
        [&about("accept", replace)[..], &[("seen", "2"), ("text", "Fees vary greatly.")]].concat();
    sari.does(&settle, "decided").await;
    assert_eq!(desk.read(&world, &first).await.json["text"], "Fees vary greatly.");
    sari.does(&about("accept", insert), "decided").await;
    assert_eq!(last(&world, &desk, &desk.own).await["text"], "Elsewhere too.");
    says(&sari.look("").await, &["1 paragraph rests on nothing:"]);

    // One that waits when its paragraph goes is still to be decided.
    let delete = [
        ("action", "suggest"),
        ("at", at),
        ("version", "3"),
        ("kind", "delete"),
        ("text", "ignored"),
    ];
    cora.does(&delete, "suggested").await;
    sari.does(&[("action", "delete"), ("at", at), ("version", "3")], "deleted").await;
    let all = world.get(Some(desk.by()), &format!("{path}?state=open")).await.json;
    says(&sari.look("").await, &["Suggestions for paragraphs that are no more"]);
    let reject =
        [("action", "reject"), ("at", at), ("suggestion", id(&all["items"][0])), ("version", "1")];
    sari.does(&reject, "decided").await;
    let told = world.get(Some(desk.by()), &format!("{path}?state=open")).await.json;
    assert_eq!(told["items"], json!([]));
    // What came of each is told beside the history.
    let history = cora.browser.get(&format!("{}/paragraphs/{at}/history", cora.page)).await;
    is_page(&history, 200);
    says(
        &history,
        &["Rejected", "Accepted", "Agreed.", "It is suggested to remove this paragraph."],
    );
});

on_both!(whoever_may_read_nothing_finds_nothing, |world: World| async move {
    let desk = desk(&world).await;
    let [fees, ..] = &desk.inputs[..] else { panic!() };
    let first = desk.add(&world, &desk.own, "Fees differ widely.", &[fees]).await;
    let frozen = world
        .make(desk.by(), &format!("{}/milestones", desk.report), json!({ "name": "First" }))
        .await;
    let nobody = "0175db2d-9900-7012-8707-070707070707";
    let of_report = |report: &str| {
        let base = format!("/my/reports/{report}");
        [
            base.clone(),
            format!("{base}/milestones"),
            format!("{base}/milestones/{}", id(&frozen)),
            format!("{base}/milestones/{}/changes", id(&frozen)),
            format!("{base}/paragraphs/{}/history", id(&first)),
            format!("{base}/sections/{}/history", id(&desk.own)),
        ]
    };
    let (report, pat) = (desk.report.rsplit('/').next().unwrap(), world.person("Pat Plain"));
    let browser = signed_in(&world, &pat).await;
    let main = |answer: &Answer| {
        answer.text.split("<main").nth(1).unwrap().split("</main>").next().unwrap().to_owned()
    };
    let list = browser.get("/my/reports").await;
    is_page(&list, 200);
    assert!(!list.text.contains(report) && !browser.get("/my").await.text.contains("/my/reports"));
    for (there, nowhere) in of_report(report).into_iter().zip(of_report(nobody)) {
        let (there, nowhere) = (browser.get(&there).await, browser.get(&nowhere).await);
        is_page(&there, 404);
        assert_eq!(main(&there), main(&nowhere));
    }
    let page = format!("/my/reports/{report}");
    let edit = [("action", "edit"), ("at", id(&first)), ("version", "1"), ("text", "Mine.")];
    is_page(&browser.post(&page, &edit).await, 404);
    is_page(&browser.post(&format!("{page}/milestones"), &[("name", "Mine")]).await, 404);
    let history = format!("{page}/paragraphs/{}/history", id(&first));
    is_page(&browser.post(&history, &[("number", "1"), ("version", "1")]).await, 404);
    assert_eq!(desk.read(&world, &first).await.json["version"], 1);

    // One of the team finds nothing of a report under the address of another, and no form works that another site sends.
    let sari = signed_in(&world, desk.by()).await;
    for other in &of_report(nobody)[1..] {
        is_page(&sari.get(other).await, 404);
    }
    is_page(&sari.post(&format!("/my/reports/{nobody}"), &edit).await, 404);
    assert_eq!(sari.post_from("cross-site", &page, &edit).await.status, 403);
    for nonsense in ["/my/reports/x", "/my/reports/x/milestones"] {
        is_page(&sari.get(nonsense).await, 404);
    }
    is_page(&sari.post(&page, &[("action", "everything")]).await, 404);
    assert_eq!(desk.read(&world, &first).await.json["version"], 1);
});

on_both!(where_two_write_at_once_no_word_is_lost, |world: World| async move {
    let desk = desk(&world).await;
    let [fees, offices, registers, _] = &desk.inputs[..] else { panic!() };
    let first = desk.add(&world, &desk.own, "Fees differ widely.", &[fees]).await;
    let tia = desk.rapporteur(&world);
    let (sari, tia) = (sitting(&world, &desk, desk.by()).await, sitting(&world, &desk, &tia).await);
    let at = id(&first);
    for writer in [&sari, &tia] {
        assert!(of(&writer.look(&format!("?at={at}")).await, &first).contains("value=\"1\""));
    }
    let theirs = [
        ("action", "edit"),
        ("at", at),
        ("version", "1"),
        ("text", "Fees vary widely."),
        ("input", id(fees)),
        ("input", id(offices)),
    ];
    tia.does(&theirs, "saved").await;

    // Both texts, who wrote the other, what differs; ticked is what one had ticked.
    let mine = [
        ("action", "edit"),
        ("at", at),
        ("version", "1"),
        ("text", "Fees differ by a lot."),
        ("input", id(fees)),
        ("input", id(registers)),
    ];
    let conflict = sari.refused(&mine, 412).await;
    let own = of(&conflict, &first);
    for said in [
        "Nothing of yours was saved and nothing of yours is lost",
        "What is there now",
        "Tia Rapporteur",
        "Fees vary widely.",
        "Fees differ by a lot.",
        "name=\"version\" value=\"2\"",
        "(cited there now)",
    ] {
        assert!(own.contains(said), "{said}: {own}");
    }
    assert_eq!(
        own.matches("checked").count() - own.matches("type=\"radio\"").count().min(1),
        2,
        "{own}"
    );
    assert_eq!(desk.read(&world, &first).await.json["text"], "Fees vary widely.");
    let again = [
        ("action", "edit"),
        ("at", at),
        ("version", "2"),
        ("text", "Fees vary by a lot."),
        ("input", id(fees)),
        ("input", id(offices)),
        ("input", id(registers)),
    ];
    sari.does(&again, "saved").await;
    let now = desk.read(&world, &first).await.json;
    assert_eq!(
        (&now["text"], now["inputs"].as_array().unwrap().len()),
        (&json!("Fees vary by a lot."), 3)
    );

    // The paragraph goes while somebody writes: their words are there, with a place for them.
    sari.does(&[("action", "delete"), ("at", at), ("version", "3")], "deleted").await;
    let late = [
        ("action", "edit"),
        ("at", at),
        ("version", "3"),
        ("text", "Fees vary by a great deal."),
        ("input", id(fees)),
    ];
    let rescued = tia.refused(&late, 404).await;
    says(
        &rescued,
        &[
            "Your words are here",
            "Fees vary by a great deal.",
            "name=\"section\"",
            &format!("name=\"input\" value=\"{}\"", id(fees)),
        ],
    );
    // A rapporteur writes in the sections of their own group, here as there.
    assert!(!rescued.text.contains(&format!("value=\"{}\"", id(&desk.other))));
    let add = [
        ("action", "add"),
        ("section", id(&desk.own)),
        ("text", "Fees vary by a great deal."),
        ("input", id(fees)),
    ];
    tia.does(&add, "added").await;
    let add = [
        ("action", "add"),
        ("section", id(&desk.other)),
        ("text", "Fees vary by a great deal."),
        ("input", id(fees)),
    ];
    tia.refused(&add, 403).await;

    // A suggestion for what is gone is not lost either.
    let second = last(&world, &desk, &desk.own).await;
    sari.does(&[("action", "delete"), ("at", id(&second)), ("version", "1")], "deleted").await;
    let suggest = [
        ("action", "suggest"),
        ("at", id(&second)),
        ("version", "1"),
        ("kind", "replace"),
        ("text", "Fees rose."),
    ];
    says(&tia.refused(&suggest, 404).await, &["Fees rose."]);
});

on_both!(what_refers_to_nothing_is_drafted_told_and_not_cleared, |world: World| async move {
    let desk = desk(&world).await;
    let [fees, offices, ..] = &desk.inputs[..] else { panic!() };
    let first = desk.add(&world, &desk.own, "Fees differ widely.", &[fees]).await;
    let see = format!("See paragraph [](#{}).", id(&first));
    let second = desk.add(&world, &desk.own, &see, &[offices]).await;
    let gone = Request::new(Method::DELETE, &paragraph(&first)).by(Some(desk.by())).version(1);
    assert_eq!(world.send(gone).await.status, 204);
    for part in ["outline?texts=true", "waiting", "clearance/text", "draft.json", "draft.html"] {
        let read = world.get(Some(desk.by()), &format!("{}/{part}", desk.report)).await;
        assert_eq!(read.status, 200, "{part}: {}", read.text);
    }
    let sari = sitting(&world, &desk, desk.by()).await;
    let broken = sari.look("").await;
    says(
        &broken,
        &["See paragraph ?.", "leads to a paragraph or section that is not in the report"],
    );
    world.waive_findings(desk.by(), &desk.report).await;
    let seen = world.get(Some(desk.by()), &desk.report).await.json;
    assert!(!seen["allowed_actions"].as_array().unwrap().contains(&json!("clear")), "{seen}");
    // A list holds no draft against the checks.
    let all = format!("/api/v1/reviews/{}/reports", seen["review_id"].as_str().unwrap());
    let listed = world.get(Some(desk.by()), &all).await.json["items"][0].clone();
    assert_eq!(listed["id"], seen["id"]);
    assert!(listed["allowed_actions"].as_array().unwrap().contains(&json!("clear")), "{listed}");
    let step = Request::new(Method::POST, &format!("{}/state", desk.report)).by(Some(desk.by()));
    let step = step.version(version(&seen)).body(json!({ "to": "clearance" }));
    world.send(step).await.is_problem(409, "step_blocked");
    let edit = [
        ("action", "edit"),
        ("at", id(&second)),
        ("version", "1"),
        ("text", "See above."),
        ("input", id(offices)),
    ];
    let mended = sari.does(&edit, "saved").await;
    assert!(!mended.text.contains("that is not in the report"), "{}", mended.text);
});

on_both!(
    an_input_that_is_not_accepted_any_more_is_marked_where_it_is_cited,
    |world: World| async move {
        let desk = desk(&world).await;
        let [fees, ..] = &desk.inputs[..] else { panic!() };
        let first = desk.add(&world, &desk.own, "Fees differ widely.", &[fees]).await;
        let decision = json!({ "decision": "set_aside", "reason_code": "off_topic" });
        let aside = crate::inputs::decide(&world, desk.by(), fees, decision).await;
        assert_eq!(aside.status, 200, "{}", aside.text);
        let sari = sitting(&world, &desk, desk.by()).await;
        let page = sari.look("").await;
        says(&page, &["1 paragraph cites something that is not accepted any more:"]);
        let own = of(&page, &first);
        for said in ["1 is not accepted any more", "Set aside:", "<details open"] {
            assert!(own.contains(said), "{said}: {own}");
        }
    }
);
