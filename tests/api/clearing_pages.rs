//! The clearance room, walked as a browser without a script would: who is asked reads, comments, objects and agrees to exactly what the
//! page showed; who drafts answers; who clears opens a round and closes it; who reads no draft finds nothing.

use serde_json::json;

use crate::browser::{Sitting, is_page, says};
use crate::clearance::Table;
use crate::crawl::{self, HOSTILE, LANGUAGES};
use crate::harness::{Answer, Person, World, id};
use crate::on_both;
use crate::page_access::signed_in;

/// Somebody in the room.
async fn sitting<'w>(world: &'w World, table: &Table, person: &Person) -> Sitting<'w> {
    let page = table.of("clearance").replace("/api/v1/reports", "/my/reports");
    Sitting { browser: signed_in(world, person).await, page }
}

/// The form by which one agrees, as a page has it.
fn agreeing(answer: &Answer) -> Vec<(&'static str, String)> {
    let mut fields = vec![("action", "agree".to_owned())];
    for name in ["for", "sha256", "shown"] {
        let start = format!("name=\"{name}\" value=\"");
        let (_, form) = answer.text.split_once("id=\"agree\"").unwrap();
        let values = form.split(start.as_str()).skip(1).filter_map(|rest| rest.split('"').next());
        fields.extend(values.map(|value| (name, value.to_owned())));
    }
    fields
}

fn lent<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// What a page says of one paragraph, up to the next.
fn of<'a>(answer: &'a Answer, id: &str) -> &'a str {
    let start = format!("id=\"at-{id}\"");
    let (_, rest) = answer.text.split_once(&start).unwrap_or_else(|| panic!("{}", answer.text));
    rest.split("id=\"at-").next().unwrap()
}

