//! Who sees which page: every page that is mounted is opened as every role, and who gets to it is compared with the table below.
//! Everybody else is led to sign in, or told that there is no such page: in HTML, never a dead end.

use std::collections::BTreeSet;
use std::path::Path;

use rapporteur::accounts::sign_ins::service as sign_ins;
use rapporteur::i18n::Language;
use rapporteur::work::Credentials;

use crate::access::{PUBLIC, scene};
use crate::browser::{Browser, is_page};
use crate::harness::{Person, World};
use crate::on_both;

/// Letters as in the table of operations (`access.rs`).
const ALL: &str = "NKPRASOCHMFTD";
const SIGNED: &str = "PRASOCHMFTD";
/// Who reads drafts.
const DRAFTS: &str = "SCHMFTD";
/// A form that is sent and has no page of its own.
const SENT_ONLY: &str = "";

#[rustfmt::skip]
const PAGES: &[(&str, &str)] = &[
    ("/in/{token}", SENT_ONLY), // A 404 for a token that there is not; tests/api/pages.rs has those that there are.
    ("/", ALL), ("/privacy", ALL), ("/accessibility", ALL), ("/languages", ALL),
    ("/consultations/{consultation_id}", ALL), ("/register/{consultation_id}", ALL),
    ("/reports/{report_id}", ""), // Not published: for nobody; tests/api/public_pages.rs publishes one.
    ("/reports/{report_id}/differences", ""), ("/reports/{report_id}/editions/{number}/paragraphs/{paragraph}", ""),
    // Nothing is published in the scene: no recommendation is there for anybody.
    ("/reviews/{review_id}/recommendations", ALL), ("/recommendations/{recommendation_id}", ""),
    ("/my/reviews/{review_id}/recommendations", "S"), ("/my/recommendations/{recommendation_id}", ""),
    ("/my", SIGNED), ("/my/sign-in", ALL), ("/my/sign-out", SENT_ONLY), ("/my/password", SENT_ONLY), ("/my/account", SIGNED), ("/my/data.json", SIGNED),
    ("/my/organizations", SIGNED),
    ("/my/consultations/{consultation_id}", "R"), ("/my/consultations/{consultation_id}/edit", "R"),
    ("/my/consultations/{consultation_id}/receipt", SIGNED), ("/my/consultations/{consultation_id}/draft", "RSCHMFTD"),
    ("/my/reports", SIGNED), ("/my/reports/{report_id}", DRAFTS), ("/my/reports/{report_id}/clearance", DRAFTS),
    ("/my/reports/{report_id}/clearance/template", DRAFTS), ("/my/reports/{report_id}/clearance/template.xlsx", DRAFTS),
    ("/my/reports/{report_id}/clearance/template.docx", DRAFTS), ("/my/reviews/{review_id}/waiting", DRAFTS),
    ("/my/reports/{report_id}/compilation", ""), // The scene's report is no paper.
    ("/my/reports/{report_id}/paragraphs/{paragraph_id}/history", DRAFTS), ("/my/reports/{report_id}/sections/{section_id}/history", DRAFTS),
    ("/my/reports/{report_id}/milestones", DRAFTS), ("/my/reports/{report_id}/milestones/{milestone_id}", DRAFTS),
    ("/my/reports/{report_id}/milestones/{milestone_id}/changes", DRAFTS), ("/my/reports/{report_id}/returned", "ST"),
    ("/my/reports/{report_id}/masthead", DRAFTS), ("/my/reports/{report_id}/translations", DRAFTS),
    ("/my/reports/{report_id}/translations/{language}", DRAFTS), ("/my/reports/{report_id}/translations/{language}/text", DRAFTS),
    ("/my/proposals/{proposal_id}", "ASD"), ("/my/appeals/{appeal_id}", "PASO"),
    // Nobody's session reaches there: without a receipt it is asked for.
    ("/say/{consultation_id}", ALL), ("/say/{consultation_id}/mine", ALL), ("/say/{consultation_id}/draft", ALL),
];

/// Addresses as they are mounted, read from where they are.
fn mounted() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    mounted_below(Path::new("src/pages"), &mut found);
    found
}

fn mounted_below(folder: &Path, found: &mut BTreeSet<String>) {
    for inside in std::fs::read_dir(folder).unwrap() {
        let path = inside.unwrap().path();
        let Ok(text) = std::fs::read_to_string(path.join("mod.rs")) else { continue };
        for start in [".resource(", ".route("] {
            let said = text.split(start).skip(1).filter_map(|rest| {
                let path = rest.trim_start().strip_prefix('"')?;
                path.split('"').next()
            });
            found.extend(said.filter(|path| path.starts_with('/')).map(str::to_owned));
        }
        mounted_below(&path, found);
    }
}

