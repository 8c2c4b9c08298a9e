//! Nobody learns who said what: a contributor with a distinctive name brings in an input, then every GET of the OpenAPI
//! document is asked as every other role and every answer is searched for the name and the address.
//! Not here yet: exports of published editions and papers, recorded inputs, and the search through the database's tables.

use reqwest::Method;

use crate::access::{operations, scene};
use crate::harness::World;
use crate::on_both;

/// What shows names to those who run the instance or decide on registrations; `access.rs` says who they are.
const MAY_NAME: &[&str] = &["list_registrations", "read_registration", "list_accounts", "list_mails"];

on_both!(no_other_role_reads_the_contributors_name_in_any_answer, |world: World| async move {
    let scene = scene(&world).await;
    let mut asked = 0;
    for (name, method, template) in operations() {
        if method != Method::GET || MAY_NAME.contains(&name.as_str()) {
            continue;
        }
        let mut path = template.clone();
        for (key, value) in &scene.ids {
            path = path.replace(&format!("{{{key}}}"), value);
        }
        let paths = match name.as_str() {
            "export_draft" => ["json", "md", "html"].map(|kind| path.replace("draft.json", &format!("draft.{kind}"))).to_vec(),
            _ => vec![path],
        };
        for path in paths {
            for (who, person) in scene.people.iter().filter(|(who, _)| *who != 'R') {
                let text = world.get(person.as_ref(), &path).await.text.to_lowercase();
                assert!(!text.contains("zyxwvut") && !text.contains("qwertz"), "{path} tells {who}: {text}");
                asked += 1;
            }
        }
    }
    assert!(asked > 300, "{asked}");
    for path in ["/metrics", "/openapi.json"] {
        assert!(!world.get(None, path).await.text.to_lowercase().contains("zyxwvut"), "{path}");
    }
    let own = scene.people.iter().find(|(who, _)| *who == 'R').and_then(|(_, person)| person.as_ref());
    assert!(world.get(own, "/api/v1/me").await.text.contains("Zyxwvut"), "this test would notice");
});