on_both!(whoever_is_asked_reads_comments_objects_and_agrees, |world: World| async move {
    let table = Table::laid(&world).await;
    table.opened(&world).await;
    let bea = sitting(&world, &table, &table.bodies[1].members[0]).await;
    let sari = sitting(&world, &table, table.by()).await;
    let (own, other) = (id(&table.own).to_owned(), id(&table.other).to_owned());
    let page = bea.look("").await;
    says(
        &page,
        &[
            "Answers are awaited until 12 October 2020.",
            "You answer for <bdi>A union of seafarers</bdi>.",
            "It is not published without your agreement.",
            "Fees differ widely.",
            "You have not agreed to it yet.",
        ],
    );
    let draft = bea.browser.get(bea.page.trim_end_matches("/clearance")).await;
    says(&draft, &[&bea.page]);

    // A comment on some words: those have to be there, and what was typed is not lost.
    let open = bea.look(&format!("?at={own}")).await;
    assert!(of(&open, &own).contains("name=\"quote\""), "{}", of(&open, &own));
    let mut comment = vec![
        ("action", "comment"),
        ("at", &own),
        ("version", "1"),
        ("quote", "Visas"),
        ("text", HOSTILE),
    ];
    let wrong = bea.refused(&comment, 422).await;
    says(&wrong, &["These words are not in the paragraph.", "value=\"Visas\"", "ประเทศไทย"]);
    assert!(!wrong.text.contains("<script>alert"), "{}", wrong.text);
    comment[3].1 = "Fees";
    let kept = bea.does(&comment, "kept").await;
    let beside = of(&kept, &own);
    assert!(beside.contains("Not sent yet") && beside.contains(">Fees</mark>"), "{beside}");
    assert!(!of(&sari.look("").await, &own).contains("ประเทศไทย"), "its body has not said it");
    let whole = [("action", "comment"), ("text", "Well put.")];
    says(&bea.does(&whole, "kept").await, &["Well put.", "Send the comments"]);
    bea.does(&[("action", "send")], "recorded").await;

    // Whoever drafts answers every one of them.
    let page = sari.look("").await;
    says(&page, &["Well put.", "You are not asked in this round."]);
    let listed = world.get(Some(table.by()), &table.of("clearance/comments")).await.json;
    for one in listed["items"].as_array().unwrap() {
        let mut answer =
            vec![("action", "accepted"), ("comment", id(one)), ("version", "1"), ("answer", "")];
        says(&sari.refused(&answer, 422).await, &["Please write something"]);
        answer[3].1 = "It is said now.";
        says(&sari.does(&answer, "recorded").await, &["Taken into account", "It is said now."]);
        sari.refused(&answer, 412).await;
    }

    // An objection, with a reason; overridden by whoever publishes, and taken back.
    let mut object = vec![("action", "object"), ("at", &own), ("reason", "")];
    says(&bea.refused(&object, 422).await, &["Please say why, in a sentence or two."]);
    object[2].1 = "It names a village.";
    says(&bea.does(&object, "recorded").await, &["Objections", "It names a village."]);
    assert!(table.blocking(&world).await.contains(&"objection_stands".to_owned()));
    let objection = table.mine(&world, &table.bodies[1].members[0]).await;
    let objection = objection["parties"][0]["objections"][0].as_str().unwrap().to_owned();
    let go_on =
        [("action", "override"), ("objection", objection.as_str()), ("reason", "It is a city.")];
    bea.refused(&go_on, 403).await;
    says(&sari.does(&go_on, "recorded").await, &["To be published all the same", "It is a city."]);
    bea.does(&[("action", "take_back"), ("objection", &objection)], "recorded").await;
    assert!(!table.blocking(&world).await.contains(&"objection_stands".to_owned()));

    // Agreement is to exactly what was read: what changed meanwhile is shown, and nothing is recorded.
    let read = agreeing(&bea.look("").await);
    table.go(&world, "drafting").await;
    table.write(&world, table.by(), &table.own, "Fees vary widely.").await;
    let stale = bea.refused(&lent(&read), 409).await;
    says(&stale, &["Nothing was recorded.", "What changed while you were reading", "The rest"]);
    let changed = of(&stale, &own);
    assert!(changed.contains("differ</del>") && changed.contains("vary</ins>"), "{changed}");
    assert!(!of(&stale, &other).contains("<ins>"));
    let left = table.left(&world, &table.bodies[1].members[0]).await.len();
    assert!(left > 2, "{left} are left");
    let agreed = bea.does(&lent(&agreeing(&stale)), "recorded").await;
    says(&agreed, &["You agreed to all of it as it reads now.", "Agreed"]);
    assert!(table.left(&world, &table.bodies[1].members[0]).await.is_empty());

    // A later change takes back the agreement to that paragraph, which stands first.
    table.write(&world, table.by(), &table.other, "Registers help everywhere.").await;
    let page = bea.look("").await;
    says(&page, &["1 part of the text is not agreed to", "What changed since you agreed"]);
    let changed = of(&page, &other);
    assert!(changed.contains("<ins>") && !changed.contains("# "), "{changed}");
    let first = page.text.find(&format!("id=\"at-{other}\"")).unwrap();
    assert!(first < page.text.find(&format!("id=\"at-{own}\"")).unwrap(), "what changed is first");
    bea.does(&lent(&agreeing(&page)), "recorded").await;

    // Every link leads to something that is there, in every language.
    for language in LANGUAGES {
        let behind = format!("?lang={language}&at={own}");
        let page = bea.look(&behind).await;
        for link in crawl::links(&page.text) {
            let (there, at) = link.split_once('#').unwrap_or((&link, ""));
            if ["/assets", "data:", "https:"].iter().any(|one| there.starts_with(one)) {
                continue;
            }
            let there = match there {
                "" => format!("{}{behind}", bea.page),
                query if query.starts_with('?') => format!("{}{query}", bea.page),
                other => other.to_owned(),
            };
            let found = bea.browser.get(&there).await;
            assert_eq!(found.status, 200, "{link}: {}", found.text);
            assert!(at.is_empty() || found.text.contains(&format!("id=\"{at}\"")), "{link}");
        }
    }
});

on_both!(a_body_consolidates_on_the_page, |world: World| async move {
    let table = Table::laid(&world).await;
    table.opened(&world).await;
    let [ann, abe] = &table.bodies[0].members[..] else { panic!() };
    let (ann, abe) = (sitting(&world, &table, ann).await, sitting(&world, &table, abe).await);
    let page = ann.look("").await;
    says(&ann.does(&lent(&agreeing(&page)), "proposed").await, &["Proposed by a member"]);
    let mine = table.mine(&world, &table.bodies[0].members[0]).await;
    let position = id(&mine["parties"][0]["proposed"][0]).to_owned();
    let decide = |action| [("action", action), ("position", position.as_str()), ("version", "1")];
    assert!(!ann.look("").await.text.contains("value=\"confirm\""));
    ann.refused(&decide("confirm"), 403).await;
    says(&abe.look("").await, &["value=\"confirm\"", "value=\"reject\"", "Ann One"]);
    let agreed = abe.does(&decide("confirm"), "recorded").await;
    says(&agreed, &["You agreed to all of it as it reads now."]);
    assert!(table.left(&world, &table.bodies[0].members[0]).await.is_empty());
});