#[test]
fn the_table_knows_every_page_and_no_other() {
    let known: BTreeSet<String> = PAGES.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(known, mounted());
}

/// A browser in which somebody is signed in.
pub async fn signed_in<'w>(world: &'w World, person: &Person) -> Browser<'w> {
    let browser = Browser::new(world);
    let link = world.app.write_blocking(&Credentials::Operator, |work| {
        let email = person.email.parse().unwrap();
        sign_ins::single_link(work, &email, Language::English, "/my".to_owned())
    });
    let link = link.unwrap();
    let path = link.strip_prefix(&world.app.settings.server.public_url).unwrap();
    is_page(&browser.post(path, &[("action", "enter")]).await, 200);
    browser
}

on_both!(every_page_is_seen_by_who_may_and_a_dead_end_for_nobody, |world: World| async move {
    let scene = scene(&world).await;
    let mut wrong = Vec::new();
    for (who, person) in &scene.people {
        let browser = match person {
            Some(person) => signed_in(&world, person).await,
            None => Browser::new(&world),
        };
        for (template, allowed) in PAGES {
            let path = scene.ids.iter().fold((*template).to_owned(), |path, (key, value)| {
                path.replace(&format!("{{{key}}}"), value)
            });
            let answer = browser.get(&path).await;
            let at = browser.at();
            let through = answer.status == 200 && at.split('?').next() == Some(path.as_str());
            if through != allowed.contains(*who) {
                wrong.push(format!("{path} as {who}: {} at {at}", answer.status));
            }
            let kind = answer.header("content-type");
            let files = [".json", ".xlsx", ".docx", "/organizations"];
            let is_data = files.iter().any(|end| template.ends_with(end));
            if !(kind.starts_with("text/html") || through && is_data) || answer.status >= 500 {
                wrong.push(format!("{path} as {who}: {} {kind}", answer.status));
            }
            // The one participant's name is on pages of their own only.
            if *who != 'R' && answer.text.contains("Zyxwvut") && !"AS".contains(*who) {
                wrong.push(format!("{path} as {who}: names somebody"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} surprises:\n{}", wrong.len(), wrong.join("\n"));
});

/// An id of nothing.
const NOWHERE: &str = "0175db2d-9900-7012-8707-070707070707";

// As access::who_is_refused_does_not_learn_what_there_is does of operations: looking at a page, and sending its form.
on_both!(no_page_tells_who_does_not_get_to_it_what_there_is, |world: World| async move {
    let scene = scene(&world).await;
    let filled = |template: &str| {
        scene.ids.iter().fold(template.to_owned(), |path, (key, value)| {
            path.replace(&format!("{{{key}}}"), value)
        })
    };
    let (mut told, mut asked) = (Vec::new(), 0);
    for (who, person) in &scene.people {
        let browser = match person {
            Some(person) => signed_in(&world, person).await,
            None => Browser::new(&world),
        };
        for (private, value) in &scene.ids {
            let named = format!("{{{private}}}");
            let theirs: Vec<&(&str, &str)> =
                PAGES.iter().filter(|(template, _)| template.contains(&named)).collect();
            // Who gets to a page of a thing knows that it is there.
            let knows = theirs.iter().any(|(_, allowed)| allowed.contains(*who));
            if !private.ends_with("_id") || PUBLIC.contains(private) || knows {
                continue;
            }
            for (template, _) in theirs {
                let (there, nowhere) =
                    (filled(template), filled(&template.replace(&named, NOWHERE)));
                for sent in [false, true] {
                    let ask = async |path: &str| {
                        let answer = if sent {
                            browser.post(path, &[]).await
                        } else {
                            browser.get(path).await
                        };
                        let unnamed = |text: &str| text.replace(value, "…").replace(NOWHERE, "…");
                        (answer.status, unnamed(&browser.at()), unnamed(&answer.text))
                    };
                    let (one, other) = (ask(&there).await, ask(&nowhere).await);
                    asked += 1;
                    if one != other {
                        let how = if sent { "sent" } else { "looked at" };
                        told.push(format!(
                            "{template} as {who}, {how}, by {private}: {} at {}, and else {} at {}",
                            one.0, one.1, other.0, other.1
                        ));
                    }
                }
            }
        }
    }
    assert!(asked > 200, "only {asked} were asked");
    assert!(told.is_empty(), "{} tell:\n{}", told.len(), told.join("\n"));
});