on_both!(whoever_clears_opens_a_round_and_closes_it, |world: World| async move {
    let table = Table::laid(&world).await;
    let sari = sitting(&world, &table, table.by()).await;
    let page = sari.look("").await;
    says(&page, &["Nobody is asked to agree to it yet.", "A house of law", "value=\"open\""]);
    let body = format!("body.{}", table.bodies[1].id);
    let person = format!("person.{}", table.deputy.id);
    assert!(page.text.contains(&body) && page.text.contains(&person), "{}", page.text);
    let mut open = vec![("action", "open"), ("ends_on", "2020-10-12")];
    says(&sari.refused(&open, 422).await, &["Please choose at least one", "2020-10-12"]);
    open.extend([("needed", body.as_str()), ("asked", person.as_str())]);
    open[1].1 = "2020-01-01";
    let late = sari.refused(&open, 422).await;
    says(&late, &["Please choose a day from today on"]);
    assert_eq!(late.text.matches(" checked").count(), 2, "what was ticked: {}", late.text);
    open[1].1 = "2020-10-12";
    let opened = sari.does(&open, "recorded").await;
    says(&opened, &["A union of seafarers", "Not agreed yet", "Dara Deputy", "Round opened"]);
    let dara = sitting(&world, &table, &table.deputy).await;
    says(&dara.look("").await, &["You are asked by name."]);

    let rounds = world.get(Some(table.by()), &table.of("clearance/rounds")).await.json;
    let round = id(&rounds["items"][0]).to_owned();
    let also = format!("body.{}", table.bodies[2].id);
    let ask =
        [("action", "ask"), ("round", round.as_str()), ("version", "1"), ("asked", also.as_str())];
    says(&sari.does(&ask, "recorded").await, &["A house of law"]);
    says(&sari.refused(&ask, 412).await, &["Somebody changed this while"]);
    let end =
        [("action", "end"), ("round", round.as_str()), ("version", "2"), ("ends_on", "2020-10-20")];
    says(&sari.does(&end, "recorded").await, &["until 20 October 2020"]);
    let parties = world.get(Some(table.by()), &table.of("clearance/rounds")).await.json;
    let asked = parties["items"][0]["asked"].as_array().unwrap();
    let needed = asked.iter().find(|one| one["needed"] == json!(true)).unwrap();
    let missing = id(&needed["party"]).to_owned();
    let go_on = [("action", "override"), ("missing", missing.as_str()), ("reason", "Asked twice.")];
    says(&sari.does(&go_on, "recorded").await, &["Asked twice."]);
    let close = [("action", "close"), ("round", round.as_str()), ("version", "3")];
    says(&sari.does(&close, "recorded").await, &["The round is closed", "Round closed"]);
    // Whoever does not clear opens and closes nothing.
    let bea = sitting(&world, &table, &table.bodies[1].members[0]).await;
    assert!(!dara.look("").await.text.contains("value=\"agree\""), "nobody answers any more");
    let page = bea.look("").await;
    assert!(page.text.contains("Asked twice."), "{}", page.text);
});

on_both!(who_reads_no_draft_finds_no_room, |world: World| async move {
    let table = Table::laid(&world).await;
    table.opened(&world).await;
    let outsider = world.person("Ola Outside");
    let ola = sitting(&world, &table, &outsider).await;
    is_page(&ola.browser.get(&ola.page).await, 404);
    let objection = [("action", "object"), ("reason", "I may not.")];
    is_page(&ola.browser.post(&ola.page, &objection).await, 404);
    // Who reads it and is not asked says nothing, and no form of theirs is there.
    let rapporteur = sitting(&world, &table, &table.rapporteur).await;
    let page = rapporteur.look("").await;
    for action in ["agree", "comment", "object", "open", "close", "override"] {
        assert!(!page.text.contains(&format!("value=\"{action}\"")), "{action}");
    }
    says(&rapporteur.refused(&objection, 403).await, &["I may not."]);
    is_page(&rapporteur.browser.post(&rapporteur.page, &[("action", "x")]).await, 404);
});
